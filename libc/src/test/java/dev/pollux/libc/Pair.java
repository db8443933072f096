package dev.pollux.libc;

import java.io.IOException;

/// A client and a server that are connected, and a pipe with nothing in it.
final class Pair implements AutoCloseable {
    final int client;
    final int server;
    final int pipe;
    private final int pipeWriter;

    Pair() throws IOException {
        try (var loopback = new Loopback(0)) {
            client = loopback.connect();
            server = Sockets.accept(loopback.listener(), 0, 0);
            Descriptors.setNonBlocking(server, false);
        }
        int[] ends = new int[2];
        Descriptors.pipe2(ends, Descriptors.O_CLOEXEC);
        pipe = ends[0];
        pipeWriter = ends[1];
    }

    @Override
    public void close() {
        Descriptors.close(client);
        Descriptors.close(server);
        Descriptors.close(pipe);
        Descriptors.close(pipeWriter);
    }
}
