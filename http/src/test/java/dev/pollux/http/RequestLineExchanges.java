package dev.pollux.http;

import static dev.pollux.http.Exchange.refused;
import static dev.pollux.http.Exchange.request;
import static dev.pollux.http.Exchange.served;
import static dev.pollux.http.Exchange.servedLast;

import java.util.stream.Stream;

/// Request lines: methods, targets, versions (RFC 9112, sections 2.2, 2.3 and 3).
final class RequestLineExchanges {
    private RequestLineExchanges() {}

    static Stream<Exchange> all() {
        return Stream.of(lines(), methods(), targets(), paths(), versions()).flatMap(all -> all);
    }

    private static Stream<Exchange> lines() {
        return Stream.of(
                served("the plainest request", request("GET / HTTP/1.1"), "GET / []"),
                served("one empty line before it", "\r\n" + request("GET / HTTP/1.1"), "GET / []"),
                served(
                        "one empty line between two",
                        request("GET /1 HTTP/1.1") + "\r\n" + request("GET /2 HTTP/1.1"),
                        "GET /1 []",
                        "GET /2 []"),
                refused(400, "two empty lines before it", "\r\n\r\n" + request("GET / HTTP/1.1")),
                refused(400, "a bare LF before it", "\n" + request("GET / HTTP/1.1")),
                refused(400, "a bare CR before it", "\r" + request("GET / HTTP/1.1")),
                refused(400, "a space before it", " " + request("GET / HTTP/1.1")),
                refused(400, "a bare LF after it", "GET / HTTP/1.1\nHost: x\r\n\r\n"),
                refused(400, "a bare CR after it", "GET / HTTP/1.1\rHost: x\r\n\r\n"),
                refused(400, "CR CR LF after it", "GET / HTTP/1.1\r\r\nHost: x\r\n\r\n"),
                refused(400, "bare LFs only", "GET / HTTP/1.1\nHost: x\n\n"),
                refused(400, "the greeting of TLS", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000"),
                refused(400, "a NUL first", "\u0000" + request("GET / HTTP/1.1")),
                refused(400, "HTTP/0.9", "GET /\r\n\r\n"),
                refused(400, "a method alone", "GET\r\nHost: x\r\n\r\n"),
                refused(400, "a method and a space", "GET \r\nHost: x\r\n\r\n"),
                refused(400, "no target", request("GET HTTP/1.1")),
                refused(400, "an empty target", request("GET  HTTP/1.1")),
                refused(400, "two spaces before the version", request("GET /  HTTP/1.1")),
                refused(400, "a space after the version", request("GET / HTTP/1.1 ")),
                refused(400, "a tab after the method", request("GET\t/ HTTP/1.1")),
                refused(400, "a tab after the target", request("GET /\tHTTP/1.1")),
                refused(400, "a fourth word", request("GET / HTTP/1.1 x")),
                refused(400, "a space in the target", request("GET /a b HTTP/1.1")),
                refused(400, "a response", "HTTP/1.1 200 OK\r\nHost: x\r\n\r\n"));
    }

    private static Stream<Exchange> methods() {
        return Stream.of(
                served("a method of one's own", request("BREW /tea HTTP/1.1"), "BREW /tea []"),
                served("a method in lower case", request("get / HTTP/1.1"), "get / []"),
                served(
                        "every mark of a token",
                        request("!#$%&'*+-.^_`|~ / HTTP/1.1"),
                        "!#$%&'*+-.^_`|~ / []"),
                refused(400, "a colon in the method", request("GE:T / HTTP/1.1")),
                refused(400, "a slash in the method", request("GET/ / HTTP/1.1")),
                refused(400, "a NUL in the method", request("GE\u0000T / HTTP/1.1")),
                refused(400, "a byte above 127 in the method", request("G\u00cbT / HTTP/1.1")),
                refused(400, "a quoted method", request("\"GET\" / HTTP/1.1")),
                refused(501, "CONNECT", request("CONNECT x:443 HTTP/1.1")),
                refused(400, "CONNECT without a port", request("CONNECT x HTTP/1.1")),
                refused(400, "CONNECT with a path", request("CONNECT / HTTP/1.1")),
                served(
                        "TRACE is for the handler to refuse",
                        request("TRACE / HTTP/1.1"),
                        "TRACE / []"));
    }

    private static Stream<Exchange> targets() {
        return Stream.of(
                served("a query", request("GET /a?b=c&d HTTP/1.1"), "GET /a?b=c&d []"),
                served("an empty query", request("GET /? HTTP/1.1"), "GET /? []"),
                served(
                        "question marks and slashes in a query",
                        request("GET /?a?/b HTTP/1.1"),
                        "GET /?a?/b []"),
                served(
                        "what browsers leave in a query",
                        request("GET /?[a]={b}|^`\\ HTTP/1.1"),
                        "GET /?[a]={b}|^`\\ []"),
                served("OPTIONS *", request("OPTIONS * HTTP/1.1"), "OPTIONS * []"),
                refused(400, "GET *", request("GET * HTTP/1.1")),
                refused(400, "OPTIONS **", request("OPTIONS ** HTTP/1.1")),
                served("an absolute target", request("GET http://y/a?b HTTP/1.1"), "GET /a?b []"),
                served(
                        "an absolute target, https",
                        request("GET https://y:8443/ HTTP/1.1"),
                        "GET / []"),
                served(
                        "an absolute target in capitals",
                        request("GET HTTP://Y/ HTTP/1.1"),
                        "GET / []"),
                served(
                        "an absolute target without a path",
                        request("GET http://y HTTP/1.1"),
                        "GET / []"),
                served(
                        "an absolute target with a query alone",
                        request("GET http://y?q HTTP/1.1"),
                        "GET /?q []"),
                refused(400, "an absolute target without Host", "GET http://y/ HTTP/1.1\r\n\r\n"),
                refused(
                        400,
                        "an absolute target without a host",
                        request("GET http:///a HTTP/1.1")),
                refused(400, "user information", request("GET http://u:p@y/ HTTP/1.1")),
                refused(400, "another scheme", request("GET ftp://y/ HTTP/1.1")),
                refused(400, "one slash too few", request("GET http:/y HTTP/1.1")),
                refused(400, "a scheme alone", request("GET http: HTTP/1.1")),
                refused(400, "a bad port in the target", request("GET http://y:65536/ HTTP/1.1")),
                refused(400, "no slash", request("GET a HTTP/1.1")),
                refused(400, "a host for a target", request("GET x:80 HTTP/1.1")),
                refused(400, "a fragment", request("GET /a#b HTTP/1.1")),
                refused(400, "a fragment in the query", request("GET /?a#b HTTP/1.1")),
                refused(400, "a NUL in the target", request("GET /\u0000 HTTP/1.1")),
                refused(400, "a NUL in the query", request("GET /?\u0000 HTTP/1.1")),
                refused(400, "a DEL in the target", request("GET /\u007f HTTP/1.1")),
                refused(400, "raw UTF-8 in the target", request("GET /\u00e4\u00bd HTTP/1.1")),
                refused(400, "raw UTF-8 in the query", request("GET /?\u00e4\u00bd HTTP/1.1")),
                refused(400, "angle brackets", request("GET /<a> HTTP/1.1")),
                refused(400, "a quotation mark in a query", request("GET /?\"a\" HTTP/1.1")));
    }

    private static Stream<Exchange> paths() {
        return Stream.of(
                served("escapes", request("GET /%61%2d%7E HTTP/1.1"), "GET /a-~ []"),
                served("an escape decoded once", request("GET /%2561 HTTP/1.1"), "GET /%61 []"),
                served("a plus stays a plus", request("GET /a+b HTTP/1.1"), "GET /a+b []"),
                served("dot segments", request("GET /a/./b/../c/ HTTP/1.1"), "GET /a/c/ []"),
                served("a dot segment last", request("GET /a/b/.. HTTP/1.1"), "GET /a/ []"),
                served(
                        "dot segments above the root",
                        request("GET /../../a HTTP/1.1"),
                        "GET /a []"),
                served("three dots are a name", request("GET /.../a HTTP/1.1"), "GET /.../a []"),
                served("empty segments", request("GET //a//b HTTP/1.1"), "GET //a//b []"),
                served(
                        "Chinese",
                        request("GET /%E4%BD%A0%E5%A5%BD HTTP/1.1"),
                        "GET /\u00e4\u00bd\u00a0\u00e5\u00a5\u00bd []"),
                refused(400, "an escaped slash", request("GET /a%2fb HTTP/1.1")),
                refused(400, "an escaped backslash", request("GET /..%5c..%5Ca HTTP/1.1")),
                refused(400, "a backslash", request("GET /..\\a HTTP/1.1")),
                refused(400, "an escaped dot segment", request("GET /%2e%2E/a HTTP/1.1")),
                refused(400, "a half-escaped dot segment", request("GET /a/.%2e/b HTTP/1.1")),
                refused(400, "an escaped single dot", request("GET /%2e/a HTTP/1.1")),
                refused(400, "an escaped NUL", request("GET /a%00.html HTTP/1.1")),
                refused(400, "an escaped line end", request("GET /a%0d%0ab HTTP/1.1")),
                refused(400, "an escape that is none", request("GET /%zz HTTP/1.1")),
                refused(400, "an escape cut short", request("GET /a%4 HTTP/1.1")),
                refused(400, "a percent sign last", request("GET /% HTTP/1.1")),
                refused(400, "an escape across a slash", request("GET /a%/4 HTTP/1.1")),
                refused(400, "an overlong slash", request("GET /%c0%af HTTP/1.1")),
                refused(400, "half a character", request("GET /%E4%BD HTTP/1.1")),
                refused(400, "a surrogate in UTF-8", request("GET /%ED%A0%80 HTTP/1.1")),
                refused(400, "Latin-1", request("GET /%E9 HTTP/1.1")));
    }

    private static Stream<Exchange> versions() {
        return Stream.of(
                servedLast("HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", "GET / []"),
                served("a later minor version", request("GET / HTTP/1.2"), "GET / []"),
                refused(505, "HTTP/2.0", request("GET / HTTP/2.0")),
                refused(505, "HTTP/0.9 by name", request("GET / HTTP/0.9")),
                refused(505, "HTTP/9.9", request("GET / HTTP/9.9")),
                refused(505, "the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                refused(400, "HTTP/2", request("GET / HTTP/2")),
                refused(400, "HTTP/1", request("GET / HTTP/1")),
                refused(400, "HTTP/1.", request("GET / HTTP/1.")),
                refused(400, "HTTP/1.10", request("GET / HTTP/1.10")),
                refused(400, "HTTP/11.1", request("GET / HTTP/11.1")),
                refused(400, "HTTP/1,1", request("GET / HTTP/1,1")),
                refused(400, "HTTP 1.1", request("GET / HTTP 1.1")),
                refused(400, "http/1.1", request("GET / http/1.1")),
                refused(400, "HTTPS/1.1", request("GET / HTTPS/1.1")),
                refused(400, "HTTP/-1.1", request("GET / HTTP/-1.1")),
                refused(400, "HTTP/1.a", request("GET / HTTP/1.a")),
                refused(400, "no HTTP", request("GET / 1.1")),
                refused(400, "another protocol", request("GET / ICAP/1.0")));
    }
}
