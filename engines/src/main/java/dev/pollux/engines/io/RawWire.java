package dev.pollux.engines.io;

import dev.pollux.libc.Errno;
import java.net.SocketAddress;

/// One open socket, or another descriptor, as the kernel or the JDK offers it: raw calls in the
/// `-errno` convention. It decides nothing; connections do.
///
/// What loops and threads ask of it alike: loops go on with [Wire], threads that may sleep with
/// [BlockingWire].
public interface RawWire {
    /// {@return its descriptor, for messages; -1 when the JDK hides it}
    int fd();

    /// {@return whether nothing can follow the end of input that was received last}
    default boolean isEndFinal() {
        return true;
    }

    /// Sends from memory what there is room for.
    ///
    /// @param address where from
    /// @param size how many bytes, more than 0
    /// @return how many were taken, or `-errno`
    int send(long address, int size);

    /// Sends from several places at once what there is room for.
    ///
    /// @param iov an array of `struct iovec` { void *base; size_t length; }
    /// @param count how many of them, at most 1024
    /// @return how many bytes were taken, or `-errno`
    int sendGathered(long iov, int count);

    /// {@return how much of what was sent the peer has not taken yet, a number that falls when it
    /// takes something; or `-errno` when that is not known, and only a send can find out whether
    /// there is more room}
    default int untaken() {
        return -Errno.EOPNOTSUPP;
    }

    /// Ends the sending half: the peer sees the end of input after the last byte.
    ///
    /// @return whether the peer's own end can be waited for
    boolean shutdownOutput();

    /// Closes it. Called once.
    void close();

    /// {@return the peer's address}
    SocketAddress peer();
}
