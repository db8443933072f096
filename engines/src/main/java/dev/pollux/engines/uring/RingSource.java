package dev.pollux.engines.uring;

/// Something with requests in a [Ring]: a socket, a door, the wakeup. Belongs to the loop's thread.
interface RingSource {
    /// A request of this source has completed, or one that completes again and again has come one
    /// step further.
    ///
    /// @param operation which, as given to [RingSources#mark]
    /// @param result what the system call of its name would return: a value >= 0, or `-errno`
    /// @param flags `IORING_CQE_F_...`
    void completed(int operation, int result, int flags);

    /// Serving a completion has thrown something: that is to cost nobody else.
    void failed(Throwable e);

    /// The ring has failed: nothing that is under way will be told of any more.
    default void lost() {}

    /// The loop ends: no new requests, and those under way come to an end. Once nothing is under
    /// way any more the source takes itself out of [RingSources].
    void end();
}
