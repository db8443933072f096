package dev.pollux.http;

import static dev.pollux.http.Exchange.get;
import static dev.pollux.http.Exchange.refused;
import static dev.pollux.http.Exchange.request;
import static dev.pollux.http.Exchange.served;
import static dev.pollux.http.Exchange.servedLast;

import java.util.Collections;
import java.util.stream.Stream;

/// Header fields: names, values, Host, Connection, Expect, limits (RFC 9112, sections 3.2, 5 and 9;
/// RFC 9110, section 10.1.1).
final class FieldExchanges {
    private FieldExchanges() {}

    static Stream<Exchange> all() {
        return Stream.of(names(), values(), hosts(), persistence(), expectations(), sizes())
                .flatMap(all -> all);
    }

    private static Stream<Exchange> names() {
        return Stream.of(
                served("an odd but valid name", get("!#$%&'*+-.^_`|~9: a"), "GET / []"),
                refused(400, "a space before the colon", get("A : b")),
                refused(400, "a tab before the colon", get("A\t: b")),
                refused(400, "a space in a name", get("A b: c")),
                refused(400, "an empty name", get(": b")),
                refused(400, "no colon", get("Abc")),
                refused(400, "a NUL in a name", get("A\u0000: b")),
                refused(400, "a byte above 127 in a name", get("\u00c4: b")),
                refused(400, "a parenthesis in a name", get("A(b): c")),
                refused(400, "a bracket in a name", get("A[0]: c")),
                refused(400, "a quotation mark in a name", get("\"A\": b")),
                refused(400, "a space before the first name", "GET / HTTP/1.1\r\n Host: x\r\n\r\n"),
                refused(400, "a folded line", get("A: b", " c")),
                refused(400, "a line folded with a tab", get("A: b", "\tc")),
                refused(400, "a line folded with nothing", get("A: b", " ")),
                refused(400, "a folded Host", "GET / HTTP/1.1\r\nHost:\r\n x\r\n\r\n"),
                refused(400, "a folded coding", get("Transfer-Encoding:", " chunked")));
    }

    private static Stream<Exchange> values() {
        return Stream.of(
                served("an empty value", get("A:"), "GET / []"),
                served("blanks around a value", get("A: \t b \t "), "GET / []"),
                served("blanks alone", get("A: \t "), "GET / []"),
                served("bytes above 127", get("A: \u00e4\u00bd\u00a0\u00ff"), "GET / []"),
                served("a tab within a value", get("A: b\tc"), "GET / []"),
                served("a colon first", get("A::b"), "GET / []"),
                refused(400, "a NUL in a value", get("A: b\u0000c")),
                refused(400, "a bell in a value", get("A: \u0007")),
                refused(400, "an escape in a value", get("A: \u001b[31m")),
                refused(400, "a DEL in a value", get("A: \u007f")),
                refused(400, "a vertical tab in a value", get("A: \u000bb")),
                refused(400, "a form feed in a value", get("A: b\u000c")),
                refused(400, "a bare CR in a value", get("A: b\rc")),
                refused(400, "a bare CR last in a value", get("A: b\r")),
                refused(400, "a bare LF in a value", get("A: b\nC: d")),
                refused(400, "a field smuggled by a bare CR", get("A: b\rContent-Length: 5")),
                refused(400, "a control character at the ninth byte", get("A: 12345678\u0001")),
                refused(400, "a bare LF at the end", "GET / HTTP/1.1\r\nHost: x\n\r\n"),
                refused(400, "LF CR LF at the end", "GET / HTTP/1.1\r\nHost: x\r\n\n"));
    }

    private static Stream<Exchange> hosts() {
        return Stream.of(
                served("a name and a port", host("pollux.example:8080"), "GET / []"),
                served("a name and an empty port", host("x:"), "GET / []"),
                served("an IPv4 address", host("127.0.0.1:80"), "GET / []"),
                served("an IPv6 address", host("[::1]:80"), "GET / []"),
                served("an IPv6 address in full", host("[2001:db8:0:0:0:0:0:1]"), "GET / []"),
                served("an IPv6 address with IPv4", host("[::ffff:192.0.2.1]"), "GET / []"),
                served("an underscore", host("a_b"), "GET / []"),
                served("an escape", host("%e4%bd%a0"), "GET / []"),
                refused(400, "no Host", "GET / HTTP/1.1\r\n\r\n"),
                refused(400, "no Host among others", "GET / HTTP/1.1\r\nA: b\r\n\r\n"),
                refused(400, "two Hosts", get("Host: y")),
                refused(400, "the same Host twice", get("Host: x")),
                refused(400, "two Hosts in HTTP/1.0", request("GET / HTTP/1.0", "Host: y")),
                refused(400, "a bad Host in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a b\r\n\r\n"),
                refused(400, "an empty Host", host("")),
                refused(400, "two hosts in one field", host("x, y")),
                refused(400, "two hosts and a comma", host("x,y")),
                refused(400, "a path", host("x/y")),
                refused(400, "a query", host("x?y")),
                refused(400, "a fragment", host("x#y")),
                refused(400, "user information", host("u@x")),
                refused(400, "a scheme", host("http://x")),
                refused(400, "a port alone", host(":80")),
                refused(400, "a port that is none", host("x:http")),
                refused(400, "a negative port", host("x:-1")),
                refused(400, "a port too large", host("x:65536")),
                refused(400, "a port too long", host("x:00000000000000000080000")),
                refused(400, "two ports", host("x:1:2")),
                refused(400, "an IPv6 address without brackets", host("::1")),
                refused(400, "an unfinished IPv6 address", host("[::1")),
                refused(400, "nothing in brackets", host("[]")),
                refused(400, "a name in brackets", host("[x]")),
                refused(400, "too many groups", host("[1:2:3:4:5:6:7:8:9]")),
                refused(400, "too few groups", host("[1:2:3:4:5:6:7]")),
                refused(400, "two gaps", host("[1::2::3]")),
                refused(400, "three colons", host("[:::1]")),
                refused(400, "a group too long", host("[12345::]")),
                refused(400, "a bad IPv4 part", host("[::1.2.3.256]")),
                refused(400, "a short IPv4 part", host("[::1.2.3]")),
                refused(400, "a zone", host("[fe80::1%25eth0]")),
                refused(400, "text behind the bracket", host("[::1]x")),
                refused(400, "a broken escape", host("a%2")),
                refused(400, "a backslash", host("x\\y")),
                refused(400, "angle brackets", host("<x>")),
                refused(400, "raw UTF-8", host("\u00e4\u00bd\u00a0")));
    }

    private static String host(String host) {
        return "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    }

    private static Stream<Exchange> persistence() {
        String second = get("B: c");
        return Stream.of(
                served("kept by default", get() + second, "GET / []", "GET / []"),
                servedLast("close", get("Connection: close") + second, "GET / []"),
                servedLast("close in capitals", get("Connection: CLOSE") + second, "GET / []"),
                servedLast("close in a list", get("Connection: a, close ,b") + second, "GET / []"),
                servedLast(
                        "close and keep-alive", get("Connection: keep-alive, close"), "GET / []"),
                servedLast(
                        "close in a second field",
                        get("Connection: a", "Connection: close"),
                        "GET / []"),
                served("a word that begins like close", get("Connection: closed"), "GET / []"),
                servedLast("HTTP/1.0", request("GET / HTTP/1.0") + second, "GET / []"),
                served(
                        "HTTP/1.0, kept",
                        request("GET / HTTP/1.0", "Connection: Keep-Alive") + second,
                        "GET / []",
                        "GET / []"),
                servedLast(
                        "HTTP/1.0, kept and closed",
                        request("GET / HTTP/1.0", "Connection: keep-alive, close") + second,
                        "GET / []"));
    }

    private static Stream<Exchange> expectations() {
        return Stream.of(
                served("100-continue without a body", get("Expect: 100-continue"), "GET / []"),
                served(
                        "100-continue with an empty body",
                        get("Expect: 100-Continue", "Content-Length: 0"),
                        "GET / []"),
                refused(417, "another expectation", get("Expect: more")),
                refused(417, "an empty expectation", get("Expect:")),
                refused(417, "two expectations", get("Expect: 100-continue, more")),
                refused(
                        417,
                        "the same expectation twice",
                        get("Expect: 100-continue", "Expect: 100-continue")),
                servedLast(
                        "HTTP/1.0 knows no expectations",
                        request("GET / HTTP/1.0", "Expect: more"),
                        "GET / []"));
    }

    private static Stream<Exchange> sizes() {
        HttpLimits limits = HttpLimits.DEFAULT;
        int line = limits.requestLineBytesMax() - "GET / HTTP/1.1\r\n".length();
        int head = limits.headBytesMax() - get("A: ").length();
        int fields = limits.headersMax() - 1;
        return Stream.of(
                served(
                        "the longest line",
                        request("GET /" + "a".repeat(line) + " HTTP/1.1"),
                        "GET /" + "a".repeat(line) + " []"),
                refused(
                        414,
                        "a line too long by one",
                        request("GET /" + "a".repeat(line + 1) + " HTTP/1.1")),
                refused(414, "a line without end", "GET /" + "a".repeat(70_000)),
                refused(501, "a method without end", "G".repeat(9_000)),
                served("the largest head", get("A: " + "b".repeat(head)), "GET / []"),
                refused(431, "a head too large by one", get("A: " + "b".repeat(head + 1))),
                refused(431, "a head without end", "GET / HTTP/1.1\r\nA: " + "b".repeat(70_000)),
                served("the most fields", get(many(fields)), "GET / []"),
                refused(431, "a field too many", get(many(fields + 1))),
                refused(431, "fields without end", "GET / HTTP/1.1\r\n" + "A:\r\n".repeat(5_000)));
    }

    private static String[] many(int count) {
        return Collections.nCopies(count, "A: b").toArray(String[]::new);
    }
}
