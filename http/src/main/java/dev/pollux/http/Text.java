package dev.pollux.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/// Bytes of a message as text.
final class Text {
    private Text() {}

    /// {@return the text: UTF-8 when it is valid UTF-8, else Latin-1}
    static String decode(byte[] bytes, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (bytes[i] < 0) {
                String text = utf8(bytes, from, length);
                return text != null ? text : new String(bytes, from, length, ISO_8859_1);
            }
        }
        return new String(bytes, from, length, ISO_8859_1);
    }

    /// {@return the text, null when it is no valid UTF-8}
    static @Nullable String utf8(byte[] bytes, int from, int length) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, length)).toString();
        } catch (CharacterCodingException _) {
            // An answer, not a failure: the caller decides what it means.
            return null;
        }
    }
}
