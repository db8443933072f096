package dev.pollux.engines;

import java.net.SocketAddress;

/// An open door of an [Engine].
public interface Listener extends AutoCloseable {
    /// {@return the address it is bound to; port 0 has become the port the kernel chose}
    SocketAddress address();

    /// Closes the door: no further connection is accepted, those that are open go on. Idempotent.
    @Override
    void close();
}
