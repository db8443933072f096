package dev.pollux.engines;

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
        Protocol protocol;
        try {
            protocol = protocols.get();
        } catch (RuntimeException | Error e) {
            engine.trouble("a protocol could not be made, its connection is closed: " + e, e);
            dismiss();
            return;
        }
        new BlockingConnection(engine, wire, protocol).run();
    }

    /// Nobody serves it: closes it.
    void dismiss() {
        wire.close();
        engine.closed();
    }
}
