package dev.pollux.http;

/// A request that is answered with an error by the protocol itself, after which the connection
/// closes: where the next request begins is in doubt, or the peer is not to be trusted with it.
final class RejectedException extends Exception {
    private static final long serialVersionUID = 1;

    /// What it is answered with.
    private final Status status;

    /// @param status what it is answered with
    /// @param reason what is wrong, for the person at the other end
    RejectedException(Status status, String reason) {
        super(reason, null, false, false);
        this.status = status;
    }

    /// {@return the exception for a malformed request}
    static RejectedException bad(String reason) {
        return new RejectedException(Status.BAD_REQUEST, reason);
    }

    Status status() {
        return status;
    }

    /// {@return what is wrong}
    String reason() {
        return String.valueOf(getMessage());
    }
}
