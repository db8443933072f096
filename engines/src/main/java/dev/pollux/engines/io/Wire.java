package dev.pollux.engines.io;

import dev.pollux.libc.Errno;

/// A [RawWire] as loops see it: no call blocks. Beside what a send says there, it may say that it
/// goes on by itself.
///
/// Belongs to the thread of its connection.
public interface Wire extends RawWire {
    /// What a send returns that the kernel decides later, but before the loop's next events: the
    /// memory stays as it is until `SendQueue.completed` is called. Also what [#untaken()] returns
    /// when `Deadlines.untaken` is told soon.
    int PENDING = Integer.MIN_VALUE;

    /// What a send returns that was not taken at once, and goes on by itself until the peer has
    /// made room, however long that takes: the memory stays as it is until `SendQueue.completed` is
    /// called.
    int WAITING = PENDING + 1;

    /// What a receive returns that is not to take what is there, but to be tried again in a while.
    int LATER = WAITING + 1;

    /// {@return what is registered with the selector}
    Object fileobj();

    /// Receives into memory what is there. A wire that receives by itself has nothing to be asked
    /// for: its connection's `Receiver` is told.
    ///
    /// @param address where to
    /// @param size how many bytes fit, more than 0
    /// @return how many came, 0 at the end of input, [#LATER], or `-errno`
    default int receive(long address, int size) {
        return -Errno.EAGAIN;
    }

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

    /// Makes the coming [#close()] a reset, where the transport has one.
    void resetOnClose();

    /// {@return whether somebody else has opened it: it takes no place of those that are limited}
    default boolean isAdopted() {
        return false;
    }

    /// Closes it.
    ///
    /// @param reset whether with a reset, where the transport has one
    default void close(boolean reset) {
        if (reset) {
            resetOnClose();
        }
        close();
    }
}
