package dev.pollux.engines.blocking;

import dev.pollux.engines.DisconnectedException;
import dev.pollux.engines.Limits;
import dev.pollux.engines.io.Uptake;
import dev.pollux.engines.shared.Durations;
import dev.pollux.engines.shared.Pace;
import java.time.Duration;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// The timers of one connection of a blocking engine: those its protocol has set, and the engine's
/// own limits on silence. They come due on the engine's errand thread. Any thread may call.
final class BlockingTimers {
    private final BlockingConnection connection;
    private final Threads threads;
    private final Limits limits;

    /// Everything that waits, so that the end of the connection cancels it. Guarded by itself.
    private final ArrayList<BlockingTimer> waiting = new ArrayList<>(2);

    /// Nothing is added any more. Guarded by `waiting`.
    private boolean over;

    /// The next look after a peer that has no room. Guarded by `waiting`.
    private @Nullable BlockingTimer stall;

    /// What the looks have seen. Guarded by `waiting`.
    private final Uptake uptake = new Uptake();

    /// Looks after a peer that is waited for. Guarded by `waiting`.
    private @Nullable BlockingTimer lag;

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
    BlockingTimer schedule(Duration delay, Runnable task) {
        BlockingTimer timer = new BlockingTimer(this, connection, task);
        add(timer, Durations.nanos(delay));
        return timer;
    }

    private void add(BlockingTimer timer, long nanos) {
        synchronized (waiting) {
            if (!over) {
                waiting.add(timer);
                timer.waitsAs(threads.schedule(timer, nanos));
            }
        }
    }

    /// A timer is due, or cancelled.
    void remove(BlockingTimer timer) {
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
        add(new BlockingTimer(this, null, this::checkIdle), Durations.nanos(limits.idleTimeout()));
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
            add(new BlockingTimer(this, null, this::checkIdle), left);
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
                stall = new BlockingTimer(this, null, this::look);
                add(stall, Durations.nanos(limits.writeTimeout()) / Uptake.LOOKS);
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
                lag = new BlockingTimer(this, null, () -> checkLag(reachedBefore));
                add(lag, Pace.PATIENCE_NANOS);
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
        add(
                new BlockingTimer(this, null, connection::giveUp),
                Durations.nanos(limits.lingerTimeout()));
    }

    private void cancelAll() {
        synchronized (waiting) {
            for (BlockingTimer timer : new ArrayList<>(waiting)) {
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
