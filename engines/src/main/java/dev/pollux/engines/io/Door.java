package dev.pollux.engines.io;

import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// A listening socket as the kernel or the JDK offers it. It decides nothing; `Acceptor` does.
public interface Door {
    /// {@return what is registered with the selector}
    Object fileobj();

    /// {@return the address it is bound to}
    SocketAddress address();

    /// Accepts one connection.
    ///
    /// @return the connection's wire, non-blocking, or null when none is waiting
    /// @throws IOException when the call failed, as a [dev.pollux.libc.ErrnoException] where the
    ///   errno is known
    @Nullable Wire accept() throws IOException;

    /// Closes it. Called once.
    void close();
}
