package dev.pollux.app;

/// What the echo server makes of each chunk, as it was received.
enum Reply {
    /// The same bytes.
    SAME("same", "", "", false),
    /// In capitals: the letters a to z, byte by byte, so that a character which is split between
    /// two chunks comes back whole. Other letters stay as they are.
    UPPER("upper", "", "", true),
    /// In capitals, followed by `_SB`.
    UPPER_SB("upper_SB", "", "_SB", true),
    /// `Your msg = {} ~~~~` with the chunk in place of the braces.
    NOTES("notes", "Your msg = ", " ~~~~", false);

    private final String label;
    private final String before;
    private final String after;
    private final boolean capitals;

    Reply(String label, String before, String after, boolean capitals) {
        this.label = label;
        this.before = before;
        this.after = after;
        this.capitals = capitals;
    }

    /// {@return what stands before the chunk, ASCII}
    String before() {
        return before;
    }

    /// {@return what stands after it, ASCII}
    String after() {
        return after;
    }

    /// {@return whether the chunk is turned into capitals}
    boolean capitals() {
        return capitals;
    }

    /// {@return the name on the command line}
    @Override
    public String toString() {
        return label;
    }
}
