package dev.pollux.engines;

/// Waiting that an interrupt does not end, because what is waited for is bound to come and the
/// caller can do nothing without it; the caller still learns of the interrupt, from its thread's
/// status.
final class Uninterrupted {
    /// Something that waits.
    @FunctionalInterface
    interface Waiting {
        /// Waits; called again after an interrupt.
        ///
        /// @throws InterruptedException when the waiting thread is interrupted
        void run() throws InterruptedException;
    }

    private Uninterrupted() {}

    /// Waits to the end.
    static void await(Waiting waiting) {
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
