package dev.pollux.engines.blocking;

import dev.pollux.engines.DisconnectedException;
import java.util.concurrent.atomic.LongAdder;

/// What the threads of a blocking engine have done.
final class BlockingCounters {
    final LongAdder turns = new LongAdder();
    final LongAdder bytesReceived = new LongAdder();
    final LongAdder bytesSent = new LongAdder();
    final LongAdder accepted = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder disconnectedSlow = new LongAdder();
    final LongAdder disconnectedOverBudget = new LongAdder();

    /// A thread has come back from a wait.
    void woke() {
        turns.increment();
    }

    void disconnected(DisconnectedException.Reason reason) {
        switch (reason) {
            case SLOW_RECEIVER -> disconnectedSlow.increment();
            case OVER_BUDGET -> disconnectedOverBudget.increment();
            default -> {} // Not counted by reason.
        }
    }

    void received(int bytes) {
        bytesReceived.add(bytes);
    }

    void sent(int bytes) {
        bytesSent.add(bytes);
    }
}
