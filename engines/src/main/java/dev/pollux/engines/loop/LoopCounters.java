package dev.pollux.engines.loop;

import dev.pollux.engines.DisconnectedException;
import dev.pollux.engines.DisconnectedException.Reason;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What a loop has done. Written by the loop alone; others may read it a little late.
final class LoopCounters {
    long turns;
    long events;
    long bytesReceived;
    long bytesSent;
    long disconnectedSlow;
    long disconnectedOverBudget;
    long overflows;

    /// Counts the end of a connection.
    void disconnected(@Nullable IOException cause) {
        if (cause instanceof DisconnectedException e) {
            disconnectedSlow += e.reason() == Reason.SLOW_RECEIVER ? 1 : 0;
            disconnectedOverBudget += e.reason() == Reason.OVER_BUDGET ? 1 : 0;
        }
    }

    /// Adds these to a sum.
    void addTo(LoopCounters sum) {
        sum.turns += turns;
        sum.events += events;
        sum.bytesReceived += bytesReceived;
        sum.bytesSent += bytesSent;
        sum.disconnectedSlow += disconnectedSlow;
        sum.disconnectedOverBudget += disconnectedOverBudget;
        sum.overflows += overflows;
    }
}
