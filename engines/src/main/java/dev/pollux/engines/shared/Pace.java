package dev.pollux.engines.shared;

import dev.pollux.engines.Transport;
import java.util.ArrayList;
import java.util.List;

/// Whether a group's members keep up with what is said, and who waits until they do. Any thread; it
/// is touched only when somebody falls behind or has caught up, and not by a delivery.
public final class Pace {
    /// A member that is behind is waited for so long,
    public static final long PATIENCE_NANOS = 2_000_000_000L;

    /// and again as often as it took so much meanwhile: 32 KiB a second, about a quarter of a
    /// megabit.
    public static final long PATIENCE_BYTES = 64 * 1024;

    /// A loop that has so much of the group's broadcasts still to make is behind, too.
    public static final int UNMADE_BYTES_MAX = 1024 * 1024;

    /// How many members and loops are waited for. Written under this object's monitor.
    private volatile int behind;

    /// Guarded by this object's monitor.
    private List<Waiting> waiting = new ArrayList<>();

    /// Somebody who waits until nobody is behind.
    private record Waiting(Transport speaker, Runnable task) {
        /// Throws nothing: what becomes of one is no matter of the others, nor of the one that has
        /// caught up. One that could not be told, for want of memory, would wait for ever.
        void goOn() {
            try {
                speaker.execute(task);
            } catch (Throwable _) {
                giveUp();
            }
        }

        private void giveUp() {
            try {
                speaker.abort();
            } catch (Throwable _) {
                // There is no memory even for that.
            }
        }
    }

    public boolean isBehind() {
        return behind > 0;
    }

    /// One more is waited for.
    public synchronized void fell() {
        behind++;
    }

    /// One is not waited for any more.
    public void rose() {
        List<Waiting> due = List.of();
        synchronized (this) {
            behind--;
            if (behind == 0 && !waiting.isEmpty()) {
                due = waiting;
                waiting = new ArrayList<>();
            }
        }
        due.forEach(Waiting::goOn);
    }

    /// Runs a task on a transport's own thread as soon as nobody is waited for.
    public void await(Transport speaker, Runnable task) {
        synchronized (this) {
            if (behind > 0) {
                waiting.add(new Waiting(speaker, task));
                return;
            }
        }
        speaker.execute(task);
    }
}
