package dev.pollux.engines;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/// A write made by another thread than the connection's own, on its way to the loop.
///
/// What is on the way counts as queued, so that a thread that writes faster than the peer reads is
/// stopped by the same limit as a protocol.
///
/// @param connection where it goes
/// @param bytes what is written, one reference to it
/// @param tooMuch whether it goes beyond the hard limit
record OutsideWrite(Connection connection, SharedBytes bytes, boolean tooMuch) implements Runnable {
    private static final AtomicIntegerFieldUpdater<Connection> HANDED_OVER =
            AtomicIntegerFieldUpdater.newUpdater(Connection.class, "handedOver");

    /// Hands bytes over to the loop; any thread.
    ///
    /// @param connection where they go
    /// @param bytes one reference to them, which is given back
    static void hand(Connection connection, SharedBytes bytes) {
        int size = bytes.size();
        int onTheWay = HANDED_OVER.addAndGet(connection, size);
        long queued = (long) connection.outbox().bytes() + onTheWay;
        boolean tooMuch = queued > connection.loop().limits().outboundBytesMax();
        if (!connection.loop().hand(new OutsideWrite(connection, bytes, tooMuch), size)) {
            bytes.release();
        }
    }

    /// On the loop's thread.
    @Override
    public void run() {
        HANDED_OVER.addAndGet(connection, -bytes.size());
        try {
            if (tooMuch) {
                connection.fail(
                        new DisconnectedException(DisconnectedException.Reason.SLOW_RECEIVER));
            } else {
                connection.write(bytes);
            }
        } catch (Throwable e) {
            connection.failed(e);
        }
        bytes.release();
    }
}
