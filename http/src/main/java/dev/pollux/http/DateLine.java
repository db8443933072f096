package dev.pollux.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/// The `Date` field of all answers, rendered once a second. From any thread.
final class DateLine {
    /// @param bytes the whole line
    /// @param until the monotonic time at which the next second begins
    private record Rendered(byte[] bytes, long until) {}

    private final InstantSource clock;

    /// Threads that race to replace it write the same.
    private volatile Rendered rendered;

    /// @param clock the time of day
    /// @param now the monotonic time in nanoseconds
    DateLine(InstantSource clock, long now) {
        this.clock = clock;
        this.rendered = render(now);
    }

    /// {@return the line; never to be changed}
    ///
    /// @param now the monotonic time in nanoseconds
    byte[] at(long now) {
        Rendered current = rendered;
        if (now - current.until >= 0) {
            current = render(now);
            rendered = current;
        }
        return current.bytes;
    }

    private Rendered render(long now) {
        var time = clock.instant();
        byte[] line = ("Date: " + HttpDate.format(time) + "\r\n").getBytes(US_ASCII);
        return new Rendered(line, now + TimeUnit.SECONDS.toNanos(1) - time.getNano());
    }
}
