package dev.pollux.engines.loop;

import org.jspecify.annotations.Nullable;

/// The connections of a loop that are to be settled at the end of its turn, each linked to the
/// next: listing one takes no memory, since it is also how a connection ends for want of memory.
///
/// Belongs to the loop's thread.
final class SettleList {
    /// Events after which the connections they touched are settled, before the turn goes on: by
    /// then the sockets and what goes out are still in the processor's caches, and little memory
    /// waits. With thousands of events in a turn a round trip otherwise costs a third more.
    private static final int SETTLE_EVENTS = 64;

    private @Nullable Connection first;
    private @Nullable Connection last;

    /// Events served since connections were settled.
    private int events;

    boolean isEmpty() {
        return first == null;
    }

    /// Counts an event.
    ///
    /// @return whether those that are listed are to be settled before the turn goes on
    boolean isDue() {
        return ++events >= SETTLE_EVENTS;
    }

    /// Lists a connection, which is not listed yet.
    void add(Connection connection) {
        if (last == null) {
            first = connection;
        } else {
            last.nextListed = connection;
        }
        last = connection;
    }

    /// Settles those that are listed now; what settling lists again has its turn in the next turn,
    /// so that a fast reader of a long answer starves nobody.
    void settle() {
        events = 0;
        Connection next = first;
        first = null;
        last = null;
        while (next != null) {
            Connection connection = next;
            next = connection.nextListed;
            connection.nextListed = null;
            try {
                connection.settle();
            } catch (Throwable e) {
                connection.failed(e);
            }
        }
    }
}
