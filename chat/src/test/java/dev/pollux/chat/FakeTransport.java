package dev.pollux.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pollux.engines.SharedBytes;
import dev.pollux.engines.Transport;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/// A transport whose peer is the test: it keeps what was written.
final class FakeTransport implements Transport {
    private final SocketAddress peer;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    boolean writable = true;
    boolean open = true;
    boolean reading = true;

    FakeTransport(int port) {
        this(new InetSocketAddress("127.0.0.1", port));
    }

    FakeTransport(SocketAddress peer) {
        this.peer = peer;
    }

    /// What was written since the last call.
    String taken() {
        var text = written.toString(UTF_8);
        written.reset();
        return text;
    }

    @Override
    public void write(SharedBytes bytes) {
        write(bytes.view());
    }

    @Override
    public void write(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        if (open) {
            written.writeBytes(copy);
        }
    }

    @Override
    public void close() {
        open = false;
    }

    @Override
    public void abort() {
        open = false;
    }

    @Override
    public void pauseReading() {
        reading = false;
    }

    @Override
    public void resumeReading() {
        reading = true;
    }

    @Override
    public long queuedBytes() {
        return 0;
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    @Override
    public SocketAddress peer() {
        return peer;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        throw new UnsupportedOperationException("the chat has no timers");
    }
}
