package dev.pollux.engines.blocking;

import dev.pollux.engines.DisconnectedException;
import java.util.Collection;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// What the connections of a blocking engine hold together: what is queued for their peers, and
/// what their protocols left unread. Where that is more than `Limits.memoryBytesMax()`, the errand
/// thread cuts off the connections that hold the most.
///
/// Any thread may call.
final class BlockingHoldings {
    /// Has something done by the errand thread.
    @FunctionalInterface
    interface Errands {
        /// Has it done after so many nanoseconds.
        Future<?> schedule(Runnable task, long nanos);
    }

    /// Those that were cut off give back what they hold by and by.
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final long bytesMax;
    private final SharedSegments segments;
    private final Collection<BlockingConnection> connections;
    private final Errands errands;

    /// The errand thread sees to it.
    private final AtomicBoolean relieving = new AtomicBoolean();

    /// When it last has, `System.nanoTime()`.
    private volatile long relieved = System.nanoTime() - PAUSE_NANOS;

    /// @param bytesMax how much they may be
    /// @param segments what they hold it in
    /// @param connections all that are open; may be walked through at any time
    /// @param errands of the engine
    BlockingHoldings(
            long bytesMax,
            SharedSegments segments,
            Collection<BlockingConnection> connections,
            Errands errands) {
        this.bytesMax = bytesMax;
        this.segments = segments;
        this.connections = connections;
        this.errands = errands;
    }

    /// {@return how many bytes are held; without the lock, so it may be a little late}
    long bytes() {
        return segments.used();
    }

    /// Counts memory that is no segment.
    ///
    /// @param bytes how many more; below 0: how many less
    void count(int bytes) {
        segments.count(bytes);
        check();
    }

    /// More is held now: sees to it that it is not too much.
    void check() {
        if (bytes() > bytesMax && relieving.compareAndSet(false, true)) {
            boolean scheduled = false;
            try {
                long pause = PAUSE_NANOS - (System.nanoTime() - relieved);
                var _ = errands.schedule(this::relieve, Math.max(pause, 0));
                scheduled = true;
            } finally {
                if (!scheduled) {
                    relieving.set(false); // The next call asks again.
                }
            }
        }
    }

    private void relieve() {
        try {
            boolean enough = false;
            while (!enough) {
                enough = cutOff();
            }
        } finally {
            relieved = System.nanoTime();
            relieving.set(false);
            check(); // What has come meanwhile was left to this thread.
        }
    }

    /// Cuts off the greediest, and as far as it must be others that hold at least half as much: two
    /// looks at each connection, and nothing is sorted.
    ///
    /// @return whether it is not, or soon will not be, too much any more
    private boolean cutOff() {
        BlockingConnection greediest = null;
        long most = 0;
        long leaving = 0;
        for (BlockingConnection connection : connections) {
            long held = connection.heldBytes();
            if (connection.isFailing()) {
                leaving += held;
            } else if (held > most) {
                greediest = connection;
                most = held;
            }
        }
        // Asked for later than what is leaving, which is not to be missing in both.
        long wanted = bytes() - (bytesMax - bytesMax / 8) - leaving;
        if (greediest == null || wanted <= 0) {
            return true;
        }
        wanted -= cutOff(greediest);
        for (BlockingConnection connection : connections) {
            if (wanted > 0 && !connection.isFailing() && 2 * connection.heldBytes() >= most) {
                wanted -= cutOff(connection);
            }
        }
        return wanted <= 0;
    }

    /// {@return how many bytes come free with it}
    private static long cutOff(BlockingConnection connection) {
        long held = connection.heldBytes();
        connection.fail(DisconnectedException.of(DisconnectedException.Reason.OVER_BUDGET));
        return held;
    }
}
