package dev.pollux.engines.blocking;

import dev.pollux.engines.DisconnectedException;
import dev.pollux.engines.Limits;
import dev.pollux.engines.Transport;
import dev.pollux.engines.io.Uptake;
import dev.pollux.engines.shared.Durations;
import dev.pollux.engines.shared.Pace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// The timers of one connection of a blocking engine: those its protocol has set, and the engine's
/// own limits on silence. They come due on the engine's errand thread. Any thread may call.
final class BlockingTimers {
    /// One task that waits for its time.
    private final class Timer implements Transport.Timer, Runnable {
        private final Runnable task;

        /// Whether the task is the protocol's, and runs as a callback; else it is the engine's own.
        private final boolean isCallback;

        private volatile @Nullable Future<?> future;
        private volatile boolean cancelled;

        Timer(Runnable task, boolean isCallback) {
            this.task = task;
            this.isCallback = isCallback;
        }

        @Override
        public void run() {
            remove(this);
            if (isCallback) {
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
            remove(this);
            if (future != null) {
                future.cancel(false);
            }
        }
    }

    private final BlockingConnection connection;
    private final Threads threads;
    private final Limits limits;

    /// Everything that waits, so that the end of the connection cancels it. Guarded by itself.
    private final ArrayList<Timer> waiting = new ArrayList<>(2);

    /// Nothing is added any more. Guarded by `waiting`.
    private boolean over;

    /// The next look after a peer that has no room. Guarded by `waiting`.
    private @Nullable Timer stall;

    /// What the looks have seen. Guarded by `waiting`.
    private final Uptake uptake = new Uptake();

    /// Looks after a peer that is waited for. Guarded by `waiting`.
    private @Nullable Timer lag;

    /// When input last came, `System.nanoTime()`; kept where there is a limit only.
    private volatile long lastInput;

    BlockingTimers(BlockingConnection connection, Threads threads, Limits limits) {
        this.connection = connection;
        this.threads = threads;
        this.limits = limits;
    }

    /// Runs a protocol's task after a delay, in the connection's turn.
    ///
    /// @return what cancels it
    Transport.Timer schedule(Duration delay, Runnable task) {
        return add(new Timer(task, true), Durations.nanos(delay));
    }

    /// Runs a task of the engine's own after a delay.
    private Timer add(Runnable task, long nanos) {
        return add(new Timer(task, false), nanos);
    }

    private Timer add(Timer timer, long nanos) {
        synchronized (waiting) {
            if (!over) {
                waiting.add(timer);
                timer.future = threads.schedule(timer, nanos);
            }
        }
        return timer;
    }

    /// A timer is due, or cancelled.
    private void remove(Timer timer) {
        synchronized (waiting) {
            waiting.remove(timer);
        }
    }

    /// Begins to cut off a peer that says nothing, if there is a limit.
    void limitIdle() {
        if (limits.idleTimeout().isZero()) {
            return;
        }
        lastInput = System.nanoTime();
        add(this::checkIdle, Durations.nanos(limits.idleTimeout()));
    }

    /// A receive has returned.
    ///
    /// @param bytes how many have come, if any
    void inputCame(int bytes) {
        if (bytes > 0 && !limits.idleTimeout().isZero()) {
            lastInput = System.nanoTime();
        }
    }

    /// One timer per period, not one per message: the limit is checked when it may have passed.
    private void checkIdle() {
        long left = Durations.nanos(limits.idleTimeout()) - (System.nanoTime() - lastInput);
        if (left > 0) {
            add(this::checkIdle, left);
        } else if (!connection.isTold()) {
            connection.fail(new DisconnectedException(DisconnectedException.Reason.IDLE));
        }
    }

    /// A thread sends that may have to sleep: its peer is cut off when it takes nothing for too
    /// long, if there is a limit.
    void limitStall() {
        if (limits.writeTimeout().isZero()) {
            return;
        }
        synchronized (waiting) {
            if (stall == null) {
                uptake.forget();
                lookAgain();
            }
        }
    }

    private void lookAgain() {
        synchronized (waiting) {
            if (stall == null) {
                stall = add(this::look, Durations.nanos(limits.writeTimeout()) / Uptake.LOOKS);
            }
        }
    }

    private void look() {
        synchronized (waiting) {
            stall = null;
        }
        if (connection.stalledNanos() < 0) {
            return;
        }
        if (isPeerTaking()) {
            connection.peerTook();
        }
        if (connection.stalledNanos() >= Durations.nanos(limits.writeTimeout())) {
            connection.fail(new DisconnectedException(DisconnectedException.Reason.WRITE_STALLED));
        } else {
            lookAgain();
        }
    }

    private boolean isPeerTaking() {
        int untaken = connection.untaken();
        synchronized (waiting) {
            return uptake.isSeen(untaken);
        }
    }

    /// The connection is waited for in its groups: no longer than its peer takes something.
    void limitLag() {
        long reachedBefore = reached();
        synchronized (waiting) {
            if (lag == null) {
                lag = add(() -> checkLag(reachedBefore), Pace.PATIENCE_NANOS);
            }
        }
    }

    /// {@return how much the peer itself has taken, counted from some point; where the kernel does
    /// not tell, how much the kernel has}
    private long reached() {
        return connection.taken() - Math.max(connection.untaken(), 0);
    }

    private void checkLag(long reachedBefore) {
        endLag();
        if (reached() - reachedBefore < Pace.PATIENCE_BYTES) {
            connection.groups().waitNoMore();
        } else if (connection.groups().isWaitedFor()) {
            limitLag();
        }
    }

    /// It is not waited for any more.
    void endLag() {
        synchronized (waiting) {
            if (lag != null) {
                lag.cancel();
                lag = null;
            }
        }
    }

    /// Ends the connection when its peer has not ended in time, and times nothing else any more.
    void limitLinger() {
        cancelAll();
        add(connection::giveUp, Durations.nanos(limits.lingerTimeout()));
    }

    private void cancelAll() {
        synchronized (waiting) {
            for (Timer timer : new ArrayList<>(waiting)) {
                timer.cancel();
            }
        }
    }

    /// The connection is over.
    void end() {
        synchronized (waiting) {
            over = true;
            cancelAll();
        }
    }
}
