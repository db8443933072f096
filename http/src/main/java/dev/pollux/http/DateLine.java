package dev.pollux.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/// The `Date` field of all answers, rendered once a second. From any thread.
final class DateLine {
    private static final class Rendered {
        /// The whole line. Never changed.
        private final byte[] bytes;

        /// The monotonic time at which the next second begins.
        private final long until;

        Rendered(byte[] bytes, long until) {
            this.bytes = bytes;
            this.until = until;
        }
    }

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
        var next = time.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        return new Rendered(line, now + Duration.between(time, next).toNanos());
    }
}
