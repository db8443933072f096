package dev.pollux.engines;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import dev.pollux.libc.PollCalls;
import java.net.SocketAddress;

/// A descriptor that somebody else has opened and shares with us, such as the terminal. A thread
/// that sleeps in reading it could not be woken, and a signal or another process may take the bytes
/// that it was told of: so it sleeps in `poll(2)`, for the descriptor and for a pipe of our own.
///
/// It is never closed, and its blocking flag stays as it is: no write is larger than what a pipe
/// that is writable takes without waiting.
final class PolledDescriptor implements BlockingWire {
    /// `PIPE_BUF`, `pipe(7)`.
    private static final int WRITE_BYTES = 4096;

    private final int fd;

    /// What has been written to it wakes everyone: it is never read.
    private final int[] pipe;

    /// Two `struct pollfd` for the receiver, and two for the sender.
    private final long receiving = Memory.allocate(4L * PollCalls.POLLFD_BYTES);

    private final long sending = receiving + 2 * PollCalls.POLLFD_BYTES;

    private PolledDescriptor(int fd, int[] pipe) {
        this.fd = fd;
        this.pipe = pipe;
    }

    /// Wraps a descriptor.
    ///
    /// @throws ErrnoException when there is no descriptor left for a pipe
    static PolledDescriptor of(int fd) throws ErrnoException {
        int[] pipe = new int[2];
        int flags = Descriptors.O_CLOEXEC | Descriptors.O_NONBLOCK;
        ErrnoException.check(Descriptors.pipe2(pipe, flags), "pipe2", fd);
        return new PolledDescriptor(fd, pipe);
    }

    @Override
    public int fd() {
        return fd;
    }

    @Override
    public int receive(long address, int size) {
        int ready = await(receiving, PollCalls.POLLIN, -1);
        if (ready <= 0) {
            return ready == -Errno.EPIPE ? 0 : ready;
        }
        int received = Descriptors.read(fd, address, size);
        // A terminal or pty whose other side has gone says EIO: that is its end of input.
        return received == -Errno.EIO ? 0 : received;
    }

    /// Waits until the descriptor is ready.
    ///
    /// @return above 0 when it is, `-EPIPE` when somebody wakes, 0 when the time is over, or
    ///   another `-errno`
    private int await(long pollfds, int events, long nanos) {
        PollCalls.put(pollfds, 0, fd, events);
        PollCalls.put(pollfds, 1, pipe[0], PollCalls.POLLIN);
        int ready = PollCalls.poll(pollfds, 2, nanos);
        return ready > 0 && PollCalls.revents(pollfds, 1) != 0 ? -Errno.EPIPE : ready;
    }

    @Override
    public boolean canTry() {
        return true;
    }

    @Override
    public int send(long address, int size) {
        int taken = 0;
        while (taken < size) {
            int ready = await(sending, PollCalls.POLLOUT, 0);
            int result = ready > 0 ? write(address + taken, size - taken) : ready;
            if (result <= 0) {
                return taken > 0 ? taken : result == 0 ? -Errno.EAGAIN : result;
            }
            taken += result;
        }
        return taken;
    }

    private int write(long address, int size) {
        return Descriptors.write(fd, address, Math.min(size, WRITE_BYTES));
    }

    @Override
    public int sendGathered(long iov, int count) {
        int taken = 0;
        for (int i = 0; i < count; i++) {
            long entry = iov + (long) i * Descriptors.IOVEC_BYTES;
            int size = (int) Memory.getLong(entry + Long.BYTES);
            int result = send(Memory.getLong(entry), size);
            if (result < 0) {
                return taken > 0 ? taken : result;
            }
            taken += result;
            if (result < size) {
                return taken;
            }
        }
        return taken;
    }

    @Override
    public int sendSleeping(long address, int size) {
        int ready = await(sending, PollCalls.POLLOUT, -1);
        return ready > 0 ? write(address, size) : ready;
    }

    @Override
    public boolean shutdownOutput() {
        return false;
    }

    @Override
    public void wake() {
        // A full pipe is as readable as one with this byte.
        Descriptors.write(pipe[1], receiving, 1);
    }

    @Override
    public void reset() {
        wake(); // There is no peer to reset.
    }

    @Override
    public void close() {
        Descriptors.close(pipe[0]);
        Descriptors.close(pipe[1]);
        Memory.free(receiving);
    }

    @Override
    public SocketAddress peer() {
        return PeerAddress.NOBODY;
    }
}
