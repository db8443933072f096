package dev.pollux.http;

import static dev.pollux.http.Exchange.get;
import static dev.pollux.http.Exchange.refused;
import static dev.pollux.http.Exchange.request;
import static dev.pollux.http.Exchange.served;
import static dev.pollux.http.Exchange.servedLast;

import java.util.stream.Stream;

/// Bodies: where they end, and how chunks are written (RFC 9112, sections 6 and 7).
final class BodyExchanges {
    private static final String NEXT = request("GET /next HTTP/1.1");

    private BodyExchanges() {}

    static Stream<Exchange> all() {
        return Stream.of(
                        lengths(),
                        badLengths(),
                        codings(),
                        badCodings(),
                        chunks(),
                        badChunks(),
                        extensions(),
                        trailers())
                .flatMap(all -> all);
    }

    private static String post(String body, String... fields) {
        return request("POST / HTTP/1.1", fields) + body;
    }

    private static String chunked(String body) {
        return post(body, "Transfer-Encoding: chunked");
    }

    private static Stream<Exchange> lengths() {
        String large = Integer.toString(HttpLimits.DEFAULT.bodyBytesMax() + 1);
        return Stream.of(
                served(
                        "a length",
                        post("hello", "Content-Length: 5") + NEXT,
                        "POST / [hello]",
                        "GET /next []"),
                served("no length: no body", post("") + NEXT, "POST / []", "GET /next []"),
                served(
                        "a length of zero",
                        post("", "Content-Length: 0") + NEXT,
                        "POST / []",
                        "GET /next []"),
                served(
                        "leading zeros",
                        post("hello", "Content-Length: 005") + NEXT,
                        "POST / [hello]",
                        "GET /next []"),
                served(
                        "a GET with a body is read to its end",
                        get("Content-Length: 5") + "hello" + NEXT,
                        "GET / [hello]",
                        "GET /next []"),
                served(
                        "a request in a body is a body",
                        get("Content-Length: " + NEXT.length()) + NEXT,
                        "GET / [" + NEXT + "]"),
                servedLast(
                        "a body in HTTP/1.0",
                        request("POST / HTTP/1.0", "Content-Length: 5") + "hello",
                        "POST / [hello]"),
                refused(413, "a length too large", post("", "Content-Length: " + large)),
                refused(413, "a huge length", post("", "Content-Length: 9223372036854775807")),
                refused(
                        400,
                        "a length beyond 63 bits",
                        post("", "Content-Length: 9223372036854775808")),
                refused(
                        400,
                        "a length beyond 64 bits",
                        post("", "Content-Length: 18446744073709551621")));
    }

    private static Stream<Exchange> badLengths() {
        return Stream.of(
                refused(400, "a plus sign", post("hello", "Content-Length: +5")),
                refused(400, "a minus sign", post("hello", "Content-Length: -5")),
                refused(400, "minus zero", post("", "Content-Length: -0")),
                refused(400, "hexadecimal", post("hello", "Content-Length: 0x5")),
                refused(400, "a fraction", post("hello", "Content-Length: 5.0")),
                refused(400, "an exponent", post("hello", "Content-Length: 5e0")),
                refused(400, "an empty length", post("hello", "Content-Length:")),
                refused(400, "a word", post("hello", "Content-Length: five")),
                refused(400, "a quoted length", post("hello", "Content-Length: \"5\"")),
                refused(400, "two numbers", post("hello", "Content-Length: 5 5")),
                refused(400, "a list of lengths", post("hello", "Content-Length: 5, 5")),
                refused(400, "a list of two lengths", post("hello", "Content-Length: 5, 6")),
                refused(
                        400,
                        "two lengths",
                        post("hello", "Content-Length: 5", "Content-Length: 6")),
                refused(
                        400,
                        "the same length twice",
                        post("hello", "Content-Length: 5", "Content-Length: 5")),
                refused(
                        400,
                        "an empty length second",
                        post("hello", "Content-Length: 5", "Content-Length:")),
                refused(400, "digits of another script", post("hello", "Content-Length: \u0665")));
    }

    private static Stream<Exchange> codings() {
        String none = "0\r\n\r\n";
        return Stream.of(
                served(
                        "in capitals",
                        post(none, "Transfer-Encoding: CHUNKED") + NEXT,
                        "POST / []",
                        "GET /next []"),
                served(
                        "a chunked GET",
                        get("Transfer-Encoding: chunked") + none + NEXT,
                        "GET / []",
                        "GET /next []"),
                refused(
                        400,
                        "a length and a coding",
                        post(none, "Content-Length: 5", "Transfer-Encoding: chunked")),
                refused(
                        400,
                        "a coding and a length",
                        post(none, "Transfer-Encoding: chunked", "Content-Length: 5")),
                refused(
                        400,
                        "a coding and a length of zero",
                        post(none, "Transfer-Encoding: chunked", "Content-Length: 0")),
                refused(
                        400,
                        "a coding and a broken length",
                        post(none, "Transfer-Encoding: chunked", "Content-Length: x")),
                refused(
                        400,
                        "a coding in HTTP/1.0",
                        request("POST / HTTP/1.0", "Transfer-Encoding: chunked") + none),
                refused(
                        400,
                        "a coding and a length in HTTP/1.0",
                        request(
                                "POST / HTTP/1.0",
                                "Transfer-Encoding: chunked",
                                "Content-Length: 5")));
    }

    private static Stream<Exchange> badCodings() {
        String none = "0\r\n\r\n";
        return Stream.of(
                refused(400, "an unknown coding", post("", "Transfer-Encoding: xchunked")),
                refused(400, "gzip alone", post("", "Transfer-Encoding: gzip")),
                refused(400, "identity", post("", "Transfer-Encoding: identity")),
                refused(501, "gzip, chunked", post(none, "Transfer-Encoding: gzip, chunked")),
                refused(
                        501,
                        "identity, chunked",
                        post(none, "Transfer-Encoding: identity , chunked")),
                refused(400, "chunked, gzip", post(none, "Transfer-Encoding: chunked, gzip")),
                refused(
                        400,
                        "chunked, identity",
                        post(none, "Transfer-Encoding: chunked, identity")),
                refused(400, "chunked twice", post(none, "Transfer-Encoding: chunked, chunked")),
                refused(
                        400,
                        "two codings",
                        post(none, "Transfer-Encoding: chunked", "Transfer-Encoding: chunked")),
                refused(
                        400,
                        "two codings, one unknown",
                        post(none, "Transfer-Encoding: chunked", "Transfer-Encoding: x")),
                refused(400, "an empty coding", post(none, "Transfer-Encoding:")),
                refused(400, "a comma first", post(none, "Transfer-Encoding: , chunked")),
                refused(400, "a comma last", post(none, "Transfer-Encoding: chunked,")),
                refused(400, "a quoted coding", post(none, "Transfer-Encoding: \"chunked\"")),
                refused(400, "a parameter", post(none, "Transfer-Encoding: chunked;a=b")),
                refused(400, "a semicolon", post(none, "Transfer-Encoding: chunked;")),
                refused(400, "two words", post(none, "Transfer-Encoding: chunked x")),
                refused(400, "a space before the colon", post(none, "Transfer-Encoding : chunked")),
                refused(
                        400,
                        "a vertical tab before it",
                        post(none, "Transfer-Encoding: \u000bchunked")));
    }

    private static Stream<Exchange> chunks() {
        return Stream.of(
                served(
                        "two chunks",
                        chunked("5\r\nhello\r\n3\r\n, w\r\n0\r\n\r\n") + NEXT,
                        "POST / [hello, w]",
                        "GET /next []"),
                served(
                        "hexadecimal sizes",
                        chunked("A\r\n0123456789\r\nb\r\n0123456789a\r\n0\r\n\r\n"),
                        "POST / [01234567890123456789a]"),
                served("leading zeros", chunked("005\r\nhello\r\n000\r\n\r\n"), "POST / [hello]"),
                served("a line end as data", chunked("2\r\n\r\n\r\n0\r\n\r\n"), "POST / [\r\n]"),
                served(
                        "a request as data",
                        chunked(
                                Integer.toHexString(NEXT.length())
                                        + "\r\n"
                                        + NEXT
                                        + "\r\n0\r\n\r\n"),
                        "POST / [" + NEXT + "]"));
    }

    private static Stream<Exchange> badChunks() {
        String large = Integer.toHexString(HttpLimits.DEFAULT.bodyBytesMax() + 1);
        return Stream.of(
                refused(400, "no size", chunked("\r\nhello\r\n0\r\n\r\n")),
                refused(400, "a size that is none", chunked("x\r\n")),
                refused(400, "a prefix", chunked("0x5\r\nhello\r\n0\r\n\r\n")),
                refused(400, "a plus sign", chunked("+5\r\nhello\r\n0\r\n\r\n")),
                refused(400, "a minus sign", chunked("-5\r\nhello\r\n0\r\n\r\n")),
                refused(400, "an underscore", chunked("1_0\r\n")),
                refused(400, "a space before the size", chunked(" 5\r\nhello\r\n0\r\n\r\n")),
                refused(400, "a space after the size", chunked("5 \r\nhello\r\n0\r\n\r\n")),
                refused(400, "a tab after the size", chunked("5\t\r\nhello\r\n0\r\n\r\n")),
                refused(400, "a space within the size", chunked("5 5\r\n")),
                refused(400, "a bare LF after the size", chunked("5\nhello\r\n0\r\n\r\n")),
                refused(400, "a bare CR after the size", chunked("5\rhello\r\n0\r\n\r\n")),
                refused(400, "CR CR LF after the size", chunked("5\r\r\nhello\r\n0\r\n\r\n")),
                refused(400, "data too short", chunked("5\r\nhell\r\n0\r\n\r\n")),
                refused(400, "data too long", chunked("5\r\nhelloo\r\n0\r\n\r\n")),
                refused(400, "a bare LF after the data", chunked("5\r\nhello\n0\r\n\r\n")),
                refused(400, "a bare CR after the data", chunked("5\r\nhello\r0\r\n\r\n")),
                refused(400, "nothing after the data", chunked("5\r\nhello0\r\n\r\n")),
                refused(400, "other bytes after the data", chunked("5\r\nhelloXX0\r\n\r\n")),
                refused(400, "a bare LF at the end", chunked("0\r\n\n")),
                refused(400, "a bare CR at the end", chunked("0\r\n\rX")),
                refused(413, "a size too large", chunked(large + "\r\n")),
                refused(413, "a second size too large", chunked("1\r\na\r\n" + "100000\r\n")),
                refused(400, "a size of 64 bits", chunked("ffffffffffffffff\r\n")),
                refused(
                        400,
                        "a size that wraps to five",
                        chunked("10000000000000005\r\nhello\r\n")),
                refused(400, "zeros without end", chunked("0".repeat(100))));
    }

    private static Stream<Exchange> extensions() {
        String end = "\r\nhello\r\n0\r\n\r\n";
        String much = "a".repeat(HttpLimits.DEFAULT.requestLineBytesMax());
        return Stream.of(
                served("a name", chunked("5;a" + end), "POST / [hello]"),
                served("a name and a value", chunked("5;a=b" + end), "POST / [hello]"),
                served("several", chunked("5;a=b;c;d=e" + end), "POST / [hello]"),
                served("blanks", chunked("5 ; a = b ;\tc" + end), "POST / [hello]"),
                served(
                        "a quoted value",
                        chunked("5;a=\"b;c=d \\\" \\\\\"" + end),
                        "POST / [hello]"),
                served("an empty quoted value", chunked("5;a=\"\"" + end), "POST / [hello]"),
                served("on the last chunk", chunked("0;a=b\r\n\r\n"), "POST / []"),
                refused(400, "a semicolon alone", chunked("5;" + end)),
                refused(400, "a blank name", chunked("5; " + end)),
                refused(400, "two semicolons", chunked("5;;a" + end)),
                refused(400, "an equals sign alone", chunked("5;=b" + end)),
                refused(400, "no value", chunked("5;a=" + end)),
                refused(400, "a blank after it", chunked("5;a=b " + end)),
                refused(400, "a blank after a name", chunked("5;a " + end)),
                refused(400, "two values", chunked("5;a=b=c" + end)),
                refused(400, "two words", chunked("5;a b" + end)),
                refused(400, "a colon in a name", chunked("5;a:b" + end)),
                refused(400, "a bare LF", chunked("5;a\nhello\r\n0\r\n\r\n")),
                refused(400, "a bare CR", chunked("5;a\rb" + end)),
                refused(400, "a NUL", chunked("5;a=\u0000" + end)),
                refused(400, "a line end in quotes", chunked("5;a=\"b\r\n\"" + end)),
                refused(400, "an escaped line end in quotes", chunked("5;a=\"b\\\r\n\"" + end)),
                refused(400, "an unfinished quoted value", chunked("5;a=\"b" + end)),
                refused(400, "text behind a quoted value", chunked("5;a=\"b\"c" + end)),
                refused(400, "an equals sign without a semicolon", chunked("5=a" + end)),
                refused(400, "too long", chunked("5;a" + much)),
                refused(400, "too many", chunked("1;a\r\nx\r\n".repeat(much.length()))));
    }

    private static Stream<Exchange> trailers() {
        String much = "b".repeat(HttpLimits.DEFAULT.requestLineBytesMax());
        return Stream.of(
                served(
                        "a trailer",
                        chunked("0\r\nA: b\r\n\r\n") + NEXT,
                        "POST / []",
                        "GET /next []"),
                served("two trailers", chunked("0\r\nA: b\r\nC:\r\n\r\n"), "POST / []"),
                served(
                        "a trailer that would frame",
                        chunked("0\r\nContent-Length: 9\r\n\r\n") + NEXT,
                        "POST / []",
                        "GET /next []"),
                refused(400, "no colon", chunked("0\r\nA\r\n\r\n")),
                refused(400, "no name", chunked("0\r\n: b\r\n\r\n")),
                refused(400, "a space before the colon", chunked("0\r\nA : b\r\n\r\n")),
                refused(400, "a folded line", chunked("0\r\nA: b\r\n c\r\n\r\n")),
                refused(400, "a NUL", chunked("0\r\nA: \u0000\r\n\r\n")),
                refused(400, "a bare LF", chunked("0\r\nA: b\n\r\n")),
                refused(400, "a bare CR", chunked("0\r\nA: b\rC: d\r\n\r\n")),
                refused(400, "a trailer too long", chunked("0\r\nA: " + much)));
    }
}
