package dev.pollux.http;

/// Answers requests.
///
/// It runs on the connection's own thread, which is shared with other connections on most I/O
/// models, so it must not block. It may be called for many connections at a time.
@FunctionalInterface
public interface Handler {
    /// {@return a handler that wants the bodies of requests}
    ///
    /// ```java
    /// Router.EMPTY.route("POST", "/notes", Handler.withBody(request -> keep(request.body())))
    /// ```
    ///
    /// @param handler what answers
    static Handler withBody(Handler handler) {
        return new HandlerWithBody(handler);
    }

    /// {@return whether the body of a request is to be taken before [#handle] is called; false
    /// unless a handler says otherwise} A body that nobody wants costs nothing: the request is
    /// answered at once, and the connection closes with the answer.
    ///
    /// @param head a request that has a body, without it
    default boolean wantsBody(Request head) {
        return false;
    }

    /// Answers one request.
    ///
    /// @param request the request; with its body when that was wanted
    /// @return the answer. For a HEAD request it may have a body, which is not sent
    /// @throws Exception when it cannot; the client gets 500 and the [HttpObserver] is told
    Response handle(Request request) throws Exception;
}
