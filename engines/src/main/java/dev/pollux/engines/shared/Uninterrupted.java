package dev.pollux.engines.shared;

import java.util.concurrent.locks.LockSupport;

/// Waiting that an interrupt does not end, because what is waited for is bound to come and the
/// caller can do nothing without it; the caller still learns of the interrupt, from its thread's
/// status.
public final class Uninterrupted {
    /// Something that waits.
    @FunctionalInterface
    public interface Waiting {
        /// Waits; called again after an interrupt.
        ///
        /// @throws InterruptedException when the waiting thread is interrupted
        void run() throws InterruptedException;
    }

    private Uninterrupted() {}

    /// Sleeps for so long.
    public static void pause(long nanos) {
        long begin = System.nanoTime();
        boolean interrupted = false;
        for (long left = nanos; left > 0; left = nanos - (System.nanoTime() - begin)) {
            LockSupport.parkNanos(left);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits to the end.
    public static void await(Waiting waiting) {
        boolean interrupted = false;
        boolean over = false;
        while (!over) {
            try {
                waiting.run();
                over = true;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
