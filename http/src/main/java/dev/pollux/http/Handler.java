package dev.pollux.http;

/// Answers requests.
///
/// It runs on the connection's own thread, which is shared with other connections on most I/O
/// models, so it must not block. It may be called for many connections at a time.
@FunctionalInterface
public interface Handler {
    /// Answers one request.
    ///
    /// @param request the request, complete
    /// @return the answer. For a HEAD request it may have a body, which is not sent
    /// @throws Exception when it cannot; the client gets 500 and the [HttpObserver] is told
    Response handle(Request request) throws Exception;
}
