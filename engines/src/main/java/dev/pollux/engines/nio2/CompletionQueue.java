package dev.pollux.engines.nio2;

import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// What other threads have completed for a loop, and how the loop waits for it.
///
/// Many producers, one consumer. The loop is unparked at most once per wait, however much is
/// completed meanwhile; what is added before it waits, or while it falls asleep, is never missed,
/// because both happen under the one lock.
final class CompletionQueue {
    private final Object lock = new Object();

    /// Guarded by `lock`.
    private ArrayDeque<Runnable> coming = new ArrayDeque<>();

    /// The other of the two queues: what the last wait has brought. The consumer's own.
    private ArrayDeque<Runnable> taken = new ArrayDeque<>();

    /// The consumer while it waits. Guarded by `lock`.
    private @Nullable Thread sleeper;

    /// The wait, or the next one, is to end without anything. Guarded by `lock`.
    private boolean woken;

    /// Adds a completion; any thread.
    void add(Runnable completion) {
        Thread unparked;
        synchronized (lock) {
            coming.add(completion);
            unparked = takeSleeper();
        }
        LockSupport.unpark(unparked);
    }

    /// Ends the wait that is going on, or the next one; any thread.
    void wakeup() {
        Thread unparked;
        synchronized (lock) {
            woken = true;
            unparked = takeSleeper();
        }
        LockSupport.unpark(unparked);
    }

    private @Nullable Thread takeSleeper() {
        Thread thread = sleeper;
        sleeper = null;
        return thread;
    }

    /// Waits until there is something to take with [#next()], or for a wakeup.
    ///
    /// @param timeoutNanos the longest wait; 0: only look, negative: without end
    void await(long timeoutNanos) {
        if (!taken.isEmpty()) {
            return;
        }
        long begin = timeoutNanos > 0 ? System.nanoTime() : 0;
        long left = timeoutNanos;
        while (!take(left != 0)) {
            if (left < 0) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, left);
                left = Math.max(0, timeoutNanos - (System.nanoTime() - begin));
            }
            // A loop is ended by its engine: an interrupt would only make it spin.
            Thread.interrupted();
        }
    }

    private boolean take(boolean orSleep) {
        synchronized (lock) {
            if (orSleep && coming.isEmpty() && !woken) {
                sleeper = Thread.currentThread();
                return false;
            }
            sleeper = null;
            woken = false;
            ArrayDeque<Runnable> full = coming;
            coming = taken;
            taken = full;
            return true;
        }
    }

    /// {@return the next completion of those that were there at the end of the last wait, or null}
    @Nullable Runnable next() {
        return taken.poll();
    }
}
