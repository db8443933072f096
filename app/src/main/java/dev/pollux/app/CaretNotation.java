package dev.pollux.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;

/// Makes visible what a terminal would obey: an ESC as `^[`, a DEL as `^?`, the controls above 0x7F
/// and bytes that are no UTF-8 as `\x9b`. Line ends, LF and CR LF, and TAB stay as they are.
///
/// A stream may be cut anywhere: what may still become a character, or a line's end, is kept until
/// it is decided. Belongs to one thread.
final class CaretNotation {
    /// How much longer it makes a text at most, in bytes for a byte.
    static final int LONGER_MAX = 4;

    private static final int CHARS = 1024;

    private final CharsetDecoder decoder = UTF_8.newDecoder();
    private final CharBuffer chars = CharBuffer.allocate(CHARS);

    /// The beginning of a character.
    private ByteBuffer rest = ByteBuffer.allocate(0);

    /// Whether the last character was a CR, which is not shown yet.
    private boolean returned;

    /// Takes the next bytes.
    ///
    /// @param bytes what has come
    /// @param last whether nothing comes after them
    /// @return what is to be shown of it by now
    byte[] show(byte[] bytes, boolean last) {
        var in = ByteBuffer.allocate(rest.remaining() + bytes.length).put(rest).put(bytes).flip();
        var shown = new StringBuilder(in.remaining());
        CoderResult result;
        do {
            result = decoder.decode(in, chars.clear(), last);
            chars.flip().chars().forEach(c -> show((char) c, shown));
            for (int i = 0; result.isMalformed() && i < result.length(); i++) {
                endReturn(shown);
                shown.append(hex(in.get() & 0xFF));
            }
        } while (!result.isUnderflow());
        if (last) {
            endReturn(shown);
        }
        rest = in;
        return shown.toString().getBytes(UTF_8);
    }

    private void show(char c, StringBuilder shown) {
        if (c == '\n' && returned) {
            returned = false;
            shown.append('\r');
        }
        endReturn(shown);
        if (c == '\r') {
            returned = true;
        } else if (!Character.isISOControl(c) || c == '\n' || c == '\t') {
            shown.append(c);
        } else if (c < 0x80) {
            shown.append('^').append((char) (c ^ 0x40));
        } else {
            shown.append(hex(c));
        }
    }

    private void endReturn(StringBuilder shown) {
        if (returned) {
            returned = false;
            shown.append("^M");
        }
    }

    private static String hex(int number) {
        return "\\x%02x".formatted(number);
    }
}
