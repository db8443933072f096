package dev.pollux.engines;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/// What a [Protocol] talks through: one connection's outbound queue and its controls.
///
/// Every method may be called from any thread and none blocks. Calls from the connection's own
/// thread take effect in order with what it does; calls from other threads are handed over to it in
/// the order in which they were made. After the connection is over they do nothing.
///
/// **Bounded.** Bytes wait in the queue when the peer does not take them. Once it is not
/// [#isWritable()] a polite protocol stops producing until [Protocol#writable()]; above
/// [Limits#outboundBytesMax()] the connection is cut off with
/// [DisconnectedException.Reason#SLOW_RECEIVER], so that nobody else waits for it. What another
/// thread writes counts from the call on, with 128 bytes for each write until it is queued; what
/// goes beyond the limit is dropped at once. Above [Limits#memoryBytesMax()] for all connections
/// together those that hold the most are cut off with [DisconnectedException.Reason#OVER_BUDGET].
///
/// **Gathered.** What is written during one turn of the loop leaves with one system call at its
/// end; only a large piece of a direct buffer, which nothing waits before, may leave at once.
public interface Transport {
    /// Queues the bytes between position and limit. They are sent or copied: the buffer may be
    /// reused at once.
    ///
    /// @param bytes heap or direct; consumed (its position moves to its limit). No other thread may
    ///   free its memory meanwhile, as by closing a shared arena
    void write(ByteBuffer bytes);

    /// Queues bytes by reference: one encoding serves all receivers. The transport retains them for
    /// as long as it needs; the caller keeps its own reference and releases it. Few bytes behind
    /// others, and what fits into the memory that those before it wait in, may be copied instead.
    ///
    /// @param bytes the shared bytes
    void write(SharedBytes bytes);

    /// Closes after what is queued has been sent: the peer gets every byte, then the end of input.
    /// Nothing is received any more.
    void close();

    /// Closes now: what is queued is dropped, and the peer gets a reset where the transport has
    /// one.
    void abort();

    /// Stops receiving: the peer is slowed down by its own full buffers. Idempotent.
    void pauseReading();

    /// Receives again, beginning with what was left unread. Idempotent.
    void resumeReading();

    /// {@return how many bytes are queued and not yet taken by the kernel}
    long queuedBytes();

    /// {@return whether no more is queued than [Limits#outboundHighMark()], so that a polite
    /// protocol may go on producing} On the connection's own thread false is also a promise, as
    /// long as only that thread writes: [Protocol#writable()] will be called.
    boolean isWritable();

    /// {@return the peer's address; of a Unix domain client, which has no name, an empty path}
    SocketAddress peer();

    /// {@return false once the connection is closing or over: what is written now is dropped}
    boolean isOpen();

    /// Runs a task on the connection's own thread, in order with its callbacks. Dropped when the
    /// connection ends before.
    ///
    /// @param task what to run; like a protocol's method it must not block
    void execute(Runnable task);

    /// Runs a task on the connection's own thread after a delay; never early, and late by at most
    /// about 10 ms on an idle loop. Tasks of the same time run in the order in which they were
    /// scheduled. Dropped when the connection ends before.
    ///
    /// @param delay how long, zero or more
    /// @param task what to run; must not block
    /// @return the handle that cancels it
    Timer schedule(Duration delay, Runnable task);

    /// A task that waits for its time.
    @FunctionalInterface
    interface Timer {
        /// Makes sure that the task does not run from now on. From the connection's own thread that
        /// is certain; from another one it may just be running. Idempotent.
        void cancel();
    }
}
