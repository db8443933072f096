package dev.pollux.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The character classes of RFC 9110, RFC 9112 and RFC 3986, as one table of bits.
final class Grammar {
    /// `tchar`: names of fields and methods.
    static final int TOKEN = 1;

    /// What a field value may hold: visible characters, `obs-text`, space and tab.
    static final int FIELD = 2;

    /// What a registered name may hold, except `%`: unreserved and sub-delims. Without the comma:
    /// no host needs one, and it is what two merged `Host` lines look like.
    static final int HOST = 4;

    /// `pchar` and `/`; escapes are checked when they are decoded.
    static final int PATH = 8;

    /// What a query may hold. More than RFC 3986 allows: browsers send these unescaped, and nothing
    /// here gives them a meaning.
    static final int QUERY = 16;

    private static final String LETTERS_AND_DIGITS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final byte[] CLASSES = classes();

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    private Grammar() {}

    private static byte[] classes() {
        var table = new byte[256];
        add(table, TOKEN, LETTERS_AND_DIGITS + "!#$%&'*+-.^_`|~");
        add(table, HOST, LETTERS_AND_DIGITS + "-._~!$&'()*+;=");
        add(table, PATH, LETTERS_AND_DIGITS + "-._~!$&'()*+,;=:@/%");
        add(table, QUERY, LETTERS_AND_DIGITS + "-._~!$&'()*+,;=:@/%?[]\\^`{|}");
        for (int c = 0; c < 256; c++) {
            if (c == '\t' || (c >= ' ' && c != 0x7f)) {
                table[c] |= FIELD;
            }
        }
        return table;
    }

    private static void add(byte[] table, int kind, String members) {
        for (int i = 0; i < members.length(); i++) {
            table[members.charAt(i)] |= (byte) kind;
        }
    }

    /// {@return whether a byte belongs to a class}
    static boolean is(int kind, byte b) {
        return (CLASSES[b & 0xff] & kind) != 0;
    }

    /// {@return whether a character belongs to a class}
    static boolean is(int kind, char c) {
        return c < 256 && (CLASSES[c] & kind) != 0;
    }

    /// {@return the value of a hexadecimal digit, -1 when it is none}
    static int hex(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /// {@return the first index in `[from, to)` whose byte is not of a class, `to` when all are}
    static int span(int kind, byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && is(kind, bytes[i])) {
            i++;
        }
        return i;
    }

    /// {@return the same as `span(FIELD, ...)`, eight bytes at a time}
    static int spanField(byte[] bytes, int from, int to) {
        int i = from;
        while (i + 8 <= to) {
            long word = (long) LONG.get(bytes, i);
            long below = (word - ONES * 0x20) & ~word;
            long delete = word ^ ONES * 0x7f;
            long odd = (below | ((delete - ONES) & ~delete)) & HIGHS;
            if (odd == 0) {
                i += 8;
                continue;
            }
            // Bytes before the lowest mark are fine: borrows travel upwards only.
            i += Long.numberOfTrailingZeros(odd) >>> 3;
            if (!is(FIELD, bytes[i])) {
                return i;
            }
            i++;
        }
        return span(FIELD, bytes, i, to);
    }

    /// {@return whether the bytes are a word, whatever their case}
    ///
    /// @param bytes where to look
    /// @param from the first byte
    /// @param length how many bytes
    /// @param lower the word: lower-case letters, digits and hyphens
    static boolean equalsIgnoreCase(byte[] bytes, int from, int length, String lower) {
        if (length != lower.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            byte b = bytes[from + i];
            char c = lower.charAt(i);
            if (b != c && (c < 'a' || c > 'z' || (b | 0x20) != c)) {
                return false;
            }
        }
        return true;
    }
}
