package dev.pollux.engines;

import java.util.ArrayDeque;

/// What is to be done with one [GroupPart], in the group's order: joins, leaves and broadcasts.
/// They are posted by any thread that holds the group's lock, and made by the part's loop.
///
/// None of them calls a protocol, so the loop may make them at any moment, also in the middle of a
/// callback.
final class PartChanges {
    /// The group's lock: who posts holds it, so that all parts get the same order.
    private final Object order;

    /// Guarded by `order`.
    private ArrayDeque<Runnable> posted = new ArrayDeque<>();

    /// Empty except while the loop makes what it holds. The loop's own.
    private ArrayDeque<Runnable> running = new ArrayDeque<>();

    PartChanges(Object order) {
        this.order = order;
    }

    /// Adds one; the caller holds the lock.
    void post(Runnable change) {
        assert Thread.holdsLock(order) : "posted without the group's lock";
        posted.add(change);
    }

    /// Makes all that were posted until now; on the loop's thread.
    void make() {
        synchronized (order) {
            ArrayDeque<Runnable> full = posted;
            posted = running;
            running = full;
        }
        for (Runnable change = running.poll(); change != null; change = running.poll()) {
            change.run();
        }
    }
}
