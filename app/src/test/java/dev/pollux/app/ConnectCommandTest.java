package dev.pollux.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(180)
final class ConnectCommandTest {
    private ServerSocket server;
    private String port;

    @BeforeEach
    void listen() throws Exception {
        server = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
        server.setSoTimeout(60_000);
        port = String.valueOf(server.getLocalPort());
    }

    @AfterEach
    void close() throws Exception {
        server.close();
    }

    private Socket accept() throws Exception {
        var peer = server.accept();
        peer.setSoTimeout(60_000);
        return peer;
    }

    @Test
    void bothSidesTalkWhenTheyLike() throws Exception {
        try (var pollux = Pollux.start("connect", "127.0.0.1", port);
                var peer = accept();
                var in = new BufferedReader(new InputStreamReader(peer.getInputStream(), UTF_8))) {
            peer.getOutputStream().write("欢迎\n".getBytes(UTF_8));
            assertThat(pollux.line()).isEqualTo("欢迎");
            pollux.type("你好");
            assertThat(in.readLine()).isEqualTo("你好");
            pollux.type("again");
            assertThat(in.readLine()).isEqualTo("again");
            pollux.endInput();
            assertThat(in.readLine()).isNull();
            peer.getOutputStream().write("after your end\n".getBytes(UTF_8));
            assertThat(pollux.line()).isEqualTo("after your end");
            peer.shutdownOutput();
            assertThat(pollux.exitCode()).isZero();
            assertThat(pollux.errors()).isEmpty();
        }
    }

    @Test
    void thePeersEndIsOurs() throws Exception {
        try (var pollux = Pollux.start("connect", "127.0.0.1", port)) {
            accept().close();
            assertThat(pollux.exitCode()).isZero();
            assertThat(pollux.errors()).containsExactly("pollux: the peer closed the connection");
        }
    }

    @Test
    void aResetIsAFailureInOneLine() throws Exception {
        try (var pollux = Pollux.start("connect", "127.0.0.1", port)) {
            var peer = accept();
            peer.getOutputStream().write("here\n".getBytes(UTF_8));
            assertThat(pollux.line()).isEqualTo("here");
            peer.setSoLinger(true, 0);
            peer.close();
            assertThat(pollux.exitCode()).isEqualTo(1);
            assertThat(pollux.errors()).containsExactly("pollux: the peer reset the connection");
        }
    }

    @Test
    void aFileIsSentWhole(@TempDir Path folder) throws Exception {
        var text = "a line of a file 文件\n".repeat(50_000);
        var file = Files.writeString(folder.resolve("typed"), text);
        try (var pollux = Pollux.startFrom(file, "connect", "127.0.0.1", port);
                var peer = accept()) {
            var all = peer.getInputStream().readAllBytes();
            assertThat(new String(all, UTF_8).equals(text)).isTrue();
            peer.shutdownOutput();
            assertThat(pollux.exitCode()).isZero();
        }
    }

    @Test
    void whoTypesDoesNotWaitForAScreenThatTakesNothing() throws Exception {
        try (var pollux = Pollux.startBarelyRead(0, "connect", "127.0.0.1", port);
                var peer = accept();
                var in = new BufferedReader(new InputStreamReader(peer.getInputStream(), UTF_8))) {
            peer.getOutputStream().write(new byte[256 * 1024]);
            for (int i = 0; i < 3; i++) {
                pollux.type("你好 " + i);
                assertThat(in.readLine()).isEqualTo("你好 " + i);
            }
        }
    }

    @Test
    void aReaderWhoHasSeenEnoughEndsItInSilence() throws Exception {
        try (var pollux = Pollux.startUnread("connect", "127.0.0.1", port);
                var peer = accept()) {
            peer.getOutputStream().write("for nobody\n".getBytes(UTF_8));
            assertThat(pollux.exitCode()).isZero();
            assertThat(pollux.errors()).isEmpty();
        }
    }

    @Test
    void intoAPipeEverythingGoesAsItComes() throws Exception {
        try (var pollux = Pollux.start("connect", "127.0.0.1", port);
                var peer = accept()) {
            peer.getOutputStream().write("\u001b[2Jtext\n".getBytes(UTF_8));
            assertThat(pollux.line()).isEqualTo("\u001b[2Jtext");
        }
    }

    @ParameterizedTest
    @CsvSource({"'', ^[[2Jtext^G", "--raw, '\u001b[2Jtext\u0007'"})
    void whatATerminalWouldObeyIsShownUnlessThatIsWanted(
            String option, String shown, @TempDir Path folder) throws Exception {
        try (var shell = new Shell(folder)) {
            shell.startInBackground("connect", option, "127.0.0.1", port);
            try (var peer = accept()) {
                shell.type("fg\n");
                peer.getOutputStream().write("\u001b[2Jtext\u0007 你好\n".getBytes(UTF_8));
                shell.await(Pattern.quote(shown + " 你好\r\n"));
                shell.type("hello\n");
                assertThat(peer.getInputStream().readNBytes(6))
                        .asString(UTF_8)
                        .isEqualTo("hello\n");
            }
            shell.await("the peer closed the connection");
        }
    }

    @Test
    void closedStandardInputSendsNothing() throws Exception {
        try (var pollux = Pollux.startWithClosedInput("connect", "127.0.0.1", port);
                var peer = accept()) {
            assertThat(peer.getInputStream().readAllBytes()).isEmpty();
            peer.getOutputStream().write("so you listen\n".getBytes(UTF_8));
            peer.shutdownOutput();
            assertThat(pollux.line()).isEqualTo("so you listen");
            assertThat(pollux.exitCode()).isZero();
        }
    }
}
