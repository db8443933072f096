package dev.pollux.engines;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Durations as the clock counts them.
final class Durations {
    private Durations() {}

    /// {@return a duration in nanoseconds: what 64 bits do not hold, as `ChronoUnit.FOREVER`, is as
    /// long as they hold, 292 years}
    static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }
}
