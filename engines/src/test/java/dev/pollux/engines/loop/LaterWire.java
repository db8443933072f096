package dev.pollux.engines.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.Transport;
import dev.pollux.engines.io.SocketWire;
import dev.pollux.engines.io.Wire;
import dev.pollux.libc.Memory;
import java.net.SocketAddress;
import java.util.function.IntUnaryOperator;

/// A real socket that sends when the loop comes to it, like a kernel that is asked to send and
/// tells later: every send is [Wire#PENDING], takes as little as a test says, and sees to it that
/// the memory is still what it was.
final class LaterWire implements Wire {
    private final SocketWire real;
    private final IntUnaryOperator outcomes;
    private volatile Connection connection;
    private boolean pending;
    private int sends;

    /// Wraps a socket.
    ///
    /// @param fd the socket, which belongs to the wire from now on
    /// @param outcomes for the number of a send, from 1 on: how many bytes it takes at most, or
    ///   `-errno`
    LaterWire(int fd, IntUnaryOperator outcomes) {
        long unnamed = Memory.allocateZeroed(Long.BYTES);
        this.real = SocketWire.accepted(fd, unnamed, Short.BYTES);
        Memory.free(unnamed);
        this.outcomes = outcomes;
    }

    /// Tells it whose it is, before anything is sent.
    void belongsTo(Transport transport) {
        connection = (Connection) transport;
    }

    @Override
    public boolean sendsLater() {
        return true;
    }

    @Override
    public int send(long address, int size) {
        assertThat(pending).as("two sends at a time").isFalse();
        pending = true;
        byte[] asked = bytes(address, size);
        Connection mine = connection;
        mine.loop().hand(() -> decide(mine, address, asked), 0);
        return PENDING;
    }

    private void decide(Connection mine, long address, byte[] asked) {
        pending = false;
        assertThat(bytes(address, asked.length)).as("the memory of a send").isEqualTo(asked);
        int outcome = outcomes.applyAsInt(++sends);
        mine.sendQueue()
                .completed(
                        outcome < 0
                                ? outcome
                                : real.send(address, Math.min(outcome, asked.length)));
    }

    private static byte[] bytes(long address, int size) {
        byte[] bytes = new byte[size];
        Memory.copy(address, bytes, 0, size);
        return bytes;
    }

    /// Takes from the first place only: a short count like any other.
    @Override
    public int sendGathered(long iov, int count) {
        long address = Memory.getLong(iov);
        int size = (int) Memory.getLong(iov + Long.BYTES);
        return send(address, size);
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
        return real.receive(address, size);
    }

    @Override
    public boolean shutdownOutput() {
        assertThat(pending).as("an end behind a send that is not decided").isFalse();
        return real.shutdownOutput();
    }

    @Override
    public void resetOnClose() {
        real.resetOnClose();
    }

    @Override
    public void close() {
        assertThat(pending).as("a close behind a send that is not decided").isFalse();
        real.close();
    }

    @Override
    public SocketAddress peer() {
        return real.peer();
    }
}
