package dev.pollux.engines;

import org.jspecify.annotations.Nullable;

/// The connections of a loop that are to be settled at the end of its turn, each linked to the
/// next: listing one takes no memory, since it is also how a connection ends for want of memory.
///
/// Belongs to the loop's thread.
final class SettleList {
    private @Nullable Connection first;
    private @Nullable Connection last;

    boolean isEmpty() {
        return first == null;
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
