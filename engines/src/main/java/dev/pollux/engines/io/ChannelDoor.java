package dev.pollux.engines.io;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// A listening socket of the JDK's, for the models that know no descriptors: non-blocking for a
/// loop, or one in whose accept virtual threads park.
public final class ChannelDoor implements Door, BlockingDoor {
    private final ServerSocketChannel channel;
    private final SocketAddress address;

    /// Null where it has none.
    private final @Nullable SocketFile file;

    private ChannelDoor(ServerSocketChannel channel) throws IOException {
        this.channel = channel;
        this.address = channel.getLocalAddress();
        this.file = SocketFile.of(address);
    }

    /// Opens a door.
    ///
    /// @param blocking whether its accepts wait
    /// @throws IOException when the address cannot be had
    public static ChannelDoor open(SocketAddress wanted, int backlog, boolean blocking)
            throws IOException {
        boolean unix = wanted instanceof UnixDomainSocketAddress;
        ServerSocketChannel channel =
                unix
                        ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                        : ServerSocketChannel.open();
        try {
            channel.configureBlocking(blocking);
            if (!unix) {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            }
            channel.bind(wanted, backlog);
            return new ChannelDoor(channel);
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public Object fileobj() {
        return channel;
    }

    @Override
    public SocketAddress address() {
        return address;
    }

    @Override
    public @Nullable Wire accept() throws IOException {
        SocketChannel accepted = channel.accept();
        return accepted == null ? null : new ChannelWire(accepted, false);
    }

    @Override
    public ChannelWire acceptSleeping() throws IOException {
        return new ChannelWire(channel.accept(), true);
    }

    /// The JDK wakes the thread in the accept.
    @Override
    public void wake() {
        close();
    }

    /// Idempotent.
    @Override
    public void close() {
        if (channel.isOpen() && file != null) {
            file.remove();
        }
        ChannelCalls.attempt(channel::close);
    }
}
