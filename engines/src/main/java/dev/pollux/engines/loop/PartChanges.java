package dev.pollux.engines.loop;

import dev.pollux.engines.shared.Pace;
import java.util.ArrayDeque;

/// What is to be done with one [GroupPart], in the group's order: joins, leaves and broadcasts.
/// They are posted by any thread that holds the group's lock, and made by the part's loop.
///
/// None of them throws or calls a protocol, so the loop may make them at any moment, also in the
/// middle of a callback.
final class PartChanges {
    /// The group's lock: held while posting, so that all parts get the same order.
    private final Object order;

    private final Pace pace;

    /// Guarded by `order`.
    private ArrayDeque<Runnable> posted = new ArrayDeque<>();

    /// Whether there are such: lets the loop look without the lock where it is no task that says
    /// so, which comes before what it is to make. Written under `order`.
    private volatile boolean filled;

    /// How many bytes they carry. Guarded by `order`.
    private long unmade;

    /// The loop has much to make, and speakers wait for it. Guarded by `order`.
    private boolean behind;

    /// Empty except while the loop makes what it holds. The loop's own.
    private ArrayDeque<Runnable> running = new ArrayDeque<>();

    PartChanges(Object order, Pace pace) {
        this.order = order;
        this.pace = pace;
    }

    /// Adds one; the caller holds the lock.
    ///
    /// @param change what is to be done
    /// @param bytes how many bytes it carries
    void post(Runnable change, int bytes) {
        assert Thread.holdsLock(order) : "posted without the group's lock";
        posted.add(change);
        filled = true;
        unmade += bytes;
        if (unmade > Pace.UNMADE_BYTES_MAX && !behind) {
            behind = true;
            pace.fell();
        }
    }

    /// Makes those whose posting has returned by now, if there are any; on the loop's thread.
    void makeIfAny() {
        if (filled) {
            make();
        }
    }

    /// Makes all that were posted until now; on the loop's thread.
    void make() {
        boolean wasBehind;
        synchronized (order) {
            ArrayDeque<Runnable> full = posted;
            posted = running;
            running = full;
            filled = false;
            unmade = 0;
            wasBehind = behind;
            behind = false;
        }
        for (Runnable change = running.poll(); change != null; change = running.poll()) {
            change.run();
        }
        if (wasBehind) {
            pace.rose();
        }
    }
}
