package dev.pollux.descriptors;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// When a wait ends that signals interrupt and that is then begun anew.
///
/// @param start when it has begun, by [System#nanoTime]
/// @param nanos how long it lasts, negative for ever
record Deadline(long start, long nanos) {
    /// {@return the end of a wait that begins now}
    ///
    /// @param timeout how long; zero or negative asks without waiting, null has no end
    static Deadline in(@Nullable Duration timeout) {
        return new Deadline(System.nanoTime(), nanos(timeout));
    }

    private static long nanos(@Nullable Duration timeout) {
        if (timeout == null) {
            return -1;
        }
        try {
            return Math.max(timeout.toNanos(), 0);
        } catch (ArithmeticException _) {
            return timeout.isNegative() ? 0 : -1;
        }
    }

    /// {@return whether it only asks}
    boolean isNow() {
        return nanos == 0;
    }

    /// {@return how long is left, in nanoseconds; negative for ever}
    long left() {
        return nanos <= 0 ? nanos : Math.max(nanos - (System.nanoTime() - start), 0);
    }

    /// @throws IllegalStateException if this would keep the carrier of a virtual thread
    void requireCarrier() {
        if (!isNow() && Thread.currentThread().isVirtual()) {
            throw new IllegalStateException(
                    "a wait would keep the carrier of a virtual thread: ask with a time of zero, or"
                            + " wait in a platform thread");
        }
    }
}
