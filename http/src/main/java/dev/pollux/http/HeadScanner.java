package dev.pollux.http;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Finds the end of a request's head, and refuses what can be no head, or too large a one, as soon
/// as that shows. It remembers how far it has looked, so a head that arrives byte by byte is still
/// looked at once.
///
/// What it decides depends on the bytes alone, never on how they were split.
final class HeadScanner {
    private static final long LINE_FEEDS = 0x0a0a0a0a0a0a0a0aL;
    private static final long LOWS = 0x7f7f7f7f7f7f7f7fL;

    private final HttpLimits limits;

    /// Bytes of this head already looked at.
    private int scanned;

    /// Where the current line begins, from the beginning of the head.
    private int lineStart;

    /// Complete lines so far, the request line included.
    private int lines;

    /// Whether an empty line before the request line has been skipped; one is.
    private boolean skippedBlank;

    HeadScanner(HttpLimits limits) {
        this.limits = limits;
    }

    /// {@return whether a part of a head has been seen}
    boolean hasBegun() {
        return scanned > 0;
    }

    /// {@return how many header fields the head has, once its end has been found}
    int fields() {
        return lines - 1;
    }

    /// Makes it ready for the next head.
    void reset() {
        scanned = 0;
        lineStart = 0;
        lines = 0;
        skippedBlank = false;
    }

    /// Looks on.
    ///
    /// @param bytes from its position on: the head from its beginning, and what follows it. Nothing
    ///   is consumed but an empty line in front of the head
    /// @return how many bytes the head has, its empty line included; 0 when its end has not come
    /// @throws RejectedException when it will never be a head
    int scan(ByteBuffer bytes) throws RejectedException {
        if (scanned == 0 && !begins(bytes)) {
            return 0;
        }
        int start = bytes.position();
        int end = bytes.limit();
        int from = start + scanned;
        while (true) {
            int feed = indexOfLineFeed(bytes, from, end);
            requireSize(bytes, (feed < 0 ? end : feed + 1) - start, feed >= 0);
            if (feed < 0) {
                scanned = end - start;
                return 0;
            }
            int at = feed - start;
            if (at == lineStart || bytes.get(feed - 1) != '\r') {
                throw RejectedException.bad("a line that does not end with CR LF");
            }
            if (at == lineStart + 1) {
                scanned = at + 1;
                return scanned;
            }
            lines++;
            if (lines - 1 > limits.headersMax()) {
                throw new RejectedException(Status.HEADERS_TOO_LARGE, "too many header fields");
            }
            lineStart = at + 1;
            from = feed + 1;
        }
    }

    /// Looks at the first byte: skips one empty line, and refuses what is no method.
    private boolean begins(ByteBuffer bytes) throws RejectedException {
        int at = bytes.position();
        byte first = bytes.get(at);
        if (first == '\r' && !skippedBlank) {
            if (bytes.remaining() == 1) {
                return false;
            }
            if (bytes.get(at + 1) == '\n') {
                bytes.position(at + 2);
                skippedBlank = true;
                return bytes.hasRemaining() && begins(bytes);
            }
        }
        if (!Grammar.is(Grammar.TOKEN, first)) {
            throw RejectedException.bad("a request does not begin with a method");
        }
        return true;
    }

    /// @param seen bytes of the head seen so far
    /// @param line whether they end with a line's end
    private void requireSize(ByteBuffer bytes, int seen, boolean line) throws RejectedException {
        int max = limits.requestLineBytesMax();
        if (lines == 0 && (line ? seen > max : seen >= max)) {
            throw lineTooLong(bytes, max);
        }
        max = limits.headBytesMax();
        if (line ? seen > max : seen >= max) {
            throw new RejectedException(Status.HEADERS_TOO_LARGE, "the header fields are too long");
        }
    }

    /// Says which part of the line is to blame: the method, or the target.
    private static RejectedException lineTooLong(ByteBuffer bytes, int max) {
        for (int i = 0; i < max; i++) {
            if (bytes.get(bytes.position() + i) == ' ') {
                return new RejectedException(Status.URI_TOO_LONG, "the request line is too long");
            }
        }
        return new RejectedException(Status.NOT_IMPLEMENTED, "the method is too long");
    }

    private static int indexOfLineFeed(ByteBuffer bytes, int from, int to) {
        int i = from;
        boolean little = bytes.order() == ByteOrder.LITTLE_ENDIAN;
        while (i + 8 <= to) {
            long word = bytes.getLong(i) ^ LINE_FEEDS;
            // The high bit of each byte that was a line feed; exact, nothing is carried over.
            long found = ~(((word & LOWS) + LOWS) | word | LOWS);
            if (found != 0) {
                int bit =
                        little
                                ? Long.numberOfTrailingZeros(found)
                                : Long.numberOfLeadingZeros(found);
                return i + (bit >>> 3);
            }
            i += 8;
        }
        while (i < to) {
            if (bytes.get(i) == '\n') {
                return i;
            }
            i++;
        }
        return -1;
    }
}
