package dev.pollux.engines.blocking;

import dev.pollux.libc.Errno;
import java.net.SocketAddress;

/// One open stream as threads see it that may sleep in it: raw calls in the `-errno` convention. It
/// decides nothing; [BlockingConnection] does.
///
/// One thread receives, and one at a time sends. Any thread may wake or reset them until
/// [#close()], which the connection calls when nobody is inside any more: a descriptor closed under
/// a sleeper may be somebody else's when it wakes.
interface BlockingWire {
    /// {@return its descriptor, for messages; -1 when the JDK hides it}
    int fd();

    /// Sleeps until bytes come.
    ///
    /// @param address where they go
    /// @param size how many fit, more than 0
    /// @return how many came, 0 at the end of input, or `-errno`
    int receive(long address, int size);

    /// {@return whether nothing can follow the end of input that was received last}
    default boolean isEndFinal() {
        return true;
    }

    /// {@return whether [#send] and [#sendGathered] never sleep; otherwise they do where there is
    /// no room, and only a thread that may sleep calls them}
    boolean canTry();

    /// Sends what there is room for.
    ///
    /// @param address where the bytes are
    /// @param size how many, more than 0
    /// @return how many were taken, or `-errno`
    int send(long address, int size);

    /// Sends what there is room for, from several places at once.
    ///
    /// @param iov an array of `struct iovec` { void *base; size_t length; }
    /// @param count how many of them, at most 1024
    /// @return how many bytes were taken, or `-errno`
    int sendGathered(long iov, int count);

    /// Sleeps until there is room for some bytes, and sends them.
    ///
    /// @param address where the bytes are
    /// @param size how many, more than 0
    /// @return how many were taken, or `-errno`
    int sendSleeping(long address, int size);

    /// {@return how much of what was sent the peer has not taken yet, a number that falls when it
    /// takes something; or `-errno` when nobody knows}
    default int untaken() {
        return -Errno.EOPNOTSUPP;
    }

    /// {@return whether there is room by now, so that who sleeps in [#sendSleeping] is about to
    /// wake; false when nobody knows}
    default boolean hasRoom() {
        return false;
    }

    /// Ends the sending half: the peer sees the end of input after the last byte.
    ///
    /// @return whether the peer's own end can be waited for
    boolean shutdownOutput();

    /// Wakes who sleeps in [#receive], now and from now on; the peer notices nothing.
    void wake();

    /// Wakes who sleeps in receiving or sending, now and from now on, and makes the coming
    /// [#close()] a reset, where the transport has one.
    void reset();

    /// Closes it. Called once.
    void close();

    /// {@return the peer's address}
    SocketAddress peer();
}
