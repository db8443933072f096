package dev.pollux.engines;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.selectors.MaybeFile;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/// A descriptor that somebody else has opened and shares with us, such as the terminal. Its
/// blocking flag is not ours to change, so it is read only once per report of readiness, and never
/// closed.
final class AdoptedWire implements Wire {
    private static final SocketAddress NOBODY = UnixDomainSocketAddress.of("");

    private final int fd;

    /// A shell may have redirected it from a file, which epoll refuses otherwise.
    private final MaybeFile file;

    AdoptedWire(int fd) {
        this.fd = fd;
        this.file = new MaybeFile(fd);
    }

    @Override
    public int fd() {
        return fd;
    }

    @Override
    public Object fileobj() {
        return file;
    }

    @Override
    public int receive(long address, int size) {
        int received = Descriptors.read(fd, address, size);
        // A terminal or pty whose other side has gone says EIO: that is its end of input.
        return received == -Errno.EIO ? 0 : received;
    }

    @Override
    public int send(long address, int size) {
        return Descriptors.write(fd, address, size);
    }

    @Override
    public int sendGathered(long iov, int count) {
        return (int) Descriptors.writev(fd, iov, count);
    }

    @Override
    public boolean shutdownOutput() {
        return false;
    }

    @Override
    public void resetOnClose() {
        // There is no peer to reset.
    }

    @Override
    public void close() {
        // It belongs to whoever opened it.
    }

    @Override
    public SocketAddress peer() {
        return NOBODY;
    }
}
