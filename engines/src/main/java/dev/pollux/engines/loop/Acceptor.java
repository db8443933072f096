package dev.pollux.engines.loop;

import dev.pollux.engines.Listener;
import java.io.IOException;

/// What accepts the connections of one listening socket, in the way of a [LoopModel], and gives
/// them to the engine's [Doors].
///
/// [Listener#close()] is called by any thread, also when it was never opened.
public interface Acceptor extends Listener {
    /// Begins to accept. Called once, on the first loop.
    ///
    /// @throws IOException when that cannot be
    void open() throws IOException;

    /// A connection has ended, and this one has waited for that ([Admission#rests]); any thread.
    void resumeSoon();

    /// There are more loops than before; any thread.
    default void extend() {
        // As a rule one loop accepts for all.
    }
}
