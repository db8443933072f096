package dev.pollux.http;

/// The part of a file that a `Range` field asks for (RFC 9110, section 14), when it asks for one
/// part only. What it does not understand, or several parts, means the whole file: a server may
/// always send that.
///
/// @param from the first byte
/// @param size how many, at least one; all of them lie within the file
record ByteRange(long from, long size) {
    /// What a `Range` field amounts to.
    sealed interface Wish {
        /// The whole file.
        record Whole() implements Wish {}

        /// One part of it.
        record Part(ByteRange range) implements Wish {}

        /// A part that the file does not have.
        record Beyond() implements Wish {}
    }

    private static final Wish WHOLE = new Wish.Whole();
    private static final String UNIT = "bytes=";

    /// Digits of a position; no file is larger.
    private static final int DIGITS_MAX = 18;

    /// {@return what is wished for}
    ///
    /// @param field the value of the field
    /// @param fileSize the bytes of the file
    static Wish parse(String field, long fileSize) {
        int dash = field.indexOf('-');
        if (!field.regionMatches(true, 0, UNIT, 0, UNIT.length()) || dash < 0 || fileSize == 0) {
            return WHOLE;
        }
        String first = field.substring(UNIT.length(), dash);
        String last = field.substring(dash + 1);
        boolean suffix = first.isEmpty();
        if ((!suffix && !isNumber(first)) || (!last.isEmpty() && !isNumber(last))) {
            return WHOLE;
        }
        if (suffix) {
            return last.isEmpty() ? WHOLE : suffix(Long.parseLong(last), fileSize);
        }
        long from = Long.parseLong(first);
        long to = last.isEmpty() ? Long.MAX_VALUE : Long.parseLong(last);
        if (to < from) {
            return WHOLE;
        }
        if (from >= fileSize) {
            return new Wish.Beyond();
        }
        return new Wish.Part(new ByteRange(from, Math.min(to, fileSize - 1) - from + 1));
    }

    private static Wish suffix(long length, long fileSize) {
        long size = Math.min(length, fileSize);
        return size == 0 ? new Wish.Beyond() : new Wish.Part(new ByteRange(fileSize - size, size));
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty()
                && text.length() <= DIGITS_MAX
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /// {@return the value of `Content-Range`}
    String of(long fileSize) {
        return "bytes " + from + "-" + (from + size - 1) + "/" + fileSize;
    }

    /// {@return the value of `Content-Range` that goes with 416}
    static String none(long fileSize) {
        return "bytes */" + fileSize;
    }
}
