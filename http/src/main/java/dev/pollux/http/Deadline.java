package dev.pollux.http;

import dev.pollux.engines.Transport;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The only timer of a connection. To put it off, which happens with every request, is to store a
/// number: the timer that fires too early sets itself again. Belongs to the connection's thread.
final class Deadline implements Runnable {
    private final Transport transport;

    /// What runs when the time has come.
    private final Runnable expired;

    /// The timer under way, null when there is none.
    private Transport.@Nullable Timer timer;

    /// When it fires, by the monotonic clock.
    private long firesAt;

    /// When the time has come; without meaning while not `armed`.
    private long at;

    private boolean armed;

    Deadline(Transport transport, Runnable expired) {
        this.transport = transport;
        this.expired = expired;
    }

    /// Sets it, in place of what was set before.
    ///
    /// @param now the monotonic time in nanoseconds
    /// @param delay how long until it expires, in nanoseconds
    void set(long now, long delay) {
        at = now + delay;
        armed = true;
        if (timer == null) {
            start(now);
        } else if (at - firesAt < 0) {
            timer.cancel();
            start(now);
        }
    }

    /// Puts it out of force until it is set again.
    void clear() {
        armed = false;
    }

    /// Ends it for good.
    void cancel() {
        armed = false;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void start(long now) {
        firesAt = at;
        timer = transport.schedule(Duration.ofNanos(Math.max(at - now, 0)), this);
    }

    /// The timer has fired.
    @Override
    public void run() {
        timer = null;
        if (!armed) {
            return;
        }
        // The engine's clock brought us here; what it promised to wait has passed.
        long now = firesAt;
        if (at - now > 0) {
            start(now);
        } else {
            armed = false;
            expired.run();
        }
    }
}
