package dev.pollux.engines.loop;

import dev.pollux.engines.DisconnectedException;
import dev.pollux.engines.DisconnectedException.Reason;
import dev.pollux.engines.io.CountedBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A write made by another thread than the connection's own, on its way to the loop.
///
/// What is on the way counts as queued, with what it costs, so that a thread that writes faster
/// than the peer reads is stopped by the same limits as a protocol: what goes beyond them is
/// dropped at once, like all that follows, and the loop is told only that the connection fails.
///
/// @param connection where it goes
/// @param bytes what is written, one reference to it
record OutsideWrite(Connection connection, CountedBytes bytes) implements Runnable {
    private static final AtomicIntegerFieldUpdater<Connection> HANDED_OVER =
            AtomicIntegerFieldUpdater.newUpdater(Connection.class, "handedOver");

    /// Instead of a count: the connection is cut off, and takes nothing any more.
    private static final int CUT_OFF = -1;

    /// Hands bytes over to the loop; any thread.
    ///
    /// @param connection where they go
    /// @param bytes copied and consumed
    static void hand(Connection connection, ByteBuffer bytes) {
        int size = bytes.remaining();
        if (claim(connection, size)) {
            hand(connection, size, () -> CountedBytes.copyOf(bytes));
        }
        bytes.position(bytes.limit());
    }

    /// Hands bytes over to the loop; any thread.
    ///
    /// @param connection where they go
    /// @param bytes retained for as long as it takes
    static void hand(Connection connection, CountedBytes bytes) {
        int size = bytes.size();
        if (claim(connection, size)) {
            hand(connection, size, bytes::retain);
        }
    }

    /// Hands over what has been counted.
    private static void hand(Connection connection, int size, Supplier<CountedBytes> reference) {
        boolean handed = false;
        try {
            CountedBytes bytes = reference.get();
            if (!connection.loop().hand(new OutsideWrite(connection, bytes), size)) {
                bytes.release();
            }
            handed = true;
        } finally {
            if (!handed) {
                giveBack(connection, size);
            }
        }
    }

    /// Counts a write, if it may be.
    private static boolean claim(Connection connection, int size) {
        long cost = (long) size + TaskQueue.TASK_BYTES;
        while (true) {
            int before = connection.handedOver;
            if (before == CUT_OFF) {
                return false;
            }
            Reason refusal = refusal(connection, before + cost, cost);
            int after = refusal == null ? (int) (before + cost) : CUT_OFF;
            if (HANDED_OVER.compareAndSet(connection, before, after)) {
                if (refusal != null) {
                    IOException cause = DisconnectedException.of(refusal);
                    connection.loop().hand(() -> cutOff(connection, cause), 0);
                }
                return refusal == null;
            }
        }
    }

    /// What was written behind a close is dropped in any case, and harms nothing before it.
    private static void cutOff(Connection connection, IOException cause) {
        if (connection.isOpen()) {
            connection.fail(cause);
        }
    }

    private static @Nullable Reason refusal(Connection connection, long onTheWay, long more) {
        Loop loop = connection.loop();
        if (connection.sendQueue().cost() + onTheWay > loop.limits().outboundBytesMax()) {
            return Reason.SLOW_RECEIVER;
        }
        return loop.holdings().mayHandOver(onTheWay, more) ? null : Reason.OVER_BUDGET;
    }

    /// On the loop's thread.
    @Override
    public void run() {
        giveBack(connection, bytes.size());
        try {
            connection.append(bytes);
        } catch (Throwable e) {
            connection.failed(e);
        }
        bytes.release();
    }

    private static void giveBack(Connection connection, int size) {
        int cost = (int) (size + TaskQueue.TASK_BYTES); // As it was claimed.
        HANDED_OVER.updateAndGet(connection, before -> before == CUT_OFF ? CUT_OFF : before - cost);
    }
}
