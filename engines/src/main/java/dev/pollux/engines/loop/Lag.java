package dev.pollux.engines.loop;

import dev.pollux.engines.shared.Pace;
import org.jspecify.annotations.Nullable;

/// How long one connection that is behind is waited for in its groups: from when its queue has
/// risen above the high mark until it has fallen below the low one, but no longer than it takes
/// something worth the name ([Pace#PATIENCE_BYTES]). Belongs to the loop's thread.
final class Lag {
    private final Connection connection;

    /// The connection is waited for.
    private boolean waits;

    /// It has taken too little, and is not waited for again before it has caught up.
    private boolean isGivenUp;

    /// Until the next judgement; null while the kernel is asked for it.
    private TimerWheel.@Nullable Entry patience;

    /// Whether it was told before how much the peer has taken, since it is waited for.
    private boolean isKnown;

    /// How much that was.
    private long reachedBefore;

    Lag(Connection connection) {
        this.connection = connection;
    }

    /// It has fallen behind, or is behind in one group more.
    void begin() {
        if (isGivenUp) {
            return;
        }
        for (Membership m = connection.memberships; m != null; m = m.next) {
            m.waitFor();
        }
        if (!waits) {
            waits = true;
            isKnown = false;
            ask();
        }
    }

    private void ask() {
        patience = null;
        connection.deadlines().askForLag();
    }

    /// The kernel has told what was asked for.
    ///
    /// @param reached how much the peer itself has taken, counted from some point; where the kernel
    ///   does not tell, how much the kernel has
    void judge(long reached) {
        if (!waits || patience != null) {
            return;
        }
        if (isKnown && reached - reachedBefore < Pace.PATIENCE_BYTES) {
            isGivenUp = true;
            waitNoMore();
        } else {
            isKnown = true;
            reachedBefore = reached;
            patience = connection.deadlines().add(this::ask, Pace.PATIENCE_NANOS);
        }
    }

    /// It has caught up.
    void end() {
        isGivenUp = false;
        if (patience != null) {
            connection.deadlines().cancel(patience);
            patience = null;
        }
        if (waits) {
            waitNoMore();
        }
    }

    private void waitNoMore() {
        waits = false;
        for (Membership m = connection.memberships; m != null; m = m.next) {
            m.waitNoMore();
        }
    }
}
