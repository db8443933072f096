package dev.pollux.http;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// A clock that the test turns: both the monotonic one and the time of day.
final class FakeClock implements LongSupplier, InstantSource {
    static final Instant START = Instant.parse("2026-11-21T00:15:30Z");

    long nanos = Long.MAX_VALUE - 5_000_000_000L;
    private final long origin = nanos;

    @Override
    public long getAsLong() {
        return nanos;
    }

    @Override
    public Instant instant() {
        return START.plusNanos(nanos - origin);
    }
}
