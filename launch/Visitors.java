import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;

/// The first visitors of a server: what they do is what a start should be fast at.
final class Visitors {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int ROUNDS = 20;

    private Visitors() {}

    /// Two people talk in a room; one asks who is there, both leave.
    static void chat(int port) throws IOException {
        try (var anna = connect(port);
                var bo = connect(port)) {
            say(anna, "/nick anna\n/help\n");
            say(bo, "/nick bo\n/who\n");
            for (int round = 0; round < ROUNDS; round++) {
                say(anna, "hello " + round + "\n");
                say(bo, "你好 " + round + "\n");
            }
            say(anna, "good bye\n");
            await(bo, "good bye");
            say(anna, "/quit\n");
            say(bo, "quit\n");
        }
    }

    /// A browser looks at the pages there are, and at one there is not.
    static void browse(int port) throws IOException {
        try (var browser = connect(port)) {
            for (int round = 0; round < ROUNDS; round++) {
                for (var target : List.of("/", "/healthz", "/none")) {
                    say(browser, "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
                }
            }
            say(browser, "HEAD /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            browser.getInputStream().readAllBytes();
        }
    }

    private static Socket connect(int port) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
    }

    private static void await(Socket socket, String text) throws IOException {
        var heard = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        var line = heard.readLine();
        while (line != null && !line.endsWith(text)) {
            line = heard.readLine();
        }
    }
}
