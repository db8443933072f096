package dev.pollux.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/// Servers under test, on a clock that stands still unless the test turns it.
final class Services {
    /// Answers with what it was asked: method, path, query, body.
    static final Handler ECHO = Handler.withBody(Services::echo);

    /// What the observer was told.
    final List<Throwable> failures = new ArrayList<>();

    final FakeClock clock = new FakeClock();

    private static Response echo(Request request) {
        String body = UTF_8.decode(request.body()).toString();
        String query = request.query() == null ? "" : "?" + request.query();
        return Response.text(request.method() + " " + request.path() + query + " [" + body + "]");
    }

    static HttpService echo() {
        return of(ECHO);
    }

    static HttpService of(Handler handler) {
        return of(handler, HttpLimits.DEFAULT);
    }

    static HttpService of(Handler handler, HttpLimits limits) {
        return new Services().make(handler, limits);
    }

    HttpService make(Handler handler, HttpLimits limits) {
        return new HttpService(handler, limits, (_, cause) -> failures.add(cause), clock, clock);
    }
}
