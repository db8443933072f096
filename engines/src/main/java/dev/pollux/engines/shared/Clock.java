package dev.pollux.engines.shared;

import java.util.concurrent.TimeUnit;

/// Time, as the threads of an engine with loops see it and let it pass. There is one but in a
/// simulation: the machine's.
public interface Clock {
    /// The machine's.
    Clock SYSTEM = new Clock() {};

    /// {@return nanoseconds from any origin, never going back}
    default long nanoTime() {
        return System.nanoTime();
    }

    /// Lets so much time pass; interrupted, too.
    default void pause(long nanos) {
        Uninterrupted.pause(nanos);
    }

    /// Waits for a monitor to be notified.
    ///
    /// @param monitor held by the caller
    /// @param nanos how long at most
    /// @throws InterruptedException when interrupted
    default void await(Object monitor, long nanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.timedWait(monitor, nanos);
    }
}
