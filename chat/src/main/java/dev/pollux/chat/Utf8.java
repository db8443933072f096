package dev.pollux.chat;

/// Well-formed UTF-8, byte by byte: the table 3-7 of the Unicode standard.
final class Utf8 {
    private Utf8() {}

    /// {@return the length in bytes, 2 to 4, of the well-formed sequence that begins at `at` with a
    /// byte above 0x7F; 0 when there is none}
    ///
    /// @param bytes the text
    /// @param at where the sequence begins
    /// @param end where the text ends
    static int sequenceLength(byte[] bytes, int at, int end) {
        int lead = bytes[at] & 0xFF;
        if (lead < 0xC2 || lead > 0xF4) {
            return 0;
        }
        int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (end - at < length) {
            return 0;
        }
        int second = bytes[at + 1] & 0xFF;
        if (second < secondMin(lead) || second > secondMax(lead)) {
            return 0;
        }
        for (int i = at + 2; i < at + length; i++) {
            if ((bytes[i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    /// {@return the character of a well-formed sequence}
    ///
    /// @param bytes the text
    /// @param at where the sequence begins
    /// @param length from [#sequenceLength]
    static int codePoint(byte[] bytes, int at, int length) {
        int c = bytes[at] & (0x7F >> length);
        for (int i = at + 1; i < at + length; i++) {
            c = c << 6 | (bytes[i] & 0x3F);
        }
        return c;
    }

    /// Below are the overlong forms.
    private static int secondMin(int lead) {
        return switch (lead) {
            case 0xE0 -> 0xA0;
            case 0xF0 -> 0x90;
            default -> 0x80;
        };
    }

    /// Above are the surrogates (ED) and what is beyond U+10FFFF (F4).
    private static int secondMax(int lead) {
        return switch (lead) {
            case 0xED -> 0x9F;
            case 0xF4 -> 0x8F;
            default -> 0xBF;
        };
    }
}
