package dev.pollux.engines.blocking;

import dev.pollux.engines.io.AdoptedDescriptor;
import dev.pollux.engines.io.BlockingWire;
import dev.pollux.engines.io.PeerAddress;
import dev.pollux.engines.io.Wire;
import dev.pollux.engines.io.Writability;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import dev.pollux.libc.PollCalls;
import java.net.SocketAddress;

/// An [AdoptedDescriptor] of a blocking engine. A thread that sleeps in reading it could not be
/// woken: so it sleeps in `poll(2)`, for the descriptor and for a pipe of our own.
final class PolledDescriptor implements BlockingWire {
    /// How long it waits where something is there that is not to be read yet.
    private static final long REST_NANOS = 250_000_000;

    private final AdoptedDescriptor descriptor;

    /// What has been written to it wakes everyone: it is never read.
    private final int[] pipe;

    /// Two `struct pollfd` for the receiver, and two for the sender.
    private final long receiving = Memory.allocate(4L * PollCalls.POLLFD_BYTES);

    private final long sending = receiving + 2 * PollCalls.POLLFD_BYTES;

    private PolledDescriptor(AdoptedDescriptor descriptor, int[] pipe) {
        this.descriptor = descriptor;
        this.pipe = pipe;
    }

    /// Wraps a descriptor.
    ///
    /// @throws ErrnoException when there is no descriptor left for a pipe
    static PolledDescriptor of(int fd) throws ErrnoException {
        int[] pipe = new int[2];
        int flags = Descriptors.O_CLOEXEC | Descriptors.O_NONBLOCK;
        ErrnoException.check(Descriptors.pipe2(pipe, flags), "pipe2", fd);
        return new PolledDescriptor(new AdoptedDescriptor(fd), pipe);
    }

    @Override
    public int fd() {
        return descriptor.fd();
    }

    @Override
    public int receiveSleeping(long address, int size) {
        int received = -Errno.EAGAIN;
        while (received == -Errno.EAGAIN || received == Wire.LATER) {
            int ready =
                    received == Wire.LATER
                            ? await(receiving, -1, PollCalls.POLLIN, REST_NANOS)
                            : await(receiving, fd(), PollCalls.POLLIN, -1);
            if (ready < 0) {
                return ready == -Errno.EPIPE ? 0 : ready;
            }
            received = descriptor.receive(address, size);
        }
        return received;
    }

    /// Waits until the descriptor is ready.
    ///
    /// @param fd the descriptor, or -1 for none
    /// @return above 0 when it is, `-EPIPE` when somebody wakes, 0 when the time is over, or
    ///   another `-errno`
    private int await(long pollfds, int fd, int events, long nanos) {
        PollCalls.put(pollfds, 0, fd, events);
        PollCalls.put(pollfds, 1, pipe[0], PollCalls.POLLIN);
        int ready = PollCalls.poll(pollfds, 2, nanos);
        return ready > 0 && PollCalls.revents(pollfds, 1) != 0 ? -Errno.EPIPE : ready;
    }

    @Override
    public boolean isEndFinal() {
        return descriptor.isEndFinal();
    }

    @Override
    public boolean canTry() {
        return true;
    }

    @Override
    public int send(long address, int size) {
        return descriptor.send(address, size);
    }

    @Override
    public int sendGathered(long iov, int count) {
        return descriptor.sendGathered(iov, count);
    }

    @Override
    public int sendSleeping(long address, int size) {
        int ready = await(sending, fd(), PollCalls.POLLOUT, -1);
        return ready > 0 ? descriptor.send(address, size) : ready;
    }

    @Override
    public boolean hasRoom() {
        return Writability.of(fd());
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
        descriptor.close();
        Memory.free(receiving);
    }

    @Override
    public SocketAddress peer() {
        return PeerAddress.NOBODY;
    }
}
