package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/// TCP over loopback, with blocking clients.
final class Loopback implements AutoCloseable {
    private final int listener;

    Loopback(int typeFlags) {
        listener = Sockets.socket(Sockets.AF_INET, Sockets.SOCK_STREAM | typeFlags, 0);
        var any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        assertThat(Sockets.bind(listener, any)).isZero();
        assertThat(Sockets.listen(listener, 128)).isZero();
    }

    int listener() {
        return listener;
    }

    int connect() throws IOException {
        int client = Sockets.socket(Sockets.AF_INET, Sockets.SOCK_STREAM, 0);
        assertThat(Sockets.connect(client, Sockets.localAddress(listener))).isZero();
        return client;
    }

    static void send(int fd, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        long address = Memory.allocate(bytes.length);
        Memory.copy(bytes, 0, address, bytes.length);
        assertThat(Sockets.sendBlocking(fd, address, bytes.length)).isEqualTo(bytes.length);
        Memory.free(address);
    }

    /// Receives as many bytes as the text has.
    static String receive(int fd, int bytes) {
        long address = Memory.allocate(bytes);
        int got = 0;
        while (got < bytes) {
            int result = Sockets.recvBlocking(fd, address + got, bytes - got);
            assertThat(result).as("received %d of %d", got, bytes).isPositive();
            got += result;
        }
        String text = text(address, bytes);
        Memory.free(address);
        return text;
    }

    static String text(long address, int bytes) {
        byte[] copy = new byte[bytes];
        Memory.copy(address, copy, 0, bytes);
        return new String(copy, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        Descriptors.close(listener);
    }
}
