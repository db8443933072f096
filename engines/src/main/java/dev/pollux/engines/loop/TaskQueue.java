package dev.pollux.engines.loop;

import dev.pollux.engines.shared.Clock;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/// What other threads hand over to a loop: tasks, run by the loop in the order in which they came.
///
/// Many producers, one consumer. A loop that is not asleep needs no wakeup, so producers pay for
/// one only when [#sleeps] says so; wakeups are coalesced. It counts the bytes that its tasks
/// carry, so that producers can be slowed down ([#isCongested]); it refuses tasks once closed, so
/// that nothing that was accepted is forgotten, whatever the tasks before it throw.
public final class TaskQueue {
    /// What a task counts beside the bytes it carries, in a round figure: a few objects.
    public static final long TASK_BYTES = 128;

    private static final long CONGESTED_BYTES = 32L * 1024 * 1024;

    /// Carried bytes above which others wait until the loop has caught up.
    private final long congestedBytes;

    private final Object lock = new Object();
    private final Consumer<Throwable> failed;
    private final Clock clock;

    /// Guarded by `lock`.
    private ArrayDeque<Runnable> tasks = new ArrayDeque<>();

    /// The other of the two queues: empty except while the loop runs what it holds. The loop's own.
    private ArrayDeque<Runnable> running = new ArrayDeque<>();

    /// Guarded by `lock`.
    private boolean closed;

    /// Whether `tasks` may hold something: lets the loop look without the lock. Written under
    /// `lock`.
    private volatile boolean filled;

    /// Whether the loop waits in its selector, or is about to. Dekker's pattern with `filled`: each
    /// side writes its own flag before it reads the other's.
    private volatile boolean asleep;

    /// Bytes carried by tasks that have not run. Written under `lock`.
    private volatile long carried;

    /// How many threads wait until the loop has caught up. Guarded by `lock`.
    private int waiting;

    /// Makes one that is empty.
    ///
    /// @param memoryBytesMax `Limits.memoryBytesMax()`: with a quarter of it on its way to one
    ///   loop, or with 32 MiB, others wait
    /// @param failed is told what a task throws; throws nothing
    /// @param clock by which others wait
    TaskQueue(long memoryBytesMax, Consumer<Throwable> failed, Clock clock) {
        this.congestedBytes = Math.min(CONGESTED_BYTES, memoryBytesMax / 4);
        this.failed = failed;
        this.clock = clock;
    }

    /// Hands a task over.
    ///
    /// @param task what the loop shall run
    /// @param bytes how many bytes it carries
    /// @return false when the loop has ended: the task will not run
    boolean offer(Runnable task, int bytes) {
        synchronized (lock) {
            if (closed) {
                return false;
            }
            tasks.add(task);
            carried += TASK_BYTES + bytes;
            filled = true;
        }
        return true;
    }

    /// {@return whether the loop must be woken for what was just offered}
    boolean sleeps() {
        return asleep;
    }

    /// {@return how many bytes tasks carry that have not run, with what the tasks cost themselves}
    long carried() {
        return carried;
    }

    public boolean isCongested() {
        return carried > congestedBytes;
    }

    /// Waits until the loop has caught up, if it has not; interrupted, not any longer.
    ///
    /// @param nanos how long at most
    void awaitCaughtUp(long nanos) {
        if (!isCongested()) {
            return;
        }
        long deadline = clock.nanoTime() + nanos;
        synchronized (lock) {
            waiting++;
            try {
                long left = nanos;
                while (isCongested() && !closed && left > 0) {
                    clock.await(lock, left);
                    left = deadline - clock.nanoTime();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                waiting--;
            }
        }
    }

    /// Announces that the loop is about to wait.
    ///
    /// @return false when there is something to do first
    boolean fallAsleep() {
        asleep = true;
        if (filled) {
            asleep = false;
            return false;
        }
        return true;
    }

    void awake() {
        asleep = false;
    }

    /// Runs what has been handed over until now.
    void run() {
        if (!filled) {
            return;
        }
        synchronized (lock) {
            ArrayDeque<Runnable> full = tasks;
            tasks = running;
            running = full;
            carried = 0;
            filled = false;
            if (waiting > 0) {
                lock.notifyAll();
            }
        }
        for (Runnable task = running.poll(); task != null; task = running.poll()) {
            try {
                task.run();
            } catch (Throwable e) {
                failed.accept(e);
            }
        }
    }

    /// Runs what is left, and takes nothing any more.
    void close() {
        synchronized (lock) {
            closed = true;
        }
        run();
    }
}
