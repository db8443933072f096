package dev.pollux.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A request as it was received: valid, with its whole body where a handler wants it. It owns its
/// bytes, so it may be kept and passed to other threads.
public final class Request {
    private static final byte[] NO_BODY = {};

    /// Where the parts of the target are in the head.
    ///
    /// @param start where the target begins
    /// @param end where it ends
    /// @param pathStart where its path begins
    /// @param pathEnd where its path ends
    /// @param queryStart where its query begins, -1 when there is none
    /// @param authorityStart where host and port begin
    /// @param authorityEnd where they end; the same when there are none
    record Target(
            int start,
            int end,
            int pathStart,
            int pathEnd,
            int queryStart,
            int authorityStart,
            int authorityEnd) {}

    /// What the protocol must know to read on.
    ///
    /// @param minor the minor version
    /// @param persistent whether the client wants the connection kept
    /// @param waits whether the client waits for `100 Continue`
    /// @param framing where the body ends
    record Framed(int minor, boolean persistent, boolean waits, Framing framing) {}

    private final Headers headers;
    private final String method;
    private final Target target;

    /// The decoded path, null until somebody asks.
    private @Nullable String path;

    private final Framed framed;

    /// The body, complete; null while there is one and it has not been taken.
    private byte @Nullable [] body;

    private int bodySize;

    Request(Headers headers, String method, Target target, @Nullable String path, Framed framed) {
        this.headers = headers;
        this.method = method;
        this.target = target;
        this.path = path;
        this.framed = framed;
        this.body = framed.framing instanceof Framing.None ? NO_BODY : null;
    }

    /// {@return the method, as it was written: methods are case-sensitive}
    public String method() {
        return method;
    }

    /// {@return the target as it was written}
    public String target() {
        return part(target.start, target.end);
    }

    /// {@return the path, with its escapes decoded and its dot segments removed; `*` for a request
    /// that asks about the server as a whole} It begins with a slash; slashes in it separate
    /// segments, none of which is `.` or `..`; it has no control character.
    public String path() {
        String known = path;
        if (known == null) {
            known = part(target.pathStart, target.pathEnd);
            path = known;
        }
        return known;
    }

    /// {@return the query as it was written, without its question mark; null when there is none}
    public @Nullable String query() {
        return target.queryStart < 0 ? null : part(target.queryStart, target.end);
    }

    /// {@return host and perhaps port the request is for, of the target or of the `Host` field;
    /// empty when an HTTP/1.0 request names none}
    public String authority() {
        return part(target.authorityStart, target.authorityEnd);
    }

    /// {@return the minor version of HTTP/1: 0 or 1}
    public int minorVersion() {
        return framed.minor;
    }

    /// {@return the header fields}
    public Headers headers() {
        return headers;
    }

    /// {@return the value of the first header field of a name, null when there is none}
    ///
    /// @param name in any case
    public @Nullable String header(String name) {
        return headers.first(name);
    }

    /// {@return the body; empty when there is none} Read-only; each call returns a buffer of its
    /// own.
    ///
    /// @throws IllegalStateException when there is one that the handler did not want
    public ByteBuffer body() {
        if (body == null) {
            throw new IllegalStateException("no handler wants this body: see Handler.withBody");
        }
        return ByteBuffer.wrap(body, 0, bodySize).asReadOnlyBuffer();
    }

    /// {@return whether only the head of the answer is wanted}
    public boolean isHead() {
        return method.equals("HEAD");
    }

    Framed framed() {
        return framed;
    }

    /// {@return false while there is a body that has not been taken}
    boolean isComplete() {
        return body != null;
    }

    void body(byte[] bytes, int size) {
        body = bytes;
        bodySize = size;
    }

    private String part(int from, int to) {
        return new String(headers.bytes(), from, to - from, ISO_8859_1);
    }

    /// {@return method and target, for a person}
    @Override
    public String toString() {
        return method + " " + target();
    }
}
