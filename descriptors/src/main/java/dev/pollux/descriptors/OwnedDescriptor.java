package dev.pollux.descriptors;

import dev.pollux.libc.ErrnoException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;

/// A descriptor that belongs to an object, and is closed with it.
///
/// **Closing.** From any thread, once or more often. A call that is under way in another thread
/// keeps the number from being given to somebody else: it is given back to the system when that
/// call has returned. A thread that waits in a socket is woken by this, with a
/// [java.nio.channels.AsynchronousCloseException], which ends the connection for all duplicates of
/// the descriptor, too. One that waits in a pipe or a terminal sleeps on until something arrives,
/// one that waits for room in the queue of another Unix domain socket, to connect or for a
/// datagram, until there is some. Afterwards every call throws a [ClosedChannelException], and
/// [#fd] is -1. One that is forgotten instead is closed when the collector finds it, with a warning
/// in the system log.
///
/// **Blocking.** A fresh one blocks, as the kernel's do, unless its class says that it never does,
/// which holds until `setBlocking(true)`. Whoever watches it with a selector wants
/// `setBlocking(false)`: a call that would have to wait returns at once then, with nothing. A wait
/// is not ended by signals nor by [Thread#interrupt]. A virtual thread would keep its carrier while
/// it waits in the kernel, and a few would stop all others: so a call that may wait throws an
/// [IllegalStateException] there.
///
/// **Errors.** What the kernel refuses is an [ErrnoException] with the call and the descriptor.
public sealed interface OwnedDescriptor extends Descriptor, Channel
        permits ByteStream,
                Epoll,
                EventFd,
                Inotify,
                Kqueue,
                OpenDescriptor,
                PidFd,
                PipeSink,
                PipeSource,
                SignalFd,
                SocketDescriptor,
                TimerFd {
    /// {@return who counts the uses of the descriptor, and closes it}
    Ownership ownership();

    @Override
    default int fd() {
        return ownership().fd();
    }

    @Override
    default boolean isOpen() {
        return ownership().isOpen();
    }

    /// Gives the descriptor back. Does nothing if it is closed already.
    ///
    /// @throws ErrnoException if the kernel reports an error that it had kept for this moment, as
    ///   `EIO` of a file; the descriptor is closed all the same
    @Override
    default void close() throws ErrnoException {
        ownership().close();
    }

    /// {@return whether calls wait, as the open file's flag says (`O_NONBLOCK`)}
    ///
    /// @throws ClosedChannelException if it is closed
    /// @throws ErrnoException if the kernel does not tell
    default boolean isBlocking() throws ErrnoException, ClosedChannelException {
        return ownership().isBlocking();
    }

    /// Changes the open file's flag (`O_NONBLOCK`), which all duplicates of the descriptor share,
    /// in other processes too.
    ///
    /// @param blocking whether calls wait
    /// @throws ClosedChannelException if it is closed
    /// @throws ErrnoException if the kernel refuses it
    default void setBlocking(boolean blocking) throws ErrnoException, ClosedChannelException {
        ownership().setBlocking(blocking);
    }

    /// Gives the number away: this object is closed then, and the descriptor is not.
    ///
    /// @return the number, which is the caller's to close
    /// @throws ClosedChannelException if it is closed
    /// @throws IllegalStateException if a call is under way in another thread
    default int detach() throws ClosedChannelException {
        return ownership().detach();
    }
}
