package dev.pollux.engines;

/// What a loop of the `nonblocking` model does after a round in which no descriptor had anything:
/// the trade between processor time and the delay of the next message.
public enum IdleStrategy {
    /// Asks again at once: the shortest delay, a whole core for ever.
    SPIN("spin"),

    /// Lets other threads run first: a whole core, but one that it shares.
    YIELD("yield"),

    /// Sleeps a little, and longer while nothing happens, at most about a millisecond.
    PARK("park");

    private final String label;

    IdleStrategy(String label) {
        this.label = label;
    }

    /// {@return the name on the command line}
    @Override
    public String toString() {
        return label;
    }
}
