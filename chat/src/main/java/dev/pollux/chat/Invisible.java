package dev.pollux.chat;

/// Characters that are not seen and yet change what is seen, or hide something in it.
///
/// Refused in texts are those that no script and no emoji needs: what turns the direction of the
/// characters around it (so that a line reads otherwise than it was written), the line and
/// paragraph separators (so that it looks like two), spaces without width, invisible operators, and
/// tags (which can carry a whole hidden text). What scripts and emoji do need is text: the joiners
/// U+200C and U+200D, the marks U+061C, U+200E and U+200F, variation selectors. The flags that are
/// spelled in tags (England, Scotland, Wales) are the price.
///
/// In names, where two must never look alike, none of them is needed.
final class Invisible {
    private Invisible() {}

    /// {@return whether a character is refused in texts}
    ///
    /// @param c a code point
    static boolean inText(int c) {
        return c == 0x200B
                || within(c, 0x2028, 0x202E)
                || within(c, 0x2060, 0x206F)
                || c == 0xFEFF
                || within(c, 0xFFF9, 0xFFFB)
                || within(c, 0xE0000, 0xE00FF);
    }

    /// {@return whether a character is refused in names: all that Unicode calls default ignorable}
    ///
    /// @param c a code point
    static boolean inName(int c) {
        return inText(c)
                || c == 0x00AD
                || c == 0x034F
                || c == 0x061C
                || within(c, 0x115F, 0x1160)
                || within(c, 0x17B4, 0x17B5)
                || within(c, 0x180B, 0x180F)
                || within(c, 0x200C, 0x200F)
                || c == 0x3164
                || within(c, 0xFE00, 0xFE0F)
                || c == 0xFFA0
                || within(c, 0xFFF0, 0xFFF8)
                || within(c, 0x1BCA0, 0x1BCA3)
                || within(c, 0x1D173, 0x1D17A)
                || within(c, 0xE0100, 0xE0FFF);
    }

    private static boolean within(int c, int first, int last) {
        return c >= first && c <= last;
    }
}
