package dev.pollux.engines.blocking;

import dev.pollux.engines.io.SocketWire;
import dev.pollux.engines.io.Writability;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Sockets;
import java.net.SocketAddress;

/// A blocking socket of the kernel's: threads sleep in `recv(2)` and `send(2)`.
final class BlockingSocket implements BlockingWire {
    private final SocketWire wire;

    private BlockingSocket(SocketWire wire) {
        this.wire = wire;
    }

    /// Makes an accepted socket a blocking one.
    ///
    /// @throws ErrnoException when the kernel refuses; the socket is closed then
    static BlockingSocket of(SocketWire wire) throws ErrnoException {
        int result = Descriptors.fcntl(wire.fd(), Descriptors.F_SETFL, 0);
        if (result < 0) {
            int fd = wire.fd();
            wire.close();
            throw new ErrnoException(-result, "fcntl", fd);
        }
        return new BlockingSocket(wire);
    }

    @Override
    public int fd() {
        return wire.fd();
    }

    @Override
    public int receive(long address, int size) {
        return Sockets.recvBlocking(wire.fd(), address, size);
    }

    @Override
    public boolean canTry() {
        return true;
    }

    @Override
    public int send(long address, int size) {
        return wire.send(address, size);
    }

    @Override
    public int sendGathered(long iov, int count) {
        return wire.sendGathered(iov, count);
    }

    @Override
    public int sendSleeping(long address, int size) {
        return Sockets.sendBlocking(wire.fd(), address, size);
    }

    @Override
    public boolean hasRoom() {
        return Writability.of(wire.fd());
    }

    @Override
    public int untaken() {
        return wire.untaken();
    }

    @Override
    public boolean shutdownOutput() {
        return wire.shutdownOutput();
    }

    /// `shutdown(2)` of the receiving half sends nothing, and every receive finds the end of input.
    @Override
    public void wake() {
        Sockets.shutdown(wire.fd(), Sockets.SHUT_RD);
    }

    /// Dissolving the connection resets it and wakes all sleepers. Where that is refused (a Unix
    /// domain socket: EINVAL; some kernels of 2023 while somebody sleeps: EBUSY) they are woken by
    /// a shutdown, whose FIN stands behind the bytes that kept the sender asleep.
    @Override
    public void reset() {
        int fd = wire.fd();
        int dissolved = Sockets.disconnect(fd);
        if (dissolved < 0 && dissolved != -Errno.ENOTCONN) {
            wire.resetOnClose();
            Sockets.shutdown(fd, Sockets.SHUT_RDWR);
        }
    }

    @Override
    public void close() {
        wire.close();
    }

    @Override
    public SocketAddress peer() {
        return wire.peer();
    }
}
