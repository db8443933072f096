package dev.pollux.engines.blocking;

import dev.pollux.engines.io.ChannelWire;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;

/// A blocking socket of the JDK's: a virtual thread that waits in it parks, and its carrier does
/// something else. A call of the C library would hold the carrier, so there is none here.
final class BlockingChannel implements BlockingWire {
    private final ChannelWire wire;

    /// Takes over an accepted channel.
    ///
    /// @throws IOException when it has been reset already; it is closed then
    BlockingChannel(SocketChannel channel) throws IOException {
        this.wire = new ChannelWire(channel, true);
    }

    @Override
    public int fd() {
        return wire.fd();
    }

    @Override
    public int receive(long address, int size) {
        return wire.receive(address, size);
    }

    @Override
    public boolean canTry() {
        return false;
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
        return wire.send(address, size);
    }

    @Override
    public boolean shutdownOutput() {
        return wire.shutdownOutput();
    }

    @Override
    public void wake() {
        wire.shutdownInput();
    }

    /// Closing wakes all sleepers, and does not happen under them: the JDK sees to that.
    @Override
    public void reset() {
        wire.resetOnClose();
        close();
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
