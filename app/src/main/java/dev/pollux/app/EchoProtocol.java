package dev.pollux.app;

import dev.pollux.engines.Protocol;
import dev.pollux.engines.Transport;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Sends each chunk back. A peer that does not read its replies is not read from until it does.
final class EchoProtocol implements Protocol {
    private final Reply reply;

    /// The reply under way, grown to the largest one so far; null while there was none to compose.
    private @Nullable ByteBuffer buffer;

    private @Nullable Transport transport;

    EchoProtocol(Reply reply) {
        this.reply = reply;
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
        ByteBuffer to = room(reply.before().length() + chunk.remaining() + reply.after().length());
        putAscii(reply.before(), to);
        if (reply.capitals()) {
            putCapitals(chunk, to);
        } else {
            to.put(chunk);
        }
        putAscii(reply.after(), to);
        return to.flip();
    }

    private ByteBuffer room(int size) {
        ByteBuffer before = buffer;
        if (before != null && before.capacity() >= size) {
            return before.clear();
        }
        ByteBuffer larger = ByteBuffer.allocate(size);
        buffer = larger;
        return larger;
    }

    private static void putAscii(String text, ByteBuffer to) {
        for (int i = 0; i < text.length(); i++) {
            to.put((byte) text.charAt(i));
        }
    }

    private static void putCapitals(ByteBuffer chunk, ByteBuffer to) {
        while (chunk.hasRemaining()) {
            byte b = chunk.get();
            to.put(b >= 'a' && b <= 'z' ? (byte) (b - 'a' + 'A') : b);
        }
    }

    @Override
    public void writable() {
        if (transport != null) {
            transport.resumeReading();
        }
    }
}
