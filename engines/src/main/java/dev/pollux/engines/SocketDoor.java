package dev.pollux.engines;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import dev.pollux.libc.SocketAddresses;
import dev.pollux.libc.SocketOptions;
import dev.pollux.libc.Sockets;
import dev.pollux.selectors.Descriptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A listening socket of the kernel's, non-blocking: a connection that was reported may be gone
/// again when it is accepted.
final class SocketDoor implements Door, Descriptor {
    private final SocketAddress address;

    /// Scratch for the peer's address and, behind it, its length.
    private final long peer = Memory.allocate(SocketAddresses.BYTES + Integer.BYTES);

    /// -1 once closed.
    private int fd;

    private SocketDoor(int fd, SocketAddress address) {
        this.fd = fd;
        this.address = address;
    }

    /// Opens a door.
    ///
    /// @throws ErrnoException when the address cannot be had
    static SocketDoor open(SocketAddress wanted, int backlog) throws IOException {
        int domain = SocketAddresses.domain(wanted);
        int type = Sockets.SOCK_STREAM | Sockets.SOCK_NONBLOCK;
        int fd = ErrnoException.check(Sockets.socket(domain, type, 0), "socket", -1);
        try {
            if (domain != Sockets.AF_UNIX) {
                // Accepted sockets inherit NODELAY: writes are gathered here, so Nagle only delays.
                set(fd, SocketOptions.SOL_SOCKET, SocketOptions.SO_REUSEADDR);
                set(fd, SocketOptions.IPPROTO_TCP, SocketOptions.TCP_NODELAY);
            }
            ErrnoException.check(Sockets.bind(fd, wanted), "bind", fd);
            ErrnoException.check(Sockets.listen(fd, backlog), "listen", fd);
            return new SocketDoor(fd, Sockets.localAddress(fd));
        } catch (IOException | RuntimeException e) {
            Descriptors.close(fd);
            throw e;
        }
    }

    private static void set(int fd, int level, int option) throws ErrnoException {
        ErrnoException.check(Sockets.setOption(fd, level, option, 1), "setsockopt", fd);
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
    public @Nullable Wire accept() throws ErrnoException {
        long length = peer + SocketAddresses.BYTES;
        int accepted = Sockets.accept(fd, peer, length);
        if (accepted == -Errno.EAGAIN) {
            return null;
        }
        ErrnoException.check(accepted, "accept", fd);
        return SocketWire.accepted(accepted, peer, Memory.getInt(length));
    }

    @Override
    public void close() {
        int closing = fd;
        fd = -1;
        Descriptors.close(closing);
        Memory.free(peer);
        if (address instanceof UnixDomainSocketAddress unix
                && !unix.getPath().toString().isEmpty()) {
            removeFile(unix.getPath());
        }
    }

    private static void removeFile(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException _) {
            // Somebody else's business by now: a stale socket file harms nobody but the next bind.
        }
    }
}
