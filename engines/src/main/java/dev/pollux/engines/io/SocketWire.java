package dev.pollux.engines.io;

import dev.pollux.descriptors.Descriptor;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Sockets;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// A stream socket of the kernel's. In a loop it is non-blocking; threads sleep in `recv(2)` and
/// `send(2)` once [#letSleep()] has been called.
public final class SocketWire implements Wire, BlockingWire, Descriptor {
    /// -1 once closed.
    private int fd;

    /// An IPv4 peer, see [PeerAddress]; 0 when `peer` holds it.
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
    public static SocketWire accepted(int fd, long peer, int length) {
        long inet4 = PeerAddress.compact(peer);
        SocketAddress other = inet4 != 0 ? null : PeerAddress.of(peer, length);
        return new SocketWire(fd, inet4, other);
    }

    /// Lets threads sleep in it from now on.
    ///
    /// @throws ErrnoException when the kernel refuses
    void letSleep() throws ErrnoException {
        ErrnoException.check(Descriptors.fcntl(fd, Descriptors.F_SETFL, 0), "fcntl", fd);
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
    public int receiveSleeping(long address, int size) {
        return Sockets.recvBlocking(fd, address, size);
    }

    @Override
    public boolean canTry() {
        return true;
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
    public int sendSleeping(long address, int size) {
        return Sockets.sendBlocking(fd, address, size);
    }

    @Override
    public boolean hasRoom() {
        return Writability.of(fd);
    }

    @Override
    public int untaken() {
        return Sockets.untaken(fd);
    }

    @Override
    public boolean shutdownOutput() {
        return Sockets.shutdown(fd, Sockets.SHUT_WR) == 0;
    }

    /// `shutdown(2)` of the receiving half sends nothing, and every receive finds the end of input.
    @Override
    public void wake() {
        Sockets.shutdown(fd, Sockets.SHUT_RD);
    }

    /// Dissolving the connection resets it and wakes all sleepers. Where that is refused (a Unix
    /// domain socket: EINVAL; some kernels of 2023 while somebody sleeps: EBUSY) they are woken by
    /// a shutdown, whose FIN stands behind the bytes that kept the sender asleep.
    @Override
    public void reset() {
        int dissolved = Sockets.disconnect(fd);
        if (dissolved < 0 && dissolved != -Errno.ENOTCONN) {
            resetOnClose();
            Sockets.shutdown(fd, Sockets.SHUT_RDWR);
        }
    }

    @Override
    public void resetOnClose() {
        // Of a socket that has no reset (Unix domain) this fails, and the close is a plain one.
        Sockets.setLinger(fd, true, 0);
    }

    @Override
    public void close() {
        // EIO and the like cannot be mended here: the descriptor is gone in any case. But where the
        // call cannot even be made, for want of memory, it is made again.
        Descriptors.close(fd);
        fd = -1;
    }

    @Override
    public SocketAddress peer() {
        return peer != null ? peer : PeerAddress.of(inet4);
    }
}
