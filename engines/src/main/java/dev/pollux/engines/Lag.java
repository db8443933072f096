package dev.pollux.engines;

import org.jspecify.annotations.Nullable;

/// How long one connection that is behind is waited for in its groups: from when its queue has
/// risen above the high mark until it has fallen below the low one, but no longer than it takes
/// something worth the name ([Pace#PATIENCE_BYTES]). Belongs to the loop's thread.
final class Lag {
    private final Connection connection;

    /// Waits while the connection is waited for.
    private TimerWheel.@Nullable Entry patience;

    /// [#reached()] when it was last looked at.
    private long reachedBefore;

    Lag(Connection connection) {
        this.connection = connection;
    }

    /// It has fallen behind.
    void begin() {
        if (patience == null) {
            for (Membership m = connection.memberships; m != null; m = m.next) {
                m.waitFor();
            }
            look();
        }
    }

    private void look() {
        reachedBefore = reached();
        patience = connection.deadlines().add(this::judge, Pace.PATIENCE_NANOS);
    }

    private void judge() {
        patience = null;
        if (reached() - reachedBefore >= Pace.PATIENCE_BYTES) {
            look();
        } else {
            waitNoMore();
        }
    }

    /// {@return how much the peer itself has taken, counted from some point; where the kernel does
    /// not tell at once, how much the kernel has}
    private long reached() {
        return connection.deadlines().taken() - Math.max(connection.wire().untaken(), 0);
    }

    /// It has caught up.
    void end() {
        if (patience != null) {
            connection.deadlines().cancel(patience);
            patience = null;
            waitNoMore();
        }
    }

    private void waitNoMore() {
        for (Membership m = connection.memberships; m != null; m = m.next) {
            m.waitNoMore();
        }
    }
}
