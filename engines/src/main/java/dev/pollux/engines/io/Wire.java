package dev.pollux.engines.io;

import dev.pollux.libc.Errno;
import java.net.SocketAddress;

/// One open socket, or another descriptor, as the kernel or the JDK offers it: raw calls that never
/// block, in the `-errno` convention. It decides nothing; `Connection` does.
///
/// Belongs to the thread of its connection.
public interface Wire {
    /// What a send returns that the kernel decides later, but before the loop's next events: the
    /// memory stays as it is until `SendQueue.completed` is called.
    int PENDING = Integer.MIN_VALUE;

    /// What a send returns that was not taken at once, and goes on by itself until the peer has
    /// made room, however long that takes: the memory stays as it is until `SendQueue.completed` is
    /// called.
    int WAITING = PENDING + 1;

    /// What a receive returns that is not to take what is there, but to be tried again in a while.
    int LATER = WAITING + 1;

    /// {@return what is registered with the selector}
    Object fileobj();

    /// {@return its descriptor, for messages; -1 when the JDK hides it}
    int fd();

    /// Receives into memory.
    ///
    /// @param address where to
    /// @param size how many bytes fit, more than 0
    /// @return how many came, 0 at the end of input, [#LATER], or `-errno`
    int receive(long address, int size);

    /// {@return whether nothing can follow the end of input that was received last}
    default boolean isEndFinal() {
        return true;
    }

    /// Sends from memory.
    ///
    /// @param address where from
    /// @param size how many bytes, more than 0
    /// @return how many were taken, [#PENDING], [#WAITING], or `-errno`
    int send(long address, int size);

    /// Sends from several places at once.
    ///
    /// @param iov an array of `struct iovec` { void *base; size_t length; }
    /// @param count how many of them, at most 1024
    /// @return how many bytes were taken, [#PENDING], [#WAITING], or `-errno`
    int sendGathered(long iov, int count);

    /// {@return whether sends return [#PENDING] or [#WAITING], and so may use the memory later}
    default boolean sendsLater() {
        return false;
    }

    /// {@return whether [#sendNow] can send now, for less than it costs to copy so much}
    ///
    /// @param size how many bytes
    default boolean canSendNow(int size) {
        return !sendsLater();
    }

    /// Sends from memory that is the caller's again as soon as this returns. Called only where
    /// [#canSendNow] has just said so, and no other send is under way.
    ///
    /// @param address where from
    /// @param size how many bytes, more than 0
    /// @return how many were taken, or `-errno`
    default int sendNow(long address, int size) {
        return send(address, size);
    }

    /// Completes a send that is [#WAITING] if it has been taken by now, so that it is not judged by
    /// what was a moment ago.
    default void decideSend() {
        // No send waits.
    }

    /// Makes a send that is [#WAITING] complete soon, as the connection has failed.
    default void cancelSend() {
        // No send waits.
    }

    /// Asks how much of what was sent the peer has not taken yet: a number that falls when it takes
    /// something.
    ///
    /// @return that; or [#PENDING], when `Deadlines.untaken` is told soon; or `-errno` when nobody
    ///   knows, and only a send can find out whether there is more room
    default int untaken() {
        return -Errno.EOPNOTSUPP;
    }

    /// Ends the sending half: the peer sees the end of input after the last byte.
    ///
    /// @return whether the peer's own end can be waited for
    boolean shutdownOutput();

    /// Makes the coming [#close()] a reset, where the transport has one.
    void resetOnClose();

    /// {@return whether somebody else has opened it: it takes no place of those that are limited}
    default boolean isAdopted() {
        return false;
    }

    /// Closes it. Called once.
    void close();

    /// Closes it.
    ///
    /// @param reset whether with a reset, where the transport has one
    default void close(boolean reset) {
        if (reset) {
            resetOnClose();
        }
        close();
    }

    /// {@return the peer's address}
    SocketAddress peer();
}
