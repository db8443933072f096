package dev.pollux.descriptors;

import dev.pollux.libc.Datagrams;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import dev.pollux.libc.SocketAddresses;
import dev.pollux.libc.Sockets;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ByteChannel;
import org.jspecify.annotations.Nullable;

/// A socket for datagrams: UDP over IPv4 or IPv6, or of the Unix domain.
///
/// A datagram is sent and received as a whole; what does not fit a buffer is lost. On the heap,
/// that is also what exceeds 64 KiB (8 KiB in a virtual thread).
public final class DatagramSocket implements SocketDescriptor, ByteChannel {
    private static final String NAME = "a DatagramSocket";

    private final Ownership ownership;

    private DatagramSocket(Ownership ownership) {
        this.ownership = ownership;
    }

    private static Ownership owner(int fd, boolean blocking) {
        return Ownership.of(fd, Ownership.Kind.SOCKET, NAME, blocking);
    }

    /// Opens a socket; an address of its own it gets with the first datagram, or by [#bind].
    ///
    /// @param family [java.net.StandardProtocolFamily]
    /// @return the socket, which blocks
    /// @throws ErrnoException if the kernel refuses it
    public static DatagramSocket open(ProtocolFamily family) throws ErrnoException {
        return new DatagramSocket(owner(Families.socket(family, Sockets.SOCK_DGRAM), true));
    }

    /// Opens a socket with an address of its own.
    ///
    /// @param local an internet or Unix domain address; port 0 lets the kernel choose
    /// @return the socket, which blocks
    /// @throws IOException an [ErrnoException] if the kernel refuses it, as `EADDRINUSE`
    public static DatagramSocket open(SocketAddress local) throws IOException {
        DatagramSocket socket = open(Families.of(local));
        try {
            socket.bind(local);
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
    public static Pair<DatagramSocket> pair() throws ErrnoException {
        int[] ends = Families.pair(Sockets.SOCK_DGRAM);
        Ownership first = Ownership.ofFirst(ends, Ownership.Kind.SOCKET, NAME);
        Ownership second = owner(ends[1], true);
        return new Pair<>(new DatagramSocket(first), new DatagramSocket(second));
    }

    /// Takes over a descriptor that is open.
    ///
    /// @param descriptor a datagram socket; it is closed as an object, and the socket lives on
    /// @return the socket
    /// @throws IllegalArgumentException if it is something else
    /// @throws IOException if the kernel does not tell what it is
    public static DatagramSocket adopt(OpenDescriptor descriptor) throws IOException {
        Families.require(descriptor, Sockets.SOCK_DGRAM, false);
        boolean blocking = descriptor.isBlocking();
        return new DatagramSocket(owner(descriptor.detach(), blocking));
    }

    @Override
    public Ownership ownership() {
        return ownership;
    }

    /// Gives the socket an address of its own.
    ///
    /// @param local the address; port 0 lets the kernel choose
    /// @throws IOException an [ErrnoException] if the kernel refuses it, as `EADDRINUSE`
    public void bind(SocketAddress local) throws IOException {
        Families.bind(ownership, local);
    }

    /// Says who the one peer is, for [#read] and [#write]. Nothing is sent.
    ///
    /// @param peer the peer
    /// @throws IOException an [ErrnoException] if the kernel refuses it
    public void connect(SocketAddress peer) throws IOException {
        int fd = ownership.begin();
        try {
            ErrnoException.check(Sockets.connect(fd, peer), "connect", fd);
        } finally {
            ownership.end();
        }
    }

    /// Sends what remains in a buffer as one datagram, and waits for room if calls wait.
    ///
    /// @param from the datagram; its position moves behind it once it is sent
    /// @param to where to
    /// @return how many bytes; 0 also if there is no room now and calls do not wait
    /// @throws IOException an [ErrnoException] if the kernel refuses it, as `EMSGSIZE`; of UDP also
    ///   what became of an earlier datagram, as `ECONNREFUSED` if the socket is connected
    public int send(ByteBuffer from, SocketAddress to) throws IOException {
        return sent(from, to);
    }

    /// Sends what remains in a buffer as one datagram to the one peer.
    ///
    /// @return as [#send] does
    /// @throws IOException an [ErrnoException] if the kernel refuses it, as `EDESTADDRREQ` without
    ///   a peer
    @Override
    public int write(ByteBuffer from) throws IOException {
        return sent(from, null);
    }

    private int sent(ByteBuffer from, @Nullable SocketAddress to) throws IOException {
        int fd = ownership.beginWait();
        long large = 0;
        try {
            int bytes = from.remaining();
            long address;
            if (from.isDirect()) {
                address = ThreadMemory.address(from);
            } else {
                ThreadMemory memory = ThreadMemory.current();
                large = bytes > memory.room ? Memory.allocate(bytes) : 0; // As a whole, or not.
                address = large == 0 ? memory.bytes() : large;
                ThreadMemory.take(from, address, bytes);
            }
            int result = send(fd, address, bytes, to);
            if (Ownership.wouldBlock(result)) {
                return 0;
            }
            if (result < 0) {
                throw ownership.failure(result, to == null ? "send" : "sendto");
            }
            ThreadMemory.advance(from, result);
            return result;
        } finally {
            if (large != 0) {
                Memory.free(large);
            }
            ownership.endWait();
        }
    }

    private int send(int fd, long address, int bytes, @Nullable SocketAddress to) {
        int result;
        do {
            if (to != null) {
                result = Datagrams.send(fd, address, bytes, flags(), to);
            } else if (ownership.waits()) {
                result = Sockets.sendBlocking(fd, address, bytes);
            } else {
                result = Sockets.send(fd, address, bytes);
            }
        } while (ownership.again(result));
        return result;
    }

    private int flags() {
        return ownership.waits() ? 0 : Sockets.MSG_DONTWAIT;
    }

    /// Takes one datagram, and waits for one if calls wait.
    ///
    /// @param to where it goes
    /// @return who has sent it, which for a Unix domain socket without an address is the empty one;
    ///   null if there is none now and calls do not wait
    /// @throws IOException an [ErrnoException] if the kernel refuses it
    public @Nullable SocketAddress receive(ByteBuffer to) throws IOException {
        long peer = ThreadMemory.current().iovec();
        long length = peer + SocketAddresses.BYTES;
        int result = received(to, peer, length);
        return result < 0 ? null : SocketAddresses.decode(peer, Memory.getInt(length));
    }

    /// Takes one datagram of the one peer, and waits for one if calls wait.
    ///
    /// @param to where it goes
    /// @return how many bytes; 0 also if there is none now and calls do not wait
    /// @throws IOException an [ErrnoException] if the kernel refuses it; of UDP also what became of
    ///   an earlier datagram, as `ECONNREFUSED`
    @Override
    public int read(ByteBuffer to) throws IOException {
        long peer = ThreadMemory.current().iovec();
        return Math.max(received(to, peer, peer + SocketAddresses.BYTES), 0);
    }

    /// {@return how many bytes the datagram has brought, or -1 where there is none}
    private int received(ByteBuffer to, long peer, long length) throws IOException {
        ThreadMemory.requireWritable(to);
        int fd = ownership.beginWait();
        try {
            ThreadMemory memory = ThreadMemory.current();
            boolean direct = to.isDirect();
            int bytes = direct ? to.remaining() : Math.min(to.remaining(), memory.room);
            long address = direct ? ThreadMemory.address(to) : memory.bytes();
            int result;
            do {
                result = Datagrams.receive(fd, address, bytes, flags(), peer, length);
            } while (ownership.again(result));
            if (Ownership.wouldBlock(result)) {
                return -1;
            }
            if (result < 0) {
                throw ownership.failure(result, "recvfrom");
            }
            if (!ownership.isOpen()) {
                throw new AsynchronousCloseException();
            }
            if (direct) {
                ThreadMemory.advance(to, result);
            } else {
                ThreadMemory.give(address, to, result);
            }
            return result;
        } finally {
            ownership.endWait();
        }
    }

    @Override
    public String toString() {
        return ownership.toString();
    }
}
