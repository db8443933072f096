package dev.pollux.checks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;

/// Somebody who is connected to an example.
final class ExamplePeer implements AutoCloseable {
    private final Socket socket;
    private final InputStream received;

    private ExamplePeer(Socket socket) throws IOException {
        this.socket = socket;
        received = new BufferedInputStream(socket.getInputStream());
    }

    static ExamplePeer of(int port) throws IOException {
        return new ExamplePeer(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    ExamplePeer send(String text) throws IOException {
        return send(text.getBytes(UTF_8));
    }

    ExamplePeer send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /// {@return what comes next, as long as this text would be}
    String receive(String expected) throws IOException {
        return new String(receive(expected.getBytes(UTF_8).length), UTF_8);
    }

    byte[] receive(int bytes) throws IOException {
        return received.readNBytes(bytes);
    }

    /// {@return the next line, without its end}
    String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b; (b = received.read()) != '\n'; ) {
            if (b < 0) {
                throw new AssertionError("the end of input, after: " + line.toString(UTF_8));
            }
            line.write(b);
        }
        return line.toString(UTF_8);
    }

    /// Sends no more.
    ///
    /// @return all that still comes
    byte[] finish() throws IOException {
        socket.shutdownOutput();
        return rest();
    }

    /// {@return all that comes, up to the end of input}
    byte[] rest() throws IOException {
        return received.readAllBytes();
    }

    /// Breaks the connection.
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /// {@return its own address, as `127.0.0.1:54321`}
    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
