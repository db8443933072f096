package dev.pollux.engines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Bytes to send, and protocols that send them back.
public final class Texts {
    private Texts() {}

    public static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Sends where nothing checked may be thrown.
    static void sendUnchecked(Client client, String text) {
        try {
            client.send(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// {@return all there is, taken, as text}
    public static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    /// {@return so many bytes, each of which tells its place apart from its neighbours'}
    public static byte[] pattern(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31 + (i >>> 8) * 7 + (i >>> 16));
        }
        return bytes;
    }

    /// {@return a protocol that sends back whatever comes}
    public static Protocol echo() {
        return new Scripted().onReceived(Transport::write);
    }

    /// {@return a protocol that sends each whole line back, in brackets, and leaves the rest}
    public static Scripted lines() {
        return new Scripted().onReceived(Texts::answerLines);
    }

    private static void answerLines(Transport transport, ByteBuffer bytes) {
        for (int end = lineEnd(bytes); end >= 0; end = lineEnd(bytes)) {
            transport.write(utf8("<"));
            transport.write(bytes.slice(bytes.position(), end - bytes.position()));
            transport.write(utf8(">\n"));
            bytes.position(end + 1);
        }
    }

    private static int lineEnd(ByteBuffer bytes) {
        for (int i = bytes.position(); i < bytes.limit(); i++) {
            if (bytes.get(i) == '\n') {
                return i;
            }
        }
        return -1;
    }
}
