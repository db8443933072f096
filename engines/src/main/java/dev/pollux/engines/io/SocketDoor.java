package dev.pollux.engines.io;

import dev.pollux.descriptors.Descriptor;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import dev.pollux.libc.SocketAddresses;
import dev.pollux.libc.SocketOptions;
import dev.pollux.libc.Sockets;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// A listening socket of the kernel's. For a loop it is non-blocking, as a connection that was
/// reported may be gone again when it is accepted; for threads it blocks, and they sleep in
/// `accept4(2)`.
public final class SocketDoor implements Door, BlockingDoor, Descriptor {
    /// Together 8 minutes, after which a peer that has vanished is known to have; the kernel's own
    /// times make 2 hours and 11 minutes. A peer that is there costs a probe and its answer for
    /// every 5 minutes of its silence.
    private static final int KEEPALIVE_IDLE_SECONDS = 300;

    private static final int KEEPALIVE_INTERVAL_SECONDS = 30;
    private static final int KEEPALIVE_PROBES = 6;

    private final SocketAddress address;

    /// Scratch for the peer's address and, behind it, its length.
    private final long peer = Memory.allocate(SocketAddresses.BYTES + Integer.BYTES);

    /// Null where it has none.
    private final @Nullable SocketFile file;

    /// -1 once closed.
    private int fd;

    private SocketDoor(int fd, SocketAddress address) {
        this.fd = fd;
        this.address = address;
        this.file = SocketFile.of(address);
    }

    /// Opens a door.
    ///
    /// @param blocking whether its accepts sleep
    /// @throws ErrnoException when the address cannot be had
    public static SocketDoor open(SocketAddress wanted, int backlog, boolean blocking)
            throws IOException {
        int domain = SocketAddresses.domain(wanted);
        int type = blocking ? Sockets.SOCK_STREAM : Sockets.SOCK_STREAM | Sockets.SOCK_NONBLOCK;
        int fd = ErrnoException.check(Sockets.socket(domain, type, 0), "socket", -1);
        try {
            if (domain != Sockets.AF_UNIX) {
                prepareTcp(fd);
            }
            ErrnoException.check(Sockets.bind(fd, wanted), "bind", fd);
            ErrnoException.check(Sockets.listen(fd, backlog), "listen", fd);
            return new SocketDoor(fd, Sockets.localAddress(fd));
        } catch (Throwable e) {
            Descriptors.close(fd);
            throw e;
        }
    }

    /// What accepted sockets inherit: no delay, since writes are gathered here, and Nagle's way
    /// would only add to it; and that the kernel asks silent peers whether they are still there.
    private static void prepareTcp(int fd) throws ErrnoException {
        int tcp = SocketOptions.IPPROTO_TCP;
        set(fd, SocketOptions.SOL_SOCKET, SocketOptions.SO_REUSEADDR, 1);
        set(fd, tcp, SocketOptions.TCP_NODELAY, 1);
        set(fd, SocketOptions.SOL_SOCKET, SocketOptions.SO_KEEPALIVE, 1);
        set(fd, tcp, SocketOptions.TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS);
        set(fd, tcp, SocketOptions.TCP_KEEPINTVL, KEEPALIVE_INTERVAL_SECONDS);
        set(fd, tcp, SocketOptions.TCP_KEEPCNT, KEEPALIVE_PROBES);
    }

    private static void set(int fd, int level, int option, int value) throws ErrnoException {
        ErrnoException.check(Sockets.setOption(fd, level, option, value), "setsockopt", fd);
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
    public SocketAddress address() {
        return address;
    }

    @Override
    public @Nullable SocketWire accept() throws ErrnoException {
        long length = peer + SocketAddresses.BYTES;
        int accepted = Sockets.accept(fd, peer, length);
        if (accepted == -Errno.EAGAIN) {
            return null;
        }
        ErrnoException.check(accepted, "accept", fd);
        try {
            return SocketWire.accepted(accepted, peer, Memory.getInt(length));
        } catch (Throwable e) {
            Descriptors.close(accepted);
            throw e;
        }
    }

    @Override
    public SocketWire acceptSleeping() throws ErrnoException {
        SocketWire wire = accept();
        if (wire == null) {
            throw new ErrnoException(Errno.EAGAIN, "accept", fd);
        }
        try {
            wire.letSleep();
        } catch (Throwable e) {
            wire.close();
            throw e;
        }
        return wire;
    }

    /// On Linux `shutdown(2)` ends the listening: every accept fails with EINVAL.
    @Override
    public void wake() {
        Sockets.shutdown(fd, Sockets.SHUT_RDWR);
    }

    @Override
    public void close() {
        if (file != null) {
            file.remove();
        }
        Descriptors.close(fd);
        fd = -1;
        Memory.free(peer);
    }
}
