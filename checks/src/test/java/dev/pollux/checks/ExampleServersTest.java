package dev.pollux.checks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pollux.engines.models.IoModel;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The servers among the programs of `examples/`, each in a JVM of its own and through real
/// sockets.
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ExampleServersTest {
    private final List<ExampleProgram> started = new ArrayList<>();

    @AfterEach
    void nothingGoesOn() {
        started.forEach(ExampleProgram::close);
    }

    private ExampleProgram start(String... words) throws IOException {
        var program = ExampleProgram.start(words);
        started.add(program);
        return program;
    }

    // --- echo in capitals ---

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EchoNonBlocking",
                "EchoThreads",
                "EchoPool",
                "EchoSelect",
                "EchoPoll",
                "EchoEpoll",
                "EchoUring"
            })
    void twoAreAnsweredWhateverBecomesOfAThird(String name) throws Exception {
        if (name.equals("EchoUring")) {
            assumeThat(IoModel.IO_URING.whyNot()).isEmpty();
        }
        int port = start(name, "0").port();
        try (var one = ExamplePeer.of(port);
                var other = ExamplePeer.of(port);
                var third = ExamplePeer.of(port)) {
            for (var peer : List.of(one, third, other)) {
                assertThat(peer.send("abc, 世界 xyz\n").receive("ABC, 世界 XYZ\n"))
                        .isEqualTo("ABC, 世界 XYZ\n");
            }
            third.send("never read").reset();
            assertThat(one.send("again").receive("again")).isEqualTo("AGAIN");
            assertThat(other.send("the rest").finish()).isEqualTo("THE REST".getBytes(UTF_8));
            assertThat(one.send("once more").receive("once more")).isEqualTo("ONCE MORE");
            answersWhoReadsLate(port);
        }
    }

    @Test
    void oneAfterTheOtherIsAnswered() throws Exception {
        int port = start("EchoBlocking", "0").port();
        try (var first = ExamplePeer.of(port);
                var second = ExamplePeer.of(port)) {
            second.send("second");
            assertThat(first.send("first").receive("first")).isEqualTo("FIRST");
            first.reset();
            assertThat(second.finish()).isEqualTo("SECOND".getBytes(UTF_8));
            answersWhoReadsLate(port);
        }
    }

    /// Nothing is read until the server takes nothing more, as its own answers are not taken: by
    /// then it has written some of them in part only.
    private static void answersWhoReadsLate(int port) throws Exception {
        var much = ByteBuffer.allocate(16 << 20); // More than the kernel holds for both.
        Arrays.fill(much.array(), (byte) 'a');
        var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (var late = SocketChannel.open(server)) {
            writeWhileItIsTaken(much, late);
            var sending =
                    new FutureTask<>(() -> {
                        late.write(much);
                        return late.shutdownOutput();
                    });
            Thread.ofPlatform().daemon().start(sending);
            var answer = late.socket().getInputStream().readAllBytes();
            sending.get();
            Arrays.fill(much.array(), (byte) 'A');
            assertThat(answer).isEqualTo(much.array());
        }
    }

    private static void writeWhileItIsTaken(ByteBuffer much, SocketChannel to) throws IOException {
        to.configureBlocking(false);
        try (var room = Selector.open()) {
            to.register(room, SelectionKey.OP_WRITE);
            while (much.hasRemaining() && room.select(300) > 0) {
                to.write(much);
                room.selectedKeys().clear();
            }
        }
        to.configureBlocking(true);
    }

    @Test
    void theClientShowsWhatComesBack() throws Exception {
        var server = start("EchoBlocking", "0");
        var client = start("EchoClient", Integer.toString(server.port()));
        client.type("hello\n\n  世界 \n");
        assertThat(client.upTo("世界")).isEqualTo(">> HELLO\n>> >> 世界");
        client.endOfInput();
        assertThat(client.exitCode()).isZero();
    }

    // --- accept that does not block ---

    @Test
    void whoComesWhileNobodyWaitsIsHeard() throws Exception {
        var program = start("AcceptNonBlocking", "0", "10");
        int port = program.port();
        assertThat(program.line()).isEqualTo("nobody is there");
        try (var peer = ExamplePeer.of(port)) {
            peer.send("hello");
            assertThat(program.lineOf("/")).isEqualTo("/" + peer.address() + " says hello");
            assertThat(peer.finish()).isEmpty();
        }
        ExamplePeer.of(port).reset();
        try (var peer = ExamplePeer.of(port)) {
            peer.send("still there?");
            assertThat(program.lineOf("/" + peer.address())).endsWith(" says still there?");
        }
    }

    // --- selectors ---

    @ParameterizedTest
    @CsvSource({
        "EchoSelectors, hello, HELLO_SB",
        "MessageSelectors, 世界 you, Your msg = 世界 you ~~~~"
    })
    void callbacksAnswer(String name, String question, String answer) throws Exception {
        int port = start(name, "0").port();
        try (var one = ExamplePeer.of(port);
                var other = ExamplePeer.of(port)) {
            assertThat(one.send(question).receive(answer)).isEqualTo(answer);
            assertThat(other.send(question).receive(answer)).isEqualTo(answer);
            other.send("x").reset();
            assertThat(one.send(question).finish()).isEqualTo(answer.getBytes(UTF_8));
        }
    }

    /// Told of twice without having been accepted; the third time it is.
    @Test
    void selectTellsAgainWhatIsStillSo() throws Exception {
        var program = start("SelectLevel", "0", "10");
        int port = program.port();
        assertThat(program.line()).as("the time is over").isEqualTo(">>>>>>");
        try (var peer = ExamplePeer.of(port)) {
            program.lineOf("hello");
            assertThat(List.of(program.line(), program.line(), program.line(), program.line()))
                    .containsExactly(">>>>>>", "hello", ">>>>>>", "hello");
            assertThat(program.line()).isEqualTo("accepted /" + peer.address());
            assertThat(peer.rest()).isEmpty();
        }
    }

    // --- web ---

    private static final String PAGE =
            "<!DOCTYPE html><title>Pollux</title><h1>Multiplexing</h1>\n";

    private static String response(String status, String connection) {
        return ("HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n"
                        + "Connection: %s\r\n\r\n%s")
                .formatted(status, PAGE.length(), connection, PAGE);
    }

    @Test
    void aPageIsSentAndTheConnectionClosed() throws Exception {
        int port = start("WebClosing", "0").port();
        try (var slow = ExamplePeer.of(port);
                var other = ExamplePeer.of(port);
                var third = ExamplePeer.of(port)) {
            slow.send("GET / HTTP/1.1\r\nHo");
            third.send("GET").reset();
            other.send("POST / HTTP/1.1\r\nHost: x\r\n\r\nand a body that nobody reads");
            assertThat(new String(other.rest(), UTF_8))
                    .isEqualTo(response("501 Not Implemented", "close"));
            slow.send("st: x\r\n\r\n");
            assertThat(new String(slow.rest(), UTF_8)).isEqualTo(response("200 OK", "close"));
        }
        try (var endless = ExamplePeer.of(port)) {
            assertThat(new String(endless.send(new byte[8192]).rest(), UTF_8))
                    .isEqualTo(response("431 Request Header Fields Too Large", "close"));
        }
    }

    @Test
    void aConnectionIsKeptForMoreRequests() throws Exception {
        int port = start("WebKeepAlive", "0").port();
        var kept = response("200 OK", "keep-alive");
        var last = response("200 OK", "close");
        var get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        try (var one = ExamplePeer.of(port);
                var other = ExamplePeer.of(port);
                var third = ExamplePeer.of(port)) {
            assertThat(one.send(get).receive(kept)).isEqualTo(kept);
            third.send("GET").reset();
            assertThat(other.send(get + get + get).finish())
                    .isEqualTo((kept + kept + kept).getBytes(UTF_8));
            one.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n" + get);
            assertThat(new String(one.rest(), UTF_8)).isEqualTo(last);
        }
        try (var old = ExamplePeer.of(port);
                var endless = ExamplePeer.of(port)) {
            assertThat(new String(old.send("GET / HTTP/1.0\r\n\r\n").rest(), UTF_8))
                    .isEqualTo(last);
            assertThat(new String(endless.send(new byte[8192]).rest(), UTF_8))
                    .isEqualTo(response("501 Not Implemented", "close"));
        }
    }

    // --- signals ---

    @Test
    void eachDatagramBringsASignalAndComesBack() throws Exception {
        var program = start("EchoSigio", "0");
        int port = program.port();
        try (var one = new DatagramSocket();
                var other = new DatagramSocket()) {
            for (var text : List.of("hello", "世界", "once more")) {
                program.lineOf("echoed"); // It sleeps, so that only a signal can wake it.
                var asker = text.equals("世界") ? other : one;
                assertThat(echoOf(text, asker, port)).isEqualTo(text);
            }
        }
    }

    private static String echoOf(String text, DatagramSocket socket, int port) throws IOException {
        var bytes = text.getBytes(UTF_8);
        var to = InetAddress.getLoopbackAddress();
        socket.send(new DatagramPacket(bytes, bytes.length, to, port));
        var packet = new DatagramPacket(new byte[1024], 1024);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), UTF_8);
    }
}
