package dev.pollux.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads one complete head (RFC 9112, sections 3 to 6), whose end and size [HeadScanner] has
/// settled. Strict: what the grammar does not allow is refused, never repaired.
final class RequestParser {
    private static final int VERSION_BYTES = "HTTP/1.1".length();

    /// Those that need no string of their own, the usual ones first.
    private static final String[] KNOWN_METHODS = {
        "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"
    };

    private static final byte[] HEAD = "HEAD ".getBytes(US_ASCII);

    private final byte[] head;
    private final long[] places;

    /// The next byte to read.
    private int at;

    private int methodEnd;
    private int targetEnd;

    /// The minor version: 0, or 1 for all later ones.
    private int minor;

    /// The path within the target.
    private int pathStart;

    private int pathEnd;

    /// Where the query begins, behind its question mark; -1 when there is none.
    private int queryStart = -1;

    /// The host and port of the target, or of the `Host` field; empty when there is neither.
    private int authorityStart;

    private int authorityEnd;

    private boolean hasHost;
    private long length = Framing.ABSENT;
    private Framing.Coding coding = Framing.Coding.ABSENT;
    private boolean close;
    private boolean keepAlive;
    private @Nullable String expectation;

    private RequestParser(byte[] head, int fields) {
        this.head = head;
        this.places = new long[fields];
    }

    /// {@return the request that a head makes}
    ///
    /// @param head the whole head, its empty line included; kept by the request
    /// @param fields how many header fields it has
    /// @throws RejectedException when the request is refused
    static Request parse(byte[] head, int fields) throws RejectedException {
        var parser = new RequestParser(head, fields);
        parser.requestLine();
        for (int i = 0; i < fields; i++) {
            parser.places[i] = parser.field();
        }
        return parser.request();
    }

    /// {@return whether a head, perhaps a malformed one, is that of a HEAD request}
    static boolean isHead(byte[] head) {
        return head.length > HEAD.length
                && Arrays.equals(head, 0, HEAD.length, HEAD, 0, HEAD.length);
    }

    private Request request() throws RejectedException {
        if (!hasHost && minor > 0) {
            throw RejectedException.bad("no Host field");
        }
        Framing framing = Framing.decide(minor, length, coding);
        if (framing instanceof Framing.Refused(Status status, String reason)) {
            throw new RejectedException(status, reason);
        }
        boolean waits = false;
        if (expectation != null && minor > 0) {
            if (!expectation.equalsIgnoreCase("100-continue")) {
                throw new RejectedException(
                        Status.EXPECTATION_FAILED, "the only expectation met is 100-continue");
            }
            waits = !(framing instanceof Framing.None);
        }
        String path =
                TargetPath.isPlain(head, pathStart, pathEnd)
                        ? null
                        : TargetPath.decode(head, pathStart, pathEnd);
        boolean persistent = !close && (minor > 0 || keepAlive);
        return new Request(
                new Headers(head, places),
                method(),
                new Request.Target(
                        methodEnd + 1,
                        targetEnd,
                        pathStart,
                        pathEnd,
                        queryStart,
                        authorityStart,
                        authorityEnd),
                path,
                new Request.Framed(minor, persistent, waits, framing));
    }

    private String method() {
        for (String known : KNOWN_METHODS) {
            if (is(known)) {
                return known;
            }
        }
        return new String(head, 0, methodEnd, ISO_8859_1);
    }

    private void requestLine() throws RejectedException {
        methodEnd = Grammar.span(Grammar.TOKEN, head, 0, head.length);
        if (head[methodEnd] != ' ') {
            throw RejectedException.bad("the method is not followed by one space");
        }
        int end = methodEnd + 1;
        while (head[end] > ' ' && head[end] != 0x7f) {
            end++;
        }
        targetEnd = end;
        if (targetEnd == methodEnd + 1 || head[targetEnd] != ' ') {
            throw RejectedException.bad("the request line is no method, target and version");
        }
        version(targetEnd + 1);
        target(methodEnd + 1);
        at = targetEnd + 1 + VERSION_BYTES + 2;
    }

    private void version(int v) throws RejectedException {
        boolean valid =
                head.length >= v + VERSION_BYTES + 2
                        && head[v] == 'H'
                        && head[v + 1] == 'T'
                        && head[v + 2] == 'T'
                        && head[v + 3] == 'P'
                        && head[v + 4] == '/'
                        && Grammar.isDigit(head[v + 5])
                        && head[v + 6] == '.'
                        && Grammar.isDigit(head[v + 7])
                        && head[v + 8] == '\r'
                        && head[v + 9] == '\n';
        if (!valid) {
            throw RejectedException.bad("the request line does not end with a version");
        }
        if (head[v + 5] != '1') {
            throw new RejectedException(
                    Status.VERSION_NOT_SUPPORTED, "this server speaks HTTP/1.1");
        }
        minor = head[v + 7] == '0' ? 0 : 1;
    }

    private void target(int start) throws RejectedException {
        if (is("CONNECT")) {
            if (!Authority.isValidWithPort(head, start, targetEnd)) {
                throw RejectedException.bad("CONNECT wants a host and a port");
            }
            throw new RejectedException(Status.NOT_IMPLEMENTED, "this server is no proxy");
        }
        if (head[start] == '/') {
            pathAndQuery(start);
        } else if (head[start] == '*' && targetEnd == start + 1 && is("OPTIONS")) {
            pathStart = start;
            pathEnd = targetEnd;
        } else {
            absoluteForm(start);
        }
    }

    private boolean is(String method) {
        if (methodEnd != method.length()) {
            return false;
        }
        for (int i = 0; i < methodEnd; i++) {
            if (head[i] != method.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void pathAndQuery(int start) throws RejectedException {
        pathStart = start;
        pathEnd = Grammar.span(Grammar.PATH, head, start, targetEnd);
        if (pathEnd == targetEnd) {
            return;
        }
        queryStart = pathEnd + 1;
        if (head[pathEnd] != '?'
                || Grammar.span(Grammar.QUERY, head, queryStart, targetEnd) != targetEnd) {
            throw RejectedException.bad("a character in the target that must be escaped");
        }
    }

    /// `http://host:port/path?query`: its host counts, the `Host` field does not.
    private void absoluteForm(int start) throws RejectedException {
        int colon = start;
        while (colon < targetEnd && head[colon] != ':') {
            colon++;
        }
        boolean scheme =
                Grammar.equalsIgnoreCase(head, start, colon - start, "http")
                        || Grammar.equalsIgnoreCase(head, start, colon - start, "https");
        int host = colon + 3;
        if (!scheme || host > targetEnd || head[colon + 1] != '/' || head[colon + 2] != '/') {
            throw RejectedException.bad("the target is neither a path nor an http address");
        }
        int end = host;
        while (end < targetEnd && head[end] != '/' && head[end] != '?') {
            end++;
        }
        if (!Authority.isValid(head, host, end)) {
            throw RejectedException.bad("the host of the target is malformed");
        }
        authorityStart = host;
        authorityEnd = end;
        if (end < targetEnd && head[end] == '/') {
            pathAndQuery(end);
            return;
        }
        // No path at all means the root; the last slash of the scheme stands for it.
        pathStart = host - 1;
        pathEnd = host;
        if (end < targetEnd) {
            queryStart = end + 1;
            if (Grammar.span(Grammar.QUERY, head, queryStart, targetEnd) != targetEnd) {
                throw RejectedException.bad("a character in the target that must be escaped");
            }
        }
    }

    private long field() throws RejectedException {
        int name = at;
        int nameEnd = Grammar.span(Grammar.TOKEN, head, name, head.length);
        if (nameEnd == name || head[nameEnd] != ':') {
            throw RejectedException.bad(
                    "a header field that does not begin with a name and a colon");
        }
        int value = nameEnd + 1;
        while (Grammar.isBlank(head[value])) {
            value++;
        }
        int line = Grammar.spanField(head, value, head.length);
        if (head[line] != '\r' || head[line + 1] != '\n') {
            throw RejectedException.bad("a control character in a header field");
        }
        int end = line;
        while (end > value && Grammar.isBlank(head[end - 1])) {
            end--;
        }
        at = line + 2;
        known(name, nameEnd - name, value, end);
        return Headers.place(name, nameEnd - name, value, end - value);
    }

    /// Takes note of the fields that the protocol itself obeys.
    private void known(int name, int nameLength, int value, int end) throws RejectedException {
        switch (nameLength) {
            case 4 -> {
                if (Grammar.equalsIgnoreCase(head, name, nameLength, "host")) {
                    host(value, end);
                }
            }
            case 6 -> {
                if (Grammar.equalsIgnoreCase(head, name, nameLength, "expect")) {
                    String one = new String(head, value, end - value, ISO_8859_1);
                    expectation = expectation == null ? one : expectation + ", " + one;
                }
            }
            case 10 -> {
                if (Grammar.equalsIgnoreCase(head, name, nameLength, "connection")) {
                    connection(value, end);
                }
            }
            case 14 -> {
                if (Grammar.equalsIgnoreCase(head, name, nameLength, "content-length")) {
                    length =
                            length == Framing.ABSENT
                                    ? Framing.parseLength(head, value, end)
                                    : Framing.MALFORMED;
                }
            }
            case 17 -> {
                if (Grammar.equalsIgnoreCase(head, name, nameLength, "transfer-encoding")) {
                    coding =
                            coding == Framing.Coding.ABSENT
                                    ? Framing.parseCoding(head, value, end)
                                    : Framing.Coding.MALFORMED;
                }
            }
            default -> {}
        }
    }

    private void host(int value, int end) throws RejectedException {
        if (hasHost) {
            throw RejectedException.bad("more than one Host field");
        }
        if (!Authority.isValid(head, value, end)) {
            throw RejectedException.bad("the Host field is malformed");
        }
        hasHost = true;
        if (authorityEnd == 0) {
            authorityStart = value;
            authorityEnd = end;
        }
    }

    private void connection(int value, int end) {
        int i = value;
        while (i < end) {
            int option = i;
            i = Grammar.span(Grammar.TOKEN, head, i, end);
            close |= Grammar.equalsIgnoreCase(head, option, i - option, "close");
            keepAlive |= Grammar.equalsIgnoreCase(head, option, i - option, "keep-alive");
            i++;
        }
    }
}
