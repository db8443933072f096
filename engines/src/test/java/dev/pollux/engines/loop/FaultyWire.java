package dev.pollux.engines.loop;

import dev.pollux.engines.io.SocketWire;
import dev.pollux.engines.io.Wire;
import dev.pollux.libc.Errno;
import dev.pollux.libc.Memory;
import java.net.SocketAddress;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;

/// A real socket whose calls fail, or do less than they were asked for, when a test says so: what
/// the kernel may do at any moment, at the moment that is wanted.
final class FaultyWire implements Wire {
    /// What becomes of one call.
    ///
    /// @param bytesMax how many bytes it moves at most
    /// @param errno the error it ends with instead; 0 for none
    record Outcome(int bytesMax, int errno) {
        static final Outcome FINE = new Outcome(Integer.MAX_VALUE, 0);

        static Outcome error(int errno) {
            return new Outcome(0, errno);
        }

        static Outcome atMost(int bytes) {
            return new Outcome(bytes, 0);
        }
    }

    private static final short AF_UNIX = 1;

    private final SocketWire real;
    private final IntFunction<Outcome> receives;
    private final IntFunction<Outcome> sends;
    private int received;
    private int sent;
    private volatile int closed;
    private IntSupplier untaken = () -> -Errno.EOPNOTSUPP;

    /// Wraps a socket.
    ///
    /// @param fd the socket, which belongs to the wire from now on
    /// @param receives the outcome of each receive, counted from 1
    /// @param sends the outcome of each send, counted from 1
    FaultyWire(int fd, IntFunction<Outcome> receives, IntFunction<Outcome> sends) {
        long unnamed = Memory.allocate(Long.BYTES);
        Memory.putShort(unnamed, AF_UNIX);
        this.real = SocketWire.accepted(fd, unnamed, Short.BYTES);
        Memory.free(unnamed);
        this.receives = receives;
        this.sends = sends;
    }

    /// What it answers when it is asked how much the peer has not taken.
    FaultyWire untaken(IntSupplier answer) {
        untaken = answer;
        return this;
    }

    @Override
    public int untaken() {
        return untaken.getAsInt();
    }

    /// {@return how often it was closed}
    int closed() {
        return closed;
    }

    @Override
    public Object fileobj() {
        return real;
    }

    @Override
    public int fd() {
        return real.fd();
    }

    @Override
    public int receive(long address, int size) {
        Outcome outcome = receives.apply(++received);
        return outcome.errno() == 0
                ? real.receive(address, Math.min(size, outcome.bytesMax()))
                : -outcome.errno();
    }

    @Override
    public int send(long address, int size) {
        Outcome outcome = sends.apply(++sent);
        return outcome.errno() == 0
                ? real.send(address, Math.min(size, outcome.bytesMax()))
                : -outcome.errno();
    }

    /// With a bound it takes from the first place only: a short count like any other.
    @Override
    public int sendGathered(long iov, int count) {
        Outcome outcome = sends.apply(++sent);
        if (outcome.errno() != 0) {
            return -outcome.errno();
        }
        if (outcome.bytesMax() == Integer.MAX_VALUE) {
            return real.sendGathered(iov, count);
        }
        int first = (int) Memory.getLong(iov + Long.BYTES);
        return real.send(Memory.getLong(iov), Math.min(first, outcome.bytesMax()));
    }

    @Override
    public boolean shutdownOutput() {
        return real.shutdownOutput();
    }

    @Override
    public void resetOnClose() {
        real.resetOnClose();
    }

    @Override
    public void close() {
        closed = closed + 1; // By one thread only.
        real.close();
    }

    @Override
    public SocketAddress peer() {
        return real.peer();
    }
}
