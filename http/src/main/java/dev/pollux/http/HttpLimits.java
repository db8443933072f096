package dev.pollux.http;

import java.time.Duration;

/// Everything an HTTP server bounds. One immutable value; change a part with the `with` methods.
///
/// @param requestLineBytesMax the longest request line, its end included; beyond: 414
/// @param headBytesMax the largest head, request line and empty line included, at most 65,535 and
///   at most the engine's [dev.pollux.engines.Limits#inputBytesMax()]; beyond: 431
/// @param headersMax the most header fields; beyond: 431
/// @param bodyBytesMax the largest body of a request, kept in memory; beyond: 413
/// @param bodiesBytesMax the most that the bodies of all connections of one [HttpService] take
///   together until they are answered; beyond: 503. Default: an eighth of the heap
/// @param headTimeout how long a whole head may take from its first byte; beyond: 408. A new
///   connection that sends nothing for so long is closed
/// @param bodyTimeout how long a whole body may take; beyond: 408
/// @param idleTimeout how long a connection is kept between two requests; beyond it is closed
/// @param requestsMax requests on one connection; the last is answered with `Connection: close`
public record HttpLimits(
        int requestLineBytesMax,
        int headBytesMax,
        int headersMax,
        int bodyBytesMax,
        long bodiesBytesMax,
        Duration headTimeout,
        Duration bodyTimeout,
        Duration idleTimeout,
        int requestsMax) {

    /// What servers get unless told otherwise.
    public static final HttpLimits DEFAULT =
            new HttpLimits(
                    8 * 1024,
                    32 * 1024,
                    100,
                    256 * 1024,
                    Runtime.getRuntime().maxMemory() / 8,
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(75),
                    1_000_000);

    /// Checks that the parts fit together.
    ///
    /// @throws IllegalArgumentException when they do not, naming the part
    public HttpLimits {
        require(requestLineBytesMax >= 64, "requestLineBytesMax must be at least 64");
        require(
                headBytesMax >= requestLineBytesMax && headBytesMax <= Headers.BYTES_MAX,
                "headBytesMax must lie between requestLineBytesMax and 65,535");
        require(headersMax > 0, "headersMax must be positive");
        require(bodyBytesMax >= 0, "bodyBytesMax must not be negative");
        require(bodiesBytesMax >= 0, "bodiesBytesMax must not be negative");
        require(isPositive(headTimeout), "headTimeout must be positive");
        require(isPositive(bodyTimeout), "bodyTimeout must be positive");
        require(isPositive(idleTimeout), "idleTimeout must be positive");
        require(requestsMax > 0, "requestsMax must be positive");
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /// {@return these limits with other bounds on heads}
    ///
    /// @param requestLineBytesMax the longest request line
    /// @param headBytesMax the largest head
    /// @param headersMax the most header fields
    public HttpLimits withHead(int requestLineBytesMax, int headBytesMax, int headersMax) {
        return new HttpLimits(
                requestLineBytesMax,
                headBytesMax,
                headersMax,
                bodyBytesMax,
                bodiesBytesMax,
                headTimeout,
                bodyTimeout,
                idleTimeout,
                requestsMax);
    }

    /// {@return these limits with other bounds on bodies}
    ///
    /// @param bodyBytesMax the largest body
    /// @param bodiesBytesMax the most that all take together
    public HttpLimits withBodies(int bodyBytesMax, long bodiesBytesMax) {
        return new HttpLimits(
                requestLineBytesMax,
                headBytesMax,
                headersMax,
                bodyBytesMax,
                bodiesBytesMax,
                headTimeout,
                bodyTimeout,
                idleTimeout,
                requestsMax);
    }

    /// {@return these limits with other timeouts}
    ///
    /// @param head how long a whole head may take
    /// @param body how long a whole body may take
    /// @param idle how long a connection is kept between two requests
    public HttpLimits withTimeouts(Duration head, Duration body, Duration idle) {
        return new HttpLimits(
                requestLineBytesMax,
                headBytesMax,
                headersMax,
                bodyBytesMax,
                bodiesBytesMax,
                head,
                body,
                idle,
                requestsMax);
    }

    /// {@return these limits with another bound on the requests of one connection}
    ///
    /// @param requestsMax the most requests
    public HttpLimits withRequestsMax(int requestsMax) {
        return new HttpLimits(
                requestLineBytesMax,
                headBytesMax,
                headersMax,
                bodyBytesMax,
                bodiesBytesMax,
                headTimeout,
                bodyTimeout,
                idleTimeout,
                requestsMax);
    }
}
