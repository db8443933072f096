package dev.pollux.engines.loop;

import dev.pollux.engines.Protocol;
import dev.pollux.engines.io.Wire;
import dev.pollux.engines.shared.Clock;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.function.Supplier;

/// What one I/O model adds to the loops of an engine: how each of them waits, and how connections
/// come to them. One object serves one [LoopEngine].
public interface LoopModel {
    /// {@return its name, in messages and in the names of threads}
    String name();

    /// {@return what drives a new loop}
    ///
    /// @throws IOException when there is no descriptor or memory for it
    Driver driver(Loop loop) throws IOException;

    /// Binds a listening socket, at which nobody is accepted before [Acceptor#open()].
    ///
    /// @param doors the doors of the engine, through which the accepted go in
    /// @param address where
    /// @param protocols makes the protocol of each connection
    /// @throws IOException when the address cannot be had
    /// @throws UnsupportedOperationException when the model has no such addresses
    Acceptor bind(Doors doors, SocketAddress address, Supplier<? extends Protocol> protocols)
            throws IOException;

    /// {@return the wire of a descriptor that somebody else has opened}
    ///
    /// @throws UnsupportedOperationException when the model knows no descriptors
    Wire adopt(int fd);

    /// {@return what a model throws that adopts nothing}
    static UnsupportedOperationException knowsNoDescriptors(String name, int fd) {
        return new UnsupportedOperationException(
                "the "
                        + name
                        + " model waits for the JDK's channels only, not for descriptor "
                        + fd);
    }

    /// {@return what its loops take for the time}
    default Clock clock() {
        return Clock.SYSTEM;
    }

    /// {@return whether a connection is reported once per change, and served until nothing is left}
    boolean edges();
}
