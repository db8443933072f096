package dev.pollux.app;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.pollux.engines.Protocol;
import dev.pollux.engines.Transport;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Sends each chunk back. A peer that does not read its replies is not read from until it does.
final class EchoProtocol implements Protocol {
    private final Reply reply;
    private final byte[] before;
    private final byte[] after;

    /// The reply under way; grown to the largest one so far.
    private ByteBuffer buffer = ByteBuffer.allocate(0);

    private @Nullable Transport transport;

    EchoProtocol(Reply reply) {
        this.reply = reply;
        this.before = reply.before().getBytes(US_ASCII);
        this.after = reply.after().getBytes(US_ASCII);
    }

    @Override
    public void connected(Transport transport) {
        this.transport = transport;
    }

    @Override
    public void received(ByteBuffer bytes) {
        if (transport == null) {
            throw new IllegalStateException("not connected");
        }
        transport.write(reply == Reply.SAME ? bytes : reply(bytes));
        if (!transport.isWritable()) {
            transport.pauseReading();
        }
    }

    private ByteBuffer reply(ByteBuffer chunk) {
        int size = before.length + chunk.remaining() + after.length;
        if (buffer.capacity() < size) {
            buffer = ByteBuffer.allocate(size);
        }
        buffer.clear().put(before);
        if (reply.capitals()) {
            putCapitals(chunk);
        } else {
            buffer.put(chunk);
        }
        return buffer.put(after).flip();
    }

    private void putCapitals(ByteBuffer chunk) {
        while (chunk.hasRemaining()) {
            byte b = chunk.get();
            buffer.put(b >= 'a' && b <= 'z' ? (byte) (b - 'a' + 'A') : b);
        }
    }

    @Override
    public void writable() {
        if (transport != null) {
            transport.resumeReading();
        }
    }
}
