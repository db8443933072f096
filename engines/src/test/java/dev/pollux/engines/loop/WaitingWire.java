package dev.pollux.engines.loop;

import dev.pollux.engines.Transport;
import dev.pollux.engines.io.SocketWire;
import dev.pollux.engines.io.Wire;
import dev.pollux.libc.Errno;
import dev.pollux.libc.Memory;
import java.net.SocketAddress;

/// A socket whose peer takes nothing, and whose send goes on, also when it is to end, until a test
/// says so.
final class WaitingWire implements Wire {
    private final SocketWire real;

    WaitingWire(int fd) {
        long unnamed = Memory.allocateZeroed(Long.BYTES);
        this.real = SocketWire.accepted(fd, unnamed, Short.BYTES);
        Memory.free(unnamed);
    }

    /// Ends the send under way; on its loop.
    static void decide(Transport transport) {
        SendQueue sendQueue = ((Connection) transport).sendQueue();
        if (sendQueue.isSending()) {
            sendQueue.completed(-Errno.EPIPE);
        }
    }

    @Override
    public boolean sendsLater() {
        return true;
    }

    @Override
    public int send(long address, int size) {
        return WAITING;
    }

    @Override
    public int sendGathered(long iov, int count) {
        return WAITING;
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
        return real.shutdownOutput();
    }

    @Override
    public void resetOnClose() {
        real.resetOnClose();
    }

    @Override
    public void close() {
        real.close();
    }

    @Override
    public SocketAddress peer() {
        return real.peer();
    }
}
