package dev.pollux.engines.io;

import java.io.IOException;
import java.net.SocketAddress;

/// A listening socket in which a thread sleeps. It decides nothing; `BlockingAcceptor` does.
public interface BlockingDoor {
    /// {@return the address it is bound to}
    SocketAddress address();

    /// Sleeps until somebody comes.
    ///
    /// @return the connection's wire, in which threads may sleep
    /// @throws IOException when the call failed, as a [dev.pollux.libc.ErrnoException] where the
    ///   errno is known; also after [#wake()]
    BlockingWire acceptSleeping() throws IOException;

    /// Wakes a thread that sleeps in [#acceptSleeping()], now and from now on. Any thread.
    void wake();

    /// Closes it. Called once, when nobody is inside.
    void close();
}
