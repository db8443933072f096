package dev.pollux.engines.io;

/// A [RawWire] as threads see it that may sleep in it.
///
/// One thread receives, and one at a time sends. Any thread may wake or reset them until
/// [#close()], which the connection calls when nobody is inside any more: a descriptor closed under
/// a sleeper may be somebody else's when it wakes.
public interface BlockingWire extends RawWire {
    /// Sleeps until bytes come.
    ///
    /// @param address where they go
    /// @param size how many fit, more than 0
    /// @return how many came, 0 at the end of input, or `-errno`
    int receiveSleeping(long address, int size);

    /// {@return whether [#send] and [#sendGathered] never sleep; otherwise they do where there is
    /// no room, and only a thread that may sleep calls them}
    boolean canTry();

    /// Sleeps until there is room for some bytes, and sends them.
    ///
    /// @param address where the bytes are
    /// @param size how many, more than 0
    /// @return how many were taken, or `-errno`
    int sendSleeping(long address, int size);

    /// {@return whether there is room by now, so that a thread in [#sendSleeping] is about to wake;
    /// false when that is not known}
    default boolean hasRoom() {
        return false;
    }

    /// Wakes a thread that sleeps in receiving, now and from now on; the peer notices nothing.
    void wake();

    /// Wakes threads that sleep in receiving or sending, now and from now on, and makes the coming
    /// [#close()] a reset, where the transport has one.
    void reset();
}
