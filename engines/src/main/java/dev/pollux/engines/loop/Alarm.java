package dev.pollux.engines.loop;

import dev.pollux.engines.Transport;
import dev.pollux.engines.shared.Clock;
import dev.pollux.engines.shared.Durations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A protocol's timer ([Transport#schedule]). Its fields belong to the loop's thread.
final class Alarm implements Transport.Timer {
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
