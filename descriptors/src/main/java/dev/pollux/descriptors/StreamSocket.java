package dev.pollux.descriptors;

import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Sockets;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A connection: TCP over IPv4 or IPv6, or a Unix domain stream.
///
/// ```java
/// try (StreamSocket socket = StreamSocket.open(new InetSocketAddress("127.0.0.1", 9999))) {
///     socket.write(ByteBuffer.wrap("hello\n".getBytes(UTF_8)));
/// }
/// ```
///
/// One thread may read while another writes. There is no out-of-band data. Writing to a peer that
/// has gone is an `EPIPE` or `ECONNRESET`, never a signal.
public final class StreamSocket implements SocketDescriptor, ByteStream {
    private static final String NAME = "a StreamSocket";

    private final Ownership ownership;
    private final ByteFlow flow;

    /// Whom `accept` has brought, so that nobody need ask who may have gone by now.
    private final @Nullable SocketAddress accepted;

    StreamSocket(Ownership ownership, @Nullable SocketAddress accepted) {
        this.ownership = ownership;
        flow = new ByteFlow(ownership, true);
        this.accepted = accepted;
    }

    /// {@return the owner of what is to be one}
    static Ownership owner(int fd, boolean blocking) {
        return Ownership.of(fd, Ownership.Kind.SOCKET, NAME, blocking);
    }

    /// Opens a socket that is not connected.
    ///
    /// @param family [java.net.StandardProtocolFamily]
    /// @return the socket, which blocks
    /// @throws ErrnoException if the kernel refuses it
    public static StreamSocket open(ProtocolFamily family) throws ErrnoException {
        Ownership owner = owner(Families.socket(family, Sockets.SOCK_STREAM), true);
        return new StreamSocket(owner, null);
    }

    /// Opens a socket and waits until it is connected.
    ///
    /// @param peer to whom: an internet or Unix domain address
    /// @return the socket, which blocks
    /// @throws IOException an [ErrnoException] if it cannot be connected, as `ECONNREFUSED`
    public static StreamSocket open(SocketAddress peer) throws IOException {
        StreamSocket socket = open(Families.of(peer));
        try {
            boolean _ = socket.connect(peer);
            return socket;
        } catch (Throwable t) {
            socket.close();
            throw t;
        }
    }

    /// Opens two sockets that are connected to each other, of the Unix domain.
    ///
    /// @return both, which block
    /// @throws ErrnoException if the kernel refuses it
    public static Pair<StreamSocket> pair() throws ErrnoException {
        int[] ends = Families.pair(Sockets.SOCK_STREAM);
        Ownership first = Ownership.ofFirst(ends, Ownership.Kind.SOCKET, NAME);
        Ownership second = owner(ends[1], true);
        return new Pair<>(new StreamSocket(first, null), new StreamSocket(second, null));
    }

    /// Takes over a descriptor that is open, as one that was received or inherited.
    ///
    /// @param descriptor a stream socket; it is closed as an object, and the socket lives on
    /// @return the socket
    /// @throws IllegalArgumentException if it is no stream socket, or one that listens
    /// @throws IOException if the kernel does not tell what it is
    public static StreamSocket adopt(OpenDescriptor descriptor) throws IOException {
        Families.require(descriptor, Sockets.SOCK_STREAM, false);
        boolean blocking = descriptor.isBlocking();
        Ownership owner = owner(descriptor.detach(), blocking);
        return new StreamSocket(owner, null);
    }

    @Override
    public Ownership ownership() {
        return ownership;
    }

    /// Gives the socket an address of its own before it is connected.
    ///
    /// @param local the address; port 0 lets the kernel choose
    /// @throws ClosedChannelException if it is closed
    /// @throws ErrnoException if the kernel refuses it, as `EADDRINUSE`
    public void bind(SocketAddress local) throws ClosedChannelException, ErrnoException {
        Families.bind(ownership, local);
    }

    /// Connects, and waits for it if calls wait.
    ///
    /// @param peer to whom: an internet or Unix domain address
    /// @return whether it is connected; if not, it is on its way, becomes writable when that is
    ///   decided, and [#finishConnect] tells how
    /// @throws IOException an [ErrnoException] if it cannot be connected; the socket is of no more
    ///   use then, but to be closed
    public boolean connect(SocketAddress peer) throws IOException {
        int fd = ownership.beginWait();
        try {
            int result = Families.connect(ownership, fd, peer);
            if (result == -Errno.EINPROGRESS) {
                return false;
            }
            if (result < 0 || !ownership.isOpen()) {
                throw ownership.failure(result, "connect");
            }
            return true;
        } finally {
            ownership.endWait();
        }
    }

    /// Tells how an attempt to connect stands.
    ///
    /// @return whether it is connected; if not, it is still on its way
    /// @throws IOException an [ErrnoException] if it has failed, as `ECONNREFUSED`, or was never
    ///   begun, `ENOTCONN`
    public boolean finishConnect() throws IOException {
        int fd = ownership.begin();
        try {
            return Families.isConnected(fd);
        } finally {
            ownership.end();
        }
    }

    /// {@return the peer's address, empty for a Unix domain socket that has none}
    ///
    /// @throws ClosedChannelException if it is closed
    /// @throws ErrnoException if the kernel does not tell, as `ENOTCONN`
    public SocketAddress peerAddress() throws ClosedChannelException, ErrnoException {
        int fd = ownership.begin();
        try {
            return accepted != null ? accepted : Sockets.peerAddress(fd);
        } finally {
            ownership.end();
        }
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        return flow.read(to);
    }

    @Override
    public long read(ByteBuffer[] to, int offset, int length) throws IOException {
        return flow.read(to, offset, length);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        return flow.write(from);
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
        return flow.write(from, offset, length);
    }

    /// Says that nothing more is read: a read is at the end of input.
    ///
    /// @throws IOException an [ErrnoException] if the kernel refuses it, as `ENOTCONN`
    public void shutdownInput() throws IOException {
        Families.shutdown(ownership, Sockets.SHUT_RD);
    }

    /// Says that nothing more is written: the peer reads the end of input behind what was written.
    ///
    /// @throws IOException an [ErrnoException] if the kernel refuses it, as `ENOTCONN`
    public void shutdownOutput() throws IOException {
        Families.shutdown(ownership, Sockets.SHUT_WR);
    }

    /// Sends bytes, and with the first of them descriptors, of which the peer gets duplicates
    /// (`SCM_RIGHTS`, `unix(7)`).
    ///
    /// @param from at least one byte; its position moves behind what was taken
    /// @param passed at most 253; they stay open here. One that is no [OwnedDescriptor] must not be
    ///   closed meanwhile
    /// @return how many bytes were taken, and all descriptors with them; or 0, if calls do not wait
    ///   and there is no room, and none
    /// @throws IllegalArgumentException if there is no byte to send, or too many descriptors
    /// @throws IOException an [ErrnoException] if the kernel refuses it, as on a TCP socket; a
    ///   [ClosedChannelException] if this or one of the passed ones is closed
    public int send(ByteBuffer from, List<? extends Descriptor> passed) throws IOException {
        return Passing.send(ownership, from, passed);
    }

    /// Receives bytes, and the descriptors that came with them.
    ///
    /// @param to where the bytes go, with room for one at least
    /// @param received takes the descriptors, each of which is its to close; if it throws, those it
    ///   was not given are closed
    /// @return as [#read(ByteBuffer)] does
    /// @throws IllegalArgumentException if there is no room, or the buffer is read-only
    /// @throws IOException an [ErrnoException] if the kernel refuses it: `EMFILE` if this process
    ///   may not have the descriptors that came, which are lost; the bytes are received all the
    ///   same
    public int receive(ByteBuffer to, Consumer<? super OpenDescriptor> received)
            throws IOException {
        return Passing.receive(ownership, to, received);
    }

    /// {@return who has made the peer's end of a Unix domain socket, as the kernel vouches for it
    /// (`SO_PEERCRED`)}
    ///
    /// @throws IOException an [ErrnoException] if the kernel does not tell
    public Credentials peerCredentials() throws IOException {
        return Passing.credentials(ownership);
    }

    @Override
    public String toString() {
        return ownership.toString();
    }
}
