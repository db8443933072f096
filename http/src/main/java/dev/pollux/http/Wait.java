package dev.pollux.http;

/// What a connection waits for, which decides how long.
enum Wait {
    /// Nothing that has a limit of its own.
    NOTHING,
    /// The first byte of another request.
    NEXT_REQUEST,
    /// The rest of a head that has begun.
    HEAD,
    /// The rest of a body.
    BODY
}
