package dev.pollux.engines.nio2;

import dev.pollux.engines.io.ChannelCalls;
import dev.pollux.engines.io.Wire;
import dev.pollux.engines.loop.Connection;
import dev.pollux.selectors.Selector;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A socket of the JDK's that receives by itself ([Nio2Input]), and sends what it cannot send at
/// once by itself ([Nio2Output]).
///
/// The JDK throws where the kernel returns an errno; whatever it threw counts as a reset: the
/// causes are not told apart. It offers no `SO_LINGER` for these channels, so a connection that is
/// aborted is closed like any other: the peer gets what the kernel has already taken, and then the
/// end, or a reset only if it has sent what was not received.
///
/// Belongs to the loop's thread.
final class Nio2Socket implements Wire {
    private final AsynchronousSocketChannel channel;
    private final SocketAddress peer;

    /// Null until its connection begins.
    private @Nullable Nio2Input input;

    /// Null until its connection begins.
    private @Nullable Nio2Output output;

    /// Takes over an accepted channel.
    ///
    /// @throws IOException when it is closed already
    Nio2Socket(AsynchronousSocketChannel channel) throws IOException {
        this.channel = channel;
        this.peer = channel.getRemoteAddress();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    }

    /// Its connection begins.
    void opened(Nio2Driver driver, Connection connection) {
        input = new Nio2Input(driver, channel, connection);
        output = new Nio2Output(driver, channel, connection);
    }

    /// Changes what its connection wants.
    ///
    /// @param wanted `Selector.READ` for input; it need not ask for room for output
    void watch(int wanted) {
        Objects.requireNonNull(input).want((wanted & Selector.READ) != 0);
    }

    @Override
    public Object fileobj() {
        return channel;
    }

    /// The JDK hides it.
    @Override
    public int fd() {
        return -1;
    }

    @Override
    public int send(long address, int size) {
        return Objects.requireNonNull(output).send(address, size);
    }

    @Override
    public int sendGathered(long iov, int count) {
        return Objects.requireNonNull(output).sendGathered(iov, count);
    }

    @Override
    public boolean sendsLater() {
        return true;
    }

    @Override
    public void decideSend() {
        Objects.requireNonNull(output).decide();
    }

    @Override
    public void cancelSend() {
        closeChannel();
    }

    @Override
    public boolean shutdownOutput() {
        return ChannelCalls.attempt(channel::shutdownOutput);
    }

    @Override
    public void resetOnClose() {
        // Not offered: see above.
    }

    @Override
    public void close() {
        closeChannel();
        if (input != null) {
            input.close();
        }
    }

    private void closeChannel() {
        ChannelCalls.attempt(channel::close);
    }

    @Override
    public SocketAddress peer() {
        return peer;
    }
}
