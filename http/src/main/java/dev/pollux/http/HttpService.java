package dev.pollux.http;

import dev.pollux.engines.Protocol;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What all connections of one HTTP server share, and the maker of their protocols.
///
/// ```java
/// Handler hello = request -> Response.text("Hello, world!\n");
/// engine.listen(address, new HttpService(hello));
/// ```
public final class HttpService implements Supplier<Protocol> {
    private final Handler handler;
    private final HttpLimits limits;
    private final HttpObserver observer;
    private final LongSupplier nanos;
    private final long idleNanos;
    private final long headNanos;
    private final long bodyNanos;
    private final DateLine date;
    private final OutputPool outputs = new OutputPool();
    private final BodyBudget bodies;

    /// Makes a service with the usual limits that tells nobody of failures.
    ///
    /// @param handler answers the requests
    public HttpService(Handler handler) {
        this(handler, HttpLimits.DEFAULT, HttpObserver.SILENT);
    }

    /// Makes a service.
    ///
    /// @param handler answers the requests
    /// @param limits what it bounds
    /// @param observer is told of failures
    public HttpService(Handler handler, HttpLimits limits, HttpObserver observer) {
        this(handler, limits, observer, System::nanoTime, InstantSource.system());
    }

    /// Makes a service with clocks of one's own.
    ///
    /// @param nanos the monotonic time in nanoseconds
    /// @param clock the time of day
    HttpService(
            Handler handler,
            HttpLimits limits,
            HttpObserver observer,
            LongSupplier nanos,
            InstantSource clock) {
        this.handler = handler;
        this.limits = limits;
        this.observer = observer;
        this.nanos = nanos;
        this.idleNanos = nanos(limits.idleTimeout());
        this.headNanos = nanos(limits.headTimeout());
        this.bodyNanos = nanos(limits.bodyTimeout());
        this.date = new DateLine(clock, nanos.getAsLong());
        this.bodies = new BodyBudget(limits.bodiesBytesMax());
    }

    /// {@return a duration in nanoseconds: what 64 bits do not hold is as long as they hold}
    private static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }

    /// {@return the protocol of a new connection}
    @Override
    public Protocol get() {
        return new HttpProtocol(this);
    }

    HttpLimits limits() {
        return limits;
    }

    OutputPool outputs() {
        return outputs;
    }

    BodyBudget bodies() {
        return bodies;
    }

    /// {@return the monotonic time in nanoseconds}
    long now() {
        return nanos.getAsLong();
    }

    /// {@return how long a connection may wait, in nanoseconds}
    long nanos(Wait wait) {
        return switch (wait) {
            case NOTHING -> 0;
            case NEXT_REQUEST -> idleNanos;
            case HEAD -> headNanos;
            case BODY -> bodyNanos;
        };
    }

    /// {@return the `Date` line; never to be changed}
    byte[] dateLine(long now) {
        return date.at(now);
    }

    /// {@return whether the handler wants a request's body; not when it fails to say}
    boolean wantsBody(Request head) {
        try {
            return handler.wantsBody(head);
        } catch (RuntimeException | Error e) {
            failed(head, e);
            return false;
        }
    }

    /// {@return the handler's answer; 500 when it has none}
    Response answer(Request request) {
        try {
            Response response = handler.handle(request);
            if (response != null) {
                return response;
            }
            failed(request, new NullPointerException("the handler returned no response"));
        } catch (Exception | Error e) {
            failed(request, e);
        }
        return Response.plain(Status.INTERNAL_SERVER_ERROR);
    }

    void failed(Request request, Throwable cause) {
        observer.failed(request, cause);
    }
}
