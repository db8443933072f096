package dev.pollux.engines;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// A peer of the engine under test: a blocking socket of the JDK's.
public final class Client implements AutoCloseable {
    private final SocketChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);

    /// The engine is able to reset.
    private boolean canBeReset = true;

    private Client(SocketChannel channel) {
        this.channel = channel;
    }

    public static Client connect(SocketAddress door) throws IOException {
        return new Client(SocketChannel.open(door));
    }

    /// Connects with a small receive buffer, so that little can be on its way.
    public static Client connectNarrow(SocketAddress door) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 64 * 1024);
        channel.connect(door);
        return new Client(channel);
    }

    public boolean isOpen() {
        return channel.isOpen();
    }

    public SocketAddress address() throws IOException {
        return channel.getLocalAddress();
    }

    public Client send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    public Client send(byte[] bytes) throws IOException {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        while (source.hasRemaining()) {
            channel.write(source);
        }
        return this;
    }

    /// {@return exactly so many bytes}
    public byte[] receive(int size) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(size);
        while (target.hasRemaining()) {
            if (channel.read(target) < 0) {
                throw new EOFException("the end after " + target.position() + " of " + size);
            }
        }
        return target.array();
    }

    /// {@return as many bytes as the expected text has, as text}
    public String receive(String expected) throws IOException {
        int size = expected.getBytes(StandardCharsets.UTF_8).length;
        return new String(receive(size), StandardCharsets.UTF_8);
    }

    /// {@return everything up to the end of input}
    public byte[] receiveToEnd() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (readInto(all)) {}
        return all.toByteArray();
    }

    public String receiveTextToEnd() throws IOException {
        return new String(receiveToEnd(), StandardCharsets.UTF_8);
    }

    /// {@return what comes before the end of input or a reset}
    public byte[] receiveWhatComes() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            while (readInto(all)) {}
        } catch (IOException _) {
            // A reset is an end as well.
        }
        return all.toByteArray();
    }

    private boolean readInto(ByteArrayOutputStream all) throws IOException {
        buffer.clear();
        int count = channel.read(buffer);
        if (count < 0) {
            return false;
        }
        byte[] part = new byte[count];
        buffer.flip().get(part);
        all.writeBytes(part);
        return true;
    }

    /// The engine's model cannot reset: a connection that is cut off ends like any other.
    void cannotBeReset() {
        canBeReset = false;
    }

    /// What comes next is a reset, whatever was sent before it; an end in any form from a model
    /// that cannot reset.
    public void assertReset() {
        if (!canBeReset) {
            receiveWhatComes();
            return;
        }
        assertThatThrownBy(this::receiveToEnd)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("reset");
    }

    /// Ends the sending half.
    public Client endOutput() throws IOException {
        channel.shutdownOutput();
        return this;
    }

    /// Dies: the engine gets a reset.
    public void reset() throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
