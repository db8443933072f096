package dev.pollux.benchmarks;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;

/// An echo server with a virtual thread per connection and blocking sockets.
public final class VirtualEcho {
    private static final int CHUNK = 4 * 1024;

    private VirtualEcho() {}

    /// Serves until the process is ended.
    ///
    /// @param arguments the port; none or 0 takes a free one
    /// @throws IOException when the port cannot be opened or a connection cannot be accepted
    public static void main(String[] arguments) throws IOException {
        try (var listener = new ServerSocket()) {
            listener.bind(Doors.address(arguments), Doors.BACKLOG);
            Doors.announce(listener.getLocalPort());
            while (true) {
                Socket socket = listener.accept();
                Thread.startVirtualThread(() -> echo(socket));
            }
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = socket.getInputStream();
            var out = socket.getOutputStream();
            var buffer = new byte[CHUNK];
            int length;
            while ((length = in.read(buffer)) >= 0) {
                out.write(buffer, 0, length);
            }
        } catch (IOException _) {
            // A peer that went away is forgotten, as in the other servers.
        }
    }
}
