package dev.pollux.http;

/// Is told what an operator of an HTTP server should know. Called on the engine's threads: must be
/// quick and must not throw.
@FunctionalInterface
public interface HttpObserver {
    /// Says nothing to nobody.
    HttpObserver SILENT = (_, _) -> {};

    /// A request could not be answered as it should: the handler threw, or the file it answered
    /// with could not be read to its end.
    ///
    /// @param request the request
    /// @param cause why
    void failed(Request request, Throwable cause);
}
