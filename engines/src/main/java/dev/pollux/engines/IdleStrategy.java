package dev.pollux.engines;

/// What a loop of the `nonblocking` model does after a round in which no descriptor had anything:
/// the trade between processor time and the delay of the next message.
public enum IdleStrategy {
    /// Asks again at once: the shortest delay, a whole core for ever.
    SPIN("spin") {
        @Override
        void idle(long rounds, long nanosMax) {
            Thread.onSpinWait();
        }
    },

    /// Lets other threads run first: a whole core, but one that it shares.
    YIELD("yield") {
        @Override
        @SuppressWarnings("ThreadPriorityCheck") // relying on the scheduler is the very point
        void idle(long rounds, long nanosMax) {
            Thread.yield();
        }
    },

    /// Sleeps a little, and longer while nothing happens, at most about a millisecond.
    PARK("park") {
        @Override
        void idle(long rounds, long nanosMax) {
            long nanos = Math.min(PARK_NANOS_MIN << Math.min(rounds, PARK_DOUBLINGS), nanosMax);
            Uninterrupted.pause(nanos);
        }
    };

    private static final long PARK_NANOS_MIN = 1_000;
    private static final int PARK_DOUBLINGS = 10;

    private final String label;

    IdleStrategy(String label) {
        this.label = label;
    }

    /// {@return the name on the command line}
    @Override
    public String toString() {
        return label;
    }

    /// Idles once, on the loop's thread.
    ///
    /// @param rounds how many rounds in a row have been idle before
    /// @param nanosMax how long it may sleep at most
    abstract void idle(long rounds, long nanosMax);
}
