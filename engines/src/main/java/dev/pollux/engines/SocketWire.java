package dev.pollux.engines;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Memory;
import dev.pollux.libc.SocketAddresses;
import dev.pollux.libc.Sockets;
import dev.pollux.selectors.Descriptor;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// A stream socket of the kernel's, non-blocking.
final class SocketWire implements Wire, Descriptor {
    /// The first two bytes of a `struct sockaddr_in`: the family; on macOS its length and the
    /// family.
    private static final short SOCKADDR_IN_LINUX = 2;

    private static final short SOCKADDR_IN_MACOS = 0x0210;

    private static final int SOCKADDR_IN_BYTES = 16;

    /// -1 once closed.
    private int fd;

    /// An IPv4 peer, port and address as they stand in `struct sockaddr_in`: 8 bytes instead of the
    /// 90 of four objects, for every idle connection. 0 when `peer` holds it.
    private final long inet4;

    private final @Nullable SocketAddress peer;

    private SocketWire(int fd, long inet4, @Nullable SocketAddress peer) {
        this.fd = fd;
        this.inet4 = inet4;
        this.peer = peer;
    }

    /// Wraps an accepted socket.
    ///
    /// @param fd the socket
    /// @param peer its peer's `struct sockaddr`
    /// @param length of that
    static SocketWire accepted(int fd, long peer, int length) {
        short head = Memory.getShort(peer);
        if (head == SOCKADDR_IN_LINUX || head == SOCKADDR_IN_MACOS) {
            return new SocketWire(fd, Memory.getLong(peer), null);
        }
        return new SocketWire(fd, 0, SocketAddresses.decode(peer, length));
    }

    @Override
    public int fd() {
        return fd;
    }

    @Override
    public Object fileobj() {
        return this;
    }

    @Override
    public int receive(long address, int size) {
        return Sockets.recv(fd, address, size);
    }

    @Override
    public int send(long address, int size) {
        return Sockets.send(fd, address, size);
    }

    @Override
    public int sendGathered(long iov, int count) {
        return (int) Sockets.sendv(fd, iov, count);
    }

    @Override
    public boolean shutdownOutput() {
        return Sockets.shutdown(fd, Sockets.SHUT_WR) == 0;
    }

    @Override
    public void resetOnClose() {
        // Of a socket that has no reset (Unix domain) this fails, and the close is a plain one.
        Sockets.setLinger(fd, true, 0);
    }

    @Override
    public void close() {
        int closing = fd;
        fd = -1;
        // EIO and the like cannot be mended here: the descriptor is gone in any case.
        Descriptors.close(closing);
    }

    @Override
    public SocketAddress peer() {
        if (peer != null) {
            return peer;
        }
        long address = Memory.allocate(SocketAddresses.BYTES);
        try {
            Memory.putLong(address, inet4);
            return SocketAddresses.decode(address, SOCKADDR_IN_BYTES);
        } finally {
            Memory.free(address);
        }
    }
}
