package dev.pollux.descriptors;

import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import dev.pollux.libc.SocketAddresses;
import dev.pollux.libc.Sockets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import org.jspecify.annotations.Nullable;

/// A socket that takes connections.
///
/// ```java
/// try (ListeningSocket door = ListeningSocket.open(new InetSocketAddress("127.0.0.1", 9999))) {
///     StreamSocket peer = door.accept();
/// }
/// ```
///
/// A Unix domain path must not exist yet, and closing does not remove it.
public final class ListeningSocket implements SocketDescriptor {
    /// How many connections may wait to be accepted where nobody says otherwise.
    public static final int BACKLOG = 1024;

    private final Ownership ownership;

    private ListeningSocket(int fd, boolean blocking) {
        ownership = Ownership.of(fd, Ownership.Kind.SOCKET, "a ListeningSocket", blocking);
    }

    /// Opens a socket that takes connections, with the usual backlog. An internet address may be
    /// bound again while old connections of it linger (`SO_REUSEADDR`).
    ///
    /// @param local an internet or Unix domain address; port 0 lets the kernel choose
    /// @return the socket, which blocks
    /// @throws ErrnoException if the kernel refuses it, as `EADDRINUSE`
    public static ListeningSocket open(SocketAddress local) throws IOException {
        return open(local, BACKLOG);
    }

    /// Opens a socket that takes connections. An internet address may be bound again while old
    /// connections of it linger (`SO_REUSEADDR`).
    ///
    /// @param local an internet or Unix domain address; port 0 lets the kernel choose
    /// @param backlog how many connections may wait to be accepted; the kernel has a limit of its
    ///   own, `somaxconn`
    /// @return the socket, which blocks
    /// @throws IOException an [ErrnoException] if the kernel refuses it, as `EADDRINUSE`
    public static ListeningSocket open(SocketAddress local, int backlog) throws IOException {
        ListeningSocket socket = open(Families.of(local));
        try {
            if (local instanceof InetSocketAddress) {
                socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            }
            socket.bind(local, backlog);
            return socket;
        } catch (Throwable t) {
            socket.close();
            throw t;
        }
    }

    /// Opens a socket that takes no connections yet, for options that it must have before.
    ///
    /// @param family [java.net.StandardProtocolFamily]
    /// @return the socket, which blocks
    /// @throws ErrnoException if the kernel refuses it
    public static ListeningSocket open(ProtocolFamily family) throws ErrnoException {
        return new ListeningSocket(Families.socket(family, Sockets.SOCK_STREAM), true);
    }

    /// Takes over a descriptor that is open, as one that a service supervisor has passed.
    ///
    /// @param descriptor a stream socket that listens; it is closed as an object, and the socket
    ///   lives on
    /// @return the socket
    /// @throws IllegalArgumentException if it is something else
    /// @throws IOException if the kernel does not tell what it is
    public static ListeningSocket adopt(OpenDescriptor descriptor) throws IOException {
        Families.require(descriptor, Sockets.SOCK_STREAM, true);
        boolean blocking = descriptor.isBlocking();
        return new ListeningSocket(descriptor.detach(), blocking);
    }

    @Override
    public Ownership ownership() {
        return ownership;
    }

    /// Binds the socket and takes connections from now on.
    ///
    /// @param local an internet or Unix domain address; port 0 lets the kernel choose
    /// @param backlog how many connections may wait to be accepted
    /// @throws IOException an [ErrnoException] if the kernel refuses it, as `EADDRINUSE`
    public void bind(SocketAddress local, int backlog) throws IOException {
        Families.bind(ownership, local);
        int fd = ownership.begin();
        try {
            ErrnoException.check(Sockets.listen(fd, backlog), "listen", fd);
        } finally {
            ownership.end();
        }
    }

    /// Takes a connection, and waits for one if calls wait.
    ///
    /// @return the connection, which blocks; null if there is none now and calls do not wait. One
    ///   that has gone again is passed over
    /// @throws IOException an [ErrnoException] if the kernel refuses it, as `EMFILE`: the
    ///   connection stays in the backlog then, and the socket readable
    public @Nullable StreamSocket accept() throws IOException {
        return accept(true);
    }

    /// Takes a connection that is not to block, as [#accept()] and `setBlocking(false)` in one
    /// call.
    ///
    /// @return the connection; null if there is none now and calls do not wait
    /// @throws IOException an [ErrnoException] if the kernel refuses it
    public @Nullable StreamSocket acceptNonBlocking() throws IOException {
        return accept(false);
    }

    private @Nullable StreamSocket accept(boolean blocking) throws IOException {
        int fd = ownership.beginWait();
        try {
            long address = ThreadMemory.current().bytes();
            long length = address + SocketAddresses.BYTES;
            int type = blocking ? 0 : Sockets.SOCK_NONBLOCK;
            int result;
            do {
                result = Sockets.accept(fd, address, length, type);
            } while (ownership.again(result) || result == -Errno.ECONNABORTED);
            if (Ownership.wouldBlock(result)) {
                return null;
            }
            if (result < 0) {
                throw ownership.failure(result, "accept");
            }
            return accepted(result, blocking, address, Memory.getInt(length));
        } finally {
            ownership.endWait();
        }
    }

    private static StreamSocket accepted(int fd, boolean blocking, long address, int length)
            throws ErrnoException {
        Ownership owner = StreamSocket.owner(fd, blocking);
        try {
            return new StreamSocket(owner, SocketAddresses.decode(address, length));
        } catch (Throwable t) {
            owner.close();
            throw t;
        }
    }

    @Override
    public String toString() {
        return ownership.toString();
    }
}
