package dev.pollux.http;

/// Where the body of a request ends: the one place that decides it (RFC 9112, section 6.3).
///
/// Whoever answers this question differently from a proxy in front of it can be made to take one
/// request's body for the next request. So anything unclear is refused, and the connection closed.
sealed interface Framing {
    /// There is no body.
    record None() implements Framing {}

    /// The body has a known length.
    ///
    /// @param bytes how many, more than zero
    record Length(long bytes) implements Framing {}

    /// The body comes in chunks.
    record Chunked() implements Framing {}

    /// Nobody can say.
    ///
    /// @param status what the request is answered with
    /// @param reason why
    record Refused(Status status, String reason) implements Framing {}

    /// What the `Transfer-Encoding` fields of a request amount to.
    enum Coding {
        /// There is no such field.
        ABSENT,
        /// Exactly `chunked`.
        CHUNKED,
        /// Other codings, and then `chunked`.
        OTHERS_THEN_CHUNKED,
        /// Anything else.
        MALFORMED
    }

    /// The length of a request without a `Content-Length` field.
    long ABSENT = -1;

    /// The length of a request whose `Content-Length` fields are no single number.
    long MALFORMED = -2;

    /// The one answer without a body.
    Framing NONE = new None();

    /// The one answer for chunks.
    Framing CHUNKED = new Chunked();

    /// Decides.
    ///
    /// @param minor the minor version of HTTP/1
    /// @param length the value of `Content-Length`, [#ABSENT] or [#MALFORMED]
    /// @param coding what the `Transfer-Encoding` fields amount to
    /// @return where the body ends
    static Framing decide(int minor, long length, Coding coding) {
        if (coding == Coding.ABSENT) {
            if (length == MALFORMED) {
                return new Refused(Status.BAD_REQUEST, "Content-Length is no single number");
            }
            return length > 0 ? new Length(length) : NONE;
        }
        if (minor == 0) {
            return new Refused(Status.BAD_REQUEST, "Transfer-Encoding in HTTP/1.0");
        }
        if (length != ABSENT) {
            return new Refused(
                    Status.BAD_REQUEST, "both Content-Length and Transfer-Encoding are given");
        }
        return switch (coding) {
            case ABSENT, MALFORMED ->
                    new Refused(Status.BAD_REQUEST, "Transfer-Encoding must be chunked");
            case OTHERS_THEN_CHUNKED ->
                    new Refused(Status.NOT_IMPLEMENTED, "Transfer-Encoding must be chunked alone");
            case CHUNKED -> CHUNKED;
        };
    }

    /// {@return the number, [#MALFORMED] when the bytes are not decimal digits alone or too many}
    static long parseLength(byte[] bytes, int from, int to) {
        if (from == to) {
            return MALFORMED;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
                return MALFORMED;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /// {@return what one `Transfer-Encoding` field amounts to}
    static Coding parseCoding(byte[] bytes, int from, int to) {
        if (Grammar.equalsIgnoreCase(bytes, from, to - from, "chunked")) {
            return Coding.CHUNKED;
        }
        int end = from;
        for (int at = from; ; at = end + 1) {
            while (at < to && Grammar.isBlank(bytes[at])) {
                at++;
            }
            end = Grammar.span(Grammar.TOKEN, bytes, at, to);
            boolean chunked = Grammar.equalsIgnoreCase(bytes, at, end - at, "chunked");
            boolean last = end == to;
            if (chunked != last || end == at) {
                return Coding.MALFORMED;
            }
            if (last) {
                return Coding.OTHERS_THEN_CHUNKED;
            }
            while (end < to && Grammar.isBlank(bytes[end])) {
                end++;
            }
            if (end == to || bytes[end] != ',') {
                return Coding.MALFORMED;
            }
        }
    }
}
