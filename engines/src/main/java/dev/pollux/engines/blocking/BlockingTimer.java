package dev.pollux.engines.blocking;

import dev.pollux.engines.Transport;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// One task of [BlockingTimers] that waits for its time.
final class BlockingTimer implements Transport.Timer, Runnable {
    private final BlockingTimers timers;

    /// In whose turn the task runs; null for one of the engine's own.
    private final @Nullable BlockingConnection connection;

    private final Runnable task;
    private volatile @Nullable Future<?> future;
    private volatile boolean cancelled;

    BlockingTimer(BlockingTimers timers, @Nullable BlockingConnection connection, Runnable task) {
        this.timers = timers;
        this.connection = connection;
        this.task = task;
    }

    /// It waits now.
    void waitsAs(Future<?> waiting) {
        future = waiting;
    }

    @Override
    public void run() {
        timers.remove(this);
        if (connection != null) {
            connection.execute(this::runUnlessCancelled);
        } else {
            runUnlessCancelled();
        }
    }

    private void runUnlessCancelled() {
        if (!cancelled) {
            task.run();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        timers.remove(this);
        Future<?> waiting = future;
        if (waiting != null) {
            waiting.cancel(false);
        }
    }
}
