package dev.pollux.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An answer: status, header fields, body. Immutable, and rendered when it is made: one response
/// may answer any number of requests, from any thread. Only a response with a file belongs to one
/// request.
///
/// The protocol itself adds `Date`, `Server`, `Content-Length` and `Connection`, and leaves the
/// body out where the method or the status has none.
public final class Response {
    /// Fields that say where the message ends, or that the protocol writes itself.
    private static final Set<String> RESERVED =
            Set.of(
                    "connection",
                    "content-length",
                    "date",
                    "keep-alive",
                    "server",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");

    /// How the responses of each status begin: the status line and the server's name.
    private static final Map<Status, Headers> STARTS = new EnumMap<>(Status.class);

    static {
        for (Status status : Status.values()) {
            String start = "HTTP/1.1 " + status + "\r\nServer: pollux\r\n";
            STARTS.put(status, new Headers(start.getBytes(US_ASCII), new long[0]));
        }
    }

    private final Status status;

    /// Over the whole head but `Date`, `Connection` and the empty line.
    private final Headers headers;

    private final Body body;

    private Response(Status status, Headers headers, Body body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /// {@return a response with a body}
    ///
    /// @param status its status
    /// @param contentType the value of its `Content-Type`
    /// @param body its body; not to be changed any more
    /// @throws IllegalArgumentException when the status has no body, or the type is no field value
    public static Response of(Status status, String contentType, byte[] body) {
        return of(status, contentType, new Body.Bytes(body));
    }

    /// {@return a response with a body}
    static Response of(Status status, String contentType, Body body) {
        if (status.isBodiless()) {
            throw new IllegalArgumentException(status + " has no body");
        }
        return framed(status, body).withHeader("Content-Type", contentType);
    }

    /// {@return a response without a body}
    ///
    /// @param status its status
    public static Response of(Status status) {
        return framed(status, Body.EMPTY);
    }

    private static Response framed(Status status, Body body) {
        Headers start = Objects.requireNonNull(STARTS.get(status));
        Headers headers =
                status.isBodiless()
                        ? start
                        : start.with("Content-Length", Long.toString(body.size()));
        return new Response(status, headers, body);
    }

    /// {@return 200 with plain text}
    ///
    /// @param text the text, sent as UTF-8
    public static Response text(String text) {
        return text(Status.OK, text);
    }

    /// {@return a response with plain text}
    ///
    /// @param status its status
    /// @param text the text, sent as UTF-8
    public static Response text(Status status, String text) {
        return of(status, "text/plain; charset=utf-8", text.getBytes(UTF_8));
    }

    /// {@return 200 with a page}
    ///
    /// @param page HTML, sent as UTF-8
    public static Response html(String page) {
        return of(Status.OK, "text/html; charset=utf-8", page.getBytes(UTF_8));
    }

    /// {@return a response that says its own status, for a person}
    ///
    /// @param status its status
    public static Response plain(Status status) {
        return text(status, status + "\n");
    }

    /// {@return a redirection}
    ///
    /// @param status 301, 302, 303, 307 or 308
    /// @param location where to, already escaped
    public static Response redirect(Status status, String location) {
        return plain(status).withHeader("Location", location);
    }

    /// {@return this response with one more header field}
    ///
    /// @param name its name
    /// @param value its value; sent as UTF-8
    /// @throws IllegalArgumentException when the name is no token, the value has a control
    ///   character, or the field is one that the protocol writes itself
    public Response withHeader(String name, String value) {
        Headers.requireName(name);
        Headers.requireValue(name, value);
        if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(name + " is written by the protocol");
        }
        return new Response(status, headers.with(name, value), body);
    }

    /// {@return the status}
    public Status status() {
        return status;
    }

    /// {@return the header fields, without those that the protocol adds when it sends them}
    public Headers headers() {
        return headers;
    }

    /// {@return the value of the first header field of a name, null when there is none}
    ///
    /// @param name in any case
    public @Nullable String header(String name) {
        return headers.first(name);
    }

    Body body() {
        return body;
    }

    /// {@return status and header fields, for a person}
    @Override
    public String toString() {
        return status + "\n" + headers;
    }
}
