package dev.pollux.selectors;

import java.util.List;
import java.util.Objects;

/// What to watch a descriptor for, in full: any of the event kinds, and when to report them.
///
/// Beside the compatible pair [Selector#READ] and [Selector#WRITE] there are [Selector#PRIORITY],
/// [Selector#READ_CLOSED], [Selector#HANGUP] and [Selector#ERROR]. A kind that is asked for is
/// reported under its own bit. `HANGUP` and `ERROR` that are not asked for are nevertheless
/// reported, as the kernel always does: folded into whichever of `READ` and `WRITE` is asked for,
/// and under their own bit when neither is.
///
/// @param events one or more of the constants of [Selector], or-ed together
/// @param trigger when to report them
public record Interest(int events, Trigger trigger) {
    private static final int KINDS =
            Selector.READ
                    | Selector.WRITE
                    | Selector.PRIORITY
                    | Selector.READ_CLOSED
                    | Selector.HANGUP
                    | Selector.ERROR;

    private static final int PAIR = Selector.READ | Selector.WRITE;

    /// What is asked for most, by its events.
    private static final List<Interest> LEVELS =
            List.of(level(Selector.READ), level(Selector.WRITE), level(PAIR));

    /// Makes an interest.
    ///
    /// @throws IllegalArgumentException if no event is given, or one that does not exist
    public Interest {
        if (events == 0 || (events & ~KINDS) != 0) {
            throw new IllegalArgumentException("not a set of event kinds: " + events);
        }
        Objects.requireNonNull(trigger, "trigger");
    }

    /// {@return a level-triggered interest in the compatible pair}
    ///
    /// @throws IllegalArgumentException if it is not `READ`, `WRITE` or both
    static Interest ofPair(int events) {
        if (events == 0 || (events & ~PAIR) != 0) {
            throw new IllegalArgumentException("not READ, WRITE or both: " + events);
        }
        return LEVELS.get(events - 1);
    }

    /// {@return whether every mechanism can do it}
    boolean isPlain() {
        return trigger == Trigger.LEVEL && (events & ~PAIR) == 0;
    }

    /// {@return a level-triggered interest}
    ///
    /// @param events one or more of the constants of [Selector]
    /// @throws IllegalArgumentException if no event is given, or one that does not exist
    public static Interest level(int events) {
        return new Interest(events, Trigger.LEVEL);
    }

    /// {@return an edge-triggered interest}
    ///
    /// @param events one or more of the constants of [Selector]
    /// @throws IllegalArgumentException if no event is given, or one that does not exist
    public static Interest edge(int events) {
        return new Interest(events, Trigger.EDGE);
    }

    /// {@return an interest that is reported once and then waits to be armed again}
    ///
    /// @param events one or more of the constants of [Selector]
    /// @throws IllegalArgumentException if no event is given, or one that does not exist
    public static Interest oneShot(int events) {
        return new Interest(events, Trigger.ONE_SHOT);
    }

    /// {@return an interest that does not wake every selector watching the descriptor}
    ///
    /// @param events one or more of the constants of [Selector], but `PRIORITY` and `READ_CLOSED`
    /// @throws IllegalArgumentException if no event is given, or one that does not exist
    public static Interest exclusive(int events) {
        return new Interest(events, Trigger.EXCLUSIVE);
    }
}
