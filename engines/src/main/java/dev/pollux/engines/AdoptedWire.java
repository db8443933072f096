package dev.pollux.engines;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.Memory;
import dev.pollux.libc.PollCalls;
import dev.pollux.selectors.MaybeFile;
import java.net.SocketAddress;

/// A descriptor that somebody else has opened and shares with us, such as the terminal. Its
/// blocking flag is not ours to change, so it is read only once per report of readiness, and never
/// closed. A model that reports everything without asking the kernel would block in the read: there
/// the wire asks `poll(2)` itself.
final class AdoptedWire implements Wire {
    private final int fd;

    /// A shell may have redirected it from a file, which epoll refuses otherwise.
    private final MaybeFile file;

    /// What it asks `poll(2)` with before it reads; 0 where the mechanism has asked already.
    private final long pollfd;

    /// Wraps a descriptor.
    ///
    /// @param fd the descriptor
    /// @param asks whether it has to find out itself when there is something to read
    AdoptedWire(int fd, boolean asks) {
        this.fd = fd;
        this.file = new MaybeFile(fd);
        this.pollfd = asks ? Memory.allocate(PollCalls.POLLFD_BYTES) : 0;
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
        if (pollfd != 0 && !isReadable()) {
            return -Errno.EAGAIN;
        }
        int received = Descriptors.read(fd, address, size);
        // A terminal or pty whose other side has gone says EIO: that is its end of input.
        return received == -Errno.EIO ? 0 : received;
    }

    private boolean isReadable() {
        PollCalls.put(pollfd, 0, fd, PollCalls.POLLIN);
        return PollCalls.poll(pollfd, 1, 0) != 0;
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
        Memory.free(pollfd); // The descriptor belongs to whoever opened it.
    }

    @Override
    public SocketAddress peer() {
        return PeerAddress.NOBODY;
    }
}
