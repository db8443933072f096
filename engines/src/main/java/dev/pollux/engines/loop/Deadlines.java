package dev.pollux.engines.loop;

import dev.pollux.engines.DisconnectedException;
import dev.pollux.engines.Transport;
import dev.pollux.engines.io.Uptake;
import dev.pollux.engines.io.Wire;
import dev.pollux.engines.shared.Clock;
import dev.pollux.engines.shared.Durations;
import java.time.Duration;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// The timers of one connection: those its protocol has set, and the engine's own limits on
/// silence. A connection has one only when it needs it. Belongs to the loop's thread.
public final class Deadlines {
    /// An idle limit is kept to within one part in so many, so that thousands of connections that
    /// are silent wake their loop about twice a second and not at each tick.
    private static final int IDLE_SLACK_PARTS = 32;

    private static final int FOR_STALL = 1;
    private static final int FOR_LAG = 1 << 1;

    /// A protocol's timer. Its fields belong to the loop's thread.
    private static final class Alarm implements Transport.Timer {
        private final Connection connection;
        private boolean cancelled;
        private TimerWheel.@Nullable Entry entry;

        /// Sets it, from any thread.
        Alarm(Connection connection, Runnable task, Duration delay) {
            this.connection = connection;
            Loop loop = connection.loop();
            if (loop.isCurrent()) {
                set(task, Durations.nanos(delay));
            } else {
                Clock clock = loop.clock();
                long due = clock.nanoTime() + Durations.nanos(delay);
                connection.hand(() -> set(task, due - clock.nanoTime()));
            }
        }

        private void set(Runnable task, long delayNanos) {
            if (!cancelled && !connection.isTold()) {
                entry = connection.deadlines().add(task, delayNanos);
            }
        }

        @Override
        public void cancel() {
            if (!connection.loop().isCurrent()) {
                connection.loop().hand(this::cancel, 0);
                return;
            }
            cancelled = true;
            if (entry != null) {
                connection.deadlines().cancel(entry);
            }
        }
    }

    private final Connection connection;
    private final TimerWheel wheel;

    /// Everything that waits, so that the end of the connection cancels it.
    private final ArrayList<TimerWheel.Entry> entries = new ArrayList<>(2);

    /// The next look after a peer that has no room; null before it is first needed.
    private TimerWheel.@Nullable Entry stall;

    /// How long such a peer may take nothing.
    private long stallNanos;

    private final Uptake uptake = new Uptake();

    /// For whom the kernel is asked how much the peer has not taken: [#FOR_STALL], [#FOR_LAG].
    private int asked;

    /// When input last came, in ticks.
    private long lastInput;

    /// When the peer last took something, in ticks.
    private long lastOutput;

    /// How many bytes it has taken since this was made.
    private long taken;

    /// How long it is waited for in its groups; null before it has first fallen behind.
    private @Nullable Lag lag;

    Deadlines(Connection connection) {
        this.connection = connection;
        this.wheel = connection.loop().wheel();
    }

    /// Runs a protocol's task after a delay; any thread.
    ///
    /// @return what cancels it
    static Transport.Timer schedule(Connection connection, Runnable task, Duration delay) {
        return new Alarm(connection, task, delay);
    }

    /// Runs a task of the engine's own after a delay.
    ///
    /// @return what [#cancel] takes
    TimerWheel.Entry add(Runnable task, long delayNanos) {
        return add(task, delayNanos, 0);
    }

    private TimerWheel.Entry add(Runnable task, long delayNanos, long slackNanos) {
        TimerWheel.Entry[] self = new TimerWheel.Entry[1];
        TimerWheel.Entry entry =
                new TimerWheel.Entry(() -> {
                    entries.remove(self[0]);
                    try {
                        task.run();
                    } catch (Throwable e) {
                        connection.failed(e);
                    }
                });
        self[0] = entry;
        entries.add(entry);
        wheel.add(entry, delayNanos, slackNanos);
        return entry;
    }

    void cancel(TimerWheel.Entry entry) {
        wheel.remove(entry);
        entries.remove(entry);
    }

    /// Cancels everything, if there is anything.
    static void cancelAll(@Nullable Deadlines deadlines) {
        if (deadlines != null) {
            deadlines.cancelAll();
        }
    }

    private void cancelAll() {
        for (TimerWheel.Entry entry : entries) {
            wheel.remove(entry);
        }
        entries.clear();
    }

    /// Cuts the connection off when it receives nothing for so long.
    void limitIdle(long nanos) {
        checkIdleIn(nanos, nanos);
        inputCame();
    }

    private void checkIdleIn(long delayNanos, long nanos) {
        add(() -> checkIdle(nanos), delayNanos, nanos / IDLE_SLACK_PARTS);
    }

    void inputCame() {
        lastInput = wheel.now();
    }

    /// One timer per period, not one per message: the limit is checked when it may have passed.
    private void checkIdle(long nanos) {
        long left = nanos - (wheel.now() - lastInput) * TimerWheel.TICK_NANOS;
        if (left <= 0) {
            connection.fail(new DisconnectedException(DisconnectedException.Reason.IDLE));
        } else {
            checkIdleIn(left, nanos);
        }
    }

    /// Cuts the connection off when its peer takes nothing for so long.
    ///
    /// @param fromNow whether that time begins now
    void limitStall(long nanos, boolean fromNow) {
        stallNanos = nanos;
        if (stall == null || !stall.isWaiting()) {
            uptake.forget();
            lookIn(nanos / Uptake.LOOKS);
        }
        if (fromNow) {
            outputTaken(0);
        }
    }

    private void lookIn(long nanos) {
        stall = add(this::look, nanos);
    }

    /// Ends the connection when its peer has not ended in so long, and times nothing else any more.
    void limitLinger(long nanos) {
        cancelAll();
        add(connection::giveUp, nanos);
    }

    void outputTaken(int bytes) {
        lastOutput = wheel.now();
        taken += bytes;
    }

    void fellBehind() {
        if (lag == null) {
            lag = new Lag(connection);
        }
        lag.begin();
    }

    void caughtUp() {
        if (lag != null) {
            lag.end();
        }
    }

    private void look() {
        if (!connection.sendQueue().isStalled()) {
            return;
        }
        lookIn(stallNanos / Uptake.LOOKS);
        ask(FOR_STALL);
    }

    /// Has [Lag#judge] told how much the peer has taken; at once, or soon.
    void askForLag() {
        ask(FOR_LAG);
    }

    private void ask(int purpose) {
        asked |= purpose;
        int untaken = connection.wire().untaken();
        if (untaken != Wire.PENDING) {
            untaken(untaken);
        }
    }

    /// The kernel has told how much the peer has not taken: the one answer serves whoever has asked
    /// by now, and whoever has not asked learns nothing from it.
    ///
    /// @param now that; negative when it does not tell
    public void untaken(int now) {
        int purposes = asked;
        asked = 0;
        if ((purposes & FOR_LAG) != 0 && lag != null) {
            lag.judge(taken - Math.max(now, 0));
        }
        if ((purposes & FOR_STALL) != 0) {
            judgeStall(now);
        }
    }

    private void judgeStall(int now) {
        if (uptake.isSeen(now)) {
            outputTaken(0);
        } else if (now < 0) {
            connection.sendQueue().tryAgain();
            connection.list();
        }
        long silent = (wheel.now() - lastOutput) * TimerWheel.TICK_NANOS;
        if (silent >= stallNanos && connection.sendQueue().isStalled()) {
            connection.fail(new DisconnectedException(DisconnectedException.Reason.WRITE_STALLED));
        }
    }
}
