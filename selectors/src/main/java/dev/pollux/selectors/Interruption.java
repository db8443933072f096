package dev.pollux.selectors;

import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.spi.AbstractInterruptibleChannel;

/// Lets an interrupt of the waiting thread end its wait: through the hook by which it closes a
/// channel of the JDK's that the thread is blocked on. Here it wakes the waiter instead.
final class Interruption extends AbstractInterruptibleChannel {
    private final Runnable wakeup;

    Interruption(Runnable wakeup) {
        this.wakeup = wakeup;
    }

    /// Waits as the poller does. One call, one hook: a poller over the JDK's own selector puts
    /// another in its place.
    int await(Poller poller, long timeoutNanos) {
        begin();
        try {
            return poller.await(timeoutNanos);
        } finally {
            hearNoMore();
        }
    }

    private void hearNoMore() {
        try {
            end(true);
        } catch (AsynchronousCloseException | OutOfMemoryError _) {
            // Interrupted, as the thread's status says as well; what the kernel has told, it may
            // not tell again.
        }
    }

    /// Called in the interrupting thread, or by `begin` in a thread that is interrupted already.
    @Override
    protected void implCloseChannel() {
        wakeup.run();
    }
}
