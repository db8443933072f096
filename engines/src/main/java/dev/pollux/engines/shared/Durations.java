package dev.pollux.engines.shared;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Durations as the clock counts them.
public final class Durations {
    private Durations() {}

    /// {@return a duration in nanoseconds: what 64 bits do not hold, as `ChronoUnit.FOREVER`, is as
    /// long as they hold, 292 years}
    public static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }
}
