/// An HTTP/1.1 server for any engine: bytes come in, answers go out, in the order of the requests.
///
/// What an application uses: an `HttpService` makes the protocols of a door from a `Handler`, often
/// a `Router`; a `Handler` makes a `Response` of a `Request` (one that wants the bodies of requests
/// is a `HandlerWithBody`); `StaticFiles` is a handler; `HttpLimits` bounds it all, and an
/// `HttpObserver` is told.
///
/// To read, along the way of a request: `HttpProtocol` is one connection; `HeadScanner` finds the
/// end of a head, `RequestParser` reads it (`Grammar`, `TargetPath`, `Authority`, `Headers`),
/// `Framing` decides where the body ends, `BodyReader` and `ChunkedDecoder` collect it within a
/// `BodyBudget`. Along the way of an answer: `Output` is where the heads of one batch are put
/// together, `BodySender` sends a `Body` in pieces; `Validators` and `ByteRange` are what a file's
/// answer depends on. A `Deadline` bounds each `Wait`. Bad input is a `RejectedException`, which is
/// the answer.
package dev.pollux.http;
