package dev.pollux.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/// A TCP client with the patience of a minute.
final class Client implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket = new Socket();
    private final InputStream in;

    Client(int port) throws IOException {
        this(port, 0);
    }

    /// @param receiveBytes the size of the receive buffer, 0 for the usual one
    Client(int port, int receiveBytes) throws IOException {
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
        in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
    }

    /// How the server calls it.
    String name() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    Client send(String text) throws IOException {
        return send(text.getBytes(UTF_8));
    }

    Client send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /// The next line, without its end; null at the end of input.
    String line() throws IOException {
        var line = new ByteArrayOutputStream();
        int b = read();
        while (b >= 0 && b != '\n') {
            line.write(b);
            b = read();
        }
        return b < 0 && line.size() == 0 ? null : line.toString(UTF_8);
    }

    /// The next line that is something said, without its time.
    String said() throws IOException {
        var line = line();
        while (line != null && line.startsWith("* ")) {
            line = line();
        }
        return line == null ? null : line.substring("2026/11/21 00:15:30 ".length());
    }

    /// So many bytes.
    String bytes(int size) throws IOException {
        return new String(in.readNBytes(size), UTF_8);
    }

    /// Everything to the end.
    String rest() throws IOException {
        var rest = new ByteArrayOutputStream();
        for (int b = read(); b >= 0; b = read()) {
            rest.write(b);
        }
        return rest.toString(UTF_8);
    }

    private int read() throws IOException {
        try {
            return in.read();
        } catch (SocketTimeoutException e) {
            throw new AssertionError(
                    "no answer; what the servers are doing: " + Pollux.threads(), e);
        }
    }

    void finish() throws IOException {
        socket.shutdownOutput();
    }

    /// Ends the connection with RST.
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
