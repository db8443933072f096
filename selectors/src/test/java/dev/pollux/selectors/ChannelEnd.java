package dev.pollux.selectors;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pollux.libc.ErrnoException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// An end that is a channel of the JDK.
record ChannelEnd(SocketChannel channel) implements End {
    static ChannelEnd[] pair() {
        try (var server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel near = SocketChannel.open(server.getLocalAddress());
            SocketChannel far = server.accept();
            near.configureBlocking(false);
            far.configureBlocking(false);
            return new ChannelEnd[] {new ChannelEnd(near), new ChannelEnd(far)};
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Object fileobj() {
        return channel;
    }

    @Override
    public <T> SelectorKey<T> register(Selector<T> selector, Interest interest, T data)
            throws ErrnoException {
        return selector.register(channel, interest, data);
    }

    @Override
    public void send(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        try {
            int sent = channel.write(ByteBuffer.wrap(bytes));
            if (sent != bytes.length) {
                throw new AssertionError("sent " + sent + " of " + bytes.length);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String receive() {
        var buffer = ByteBuffer.allocate(65_536);
        try {
            int count = channel.read(buffer);
            return count == 0 ? null : UTF_8.decode(buffer.flip()).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void finish() {
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
