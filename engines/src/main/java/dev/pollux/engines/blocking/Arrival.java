package dev.pollux.engines.blocking;

import dev.pollux.engines.Protocol;
import dev.pollux.engines.io.BlockingWire;
import dev.pollux.engines.shared.Recipient;
import java.util.function.Supplier;

/// A connection that has been accepted, and waits for its thread.
///
/// @param engine whose it is; it counts as open there
/// @param wire its socket
/// @param protocols makes its protocol, on its thread
record Arrival(BlockingEngine engine, BlockingWire wire, Supplier<? extends Protocol> protocols)
        implements Runnable {
    @Override
    public void run() {
        BlockingConnection connection;
        try {
            connection = new BlockingConnection(engine, wire, Recipient.of(protocols));
        } catch (Throwable e) {
            dismiss();
            engine.troubles().tell("a protocol could not be made, its connection is closed", e);
            return;
        }
        connection.run();
    }

    /// Nobody serves it: closes it. Throws nothing, as others are to be closed behind it, and it is
    /// counted once.
    void dismiss() {
        try {
            wire.close();
        } catch (Throwable e) {
            engine.troubles().tell("a connection that nobody serves could not be closed", e);
        } finally {
            engine.closed();
        }
    }
}
