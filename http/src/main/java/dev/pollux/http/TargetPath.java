package dev.pollux.http;

/// The path of a request target made plain: dot segments removed (RFC 3986, section 5.2.4), escapes
/// decoded once, as UTF-8.
///
/// What could mean one path here and another one elsewhere is refused: an escaped slash or
/// backslash, a dot segment that shows only after decoding, a control character, an escape that is
/// none, bytes that are no UTF-8.
final class TargetPath {
    private final byte[] bytes;
    private final byte[] out;
    private int size;

    private TargetPath(byte[] bytes, int room) {
        this.bytes = bytes;
        this.out = new byte[room];
    }

    /// {@return whether the path is already plain}
    static boolean isPlain(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b == '%' || (b == '.' && bytes[i - 1] == '/')) {
                return false;
            }
        }
        return true;
    }

    /// {@return the plain path}
    ///
    /// @param bytes the head of the request
    /// @param from where the path begins: a slash
    /// @param to behind its last byte; all are of [Grammar#PATH]
    /// @throws RejectedException when it is refused
    static String decode(byte[] bytes, int from, int to) throws RejectedException {
        var path = new TargetPath(bytes, to - from + 1);
        int at = from;
        while (at < to) {
            int end = at + 1;
            while (end < to && bytes[end] != '/') {
                end++;
            }
            path.segment(at + 1, end, end == to);
            at = end;
        }
        String text = Text.utf8(path.out, 0, path.size);
        if (text == null) {
            throw RejectedException.bad("the path is no UTF-8");
        }
        return text;
    }

    /// Adds one segment, which a slash precedes.
    private void segment(int from, int to, boolean last) throws RejectedException {
        int dots = dots(bytes, from, to);
        if (dots > 0) {
            if (dots == 2) {
                dropSegment();
            }
            if (last) {
                out[size++] = '/';
            }
            return;
        }
        out[size++] = '/';
        int start = size;
        for (int i = from; i < to; i++) {
            if (bytes[i] == '%') {
                out[size++] = escaped(i, to);
                i += 2;
            } else {
                out[size++] = bytes[i];
            }
        }
        if (dots(out, start, size) > 0) {
            throw RejectedException.bad("an escaped dot segment in the path");
        }
    }

    private void dropSegment() {
        while (size > 0 && out[--size] != '/') {
            // Only the position matters.
        }
    }

    /// {@return 1 for `.`, 2 for `..`, 0 for anything else}
    private static int dots(byte[] bytes, int from, int to) {
        int length = to - from;
        boolean one = length == 1 && bytes[from] == '.';
        boolean two = length == 2 && bytes[from] == '.' && bytes[from + 1] == '.';
        return one || two ? length : 0;
    }

    private byte escaped(int at, int to) throws RejectedException {
        int high = at + 1 < to ? Grammar.hex(bytes[at + 1]) : -1;
        int low = at + 2 < to ? Grammar.hex(bytes[at + 2]) : -1;
        if (high < 0 || low < 0) {
            throw RejectedException.bad("a percent sign in the path that begins no escape");
        }
        int value = high << 4 | low;
        if (value == '/' || value == '\\') {
            throw RejectedException.bad("an escaped slash or backslash in the path");
        }
        if (value < ' ' || value == 0x7f) {
            throw RejectedException.bad("an escaped control character in the path");
        }
        return (byte) value;
    }

    /// {@return a plain path as it is written in a header field or a link}
    static String encode(String path) {
        var text = new StringBuilder();
        for (byte b : path.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            if (b != '%' && Grammar.is(Grammar.PATH, b)) {
                text.append((char) b);
            } else {
                text.append('%');
                text.append(Character.toUpperCase(Character.forDigit((b >> 4) & 15, 16)));
                text.append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
            }
        }
        return text.toString();
    }
}
