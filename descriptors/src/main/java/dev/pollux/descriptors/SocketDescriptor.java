package dev.pollux.descriptors;

import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Sockets;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.ClosedChannelException;

/// A descriptor that is a socket: it has an address and options.
public sealed interface SocketDescriptor extends OwnedDescriptor
        permits DatagramSocket, ListeningSocket, StreamSocket {
    /// {@return the socket's own address; before it is bound, the kernel's answer to that}
    ///
    /// @throws ClosedChannelException if it is closed
    /// @throws ErrnoException if the kernel does not tell
    default SocketAddress localAddress() throws ClosedChannelException, ErrnoException {
        int fd = ownership().begin();
        try {
            return Sockets.localAddress(fd);
        } finally {
            ownership().end();
        }
    }

    /// Changes an option: of [java.net.StandardSocketOptions] or [MoreSocketOptions], by its name.
    ///
    /// @param <T> the type of its value
    /// @param option which
    /// @param value its value; -1 for no `SO_LINGER`
    /// @throws UnsupportedOperationException if there is no such option
    /// @throws ClosedChannelException if it is closed
    /// @throws ErrnoException if the kernel refuses it, as for another kind of socket
    default <T> void setOption(SocketOption<T> option, T value)
            throws ClosedChannelException, ErrnoException {
        int fd = ownership().begin();
        try {
            OptionCalls.set(fd, option, value);
        } finally {
            ownership().end();
        }
    }

    /// {@return the value of an option, as the kernel has it: Linux says twice the bytes of
    /// `SO_SNDBUF` and `SO_RCVBUF` that were asked for}
    ///
    /// @param <T> the type of its value
    /// @param option of [java.net.StandardSocketOptions] or [MoreSocketOptions], by its name
    /// @throws UnsupportedOperationException if there is no such option
    /// @throws ClosedChannelException if it is closed
    /// @throws ErrnoException if the kernel does not tell
    default <T> T getOption(SocketOption<T> option) throws ClosedChannelException, ErrnoException {
        int fd = ownership().begin();
        try {
            return OptionCalls.get(fd, option);
        } finally {
            ownership().end();
        }
    }
}
