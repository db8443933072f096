package dev.pollux.http;

import static dev.pollux.http.Exchange.request;
import static dev.pollux.http.HttpProtocolTest.pipeline;
import static dev.pollux.http.HttpProtocolTest.pipelineBodies;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.Engine;
import dev.pollux.engines.Limits;
import dev.pollux.engines.models.IoModel;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The protocol on real sockets, on every I/O model that this machine offers.
@Timeout(60)
final class HttpEngineTest {
    private static final byte[] LARGE = new byte[8 * 1024 * 1024 + 1];

    static {
        new Random(3).nextBytes(LARGE);
    }

    @TempDir private Path folder;

    static Stream<IoModel> models() {
        return Arrays.stream(IoModel.values()).filter(IoModel::isAvailable);
    }

    /// Those that serve more than one connection at once.
    static Stream<IoModel> modelsForMany() {
        return models().filter(model -> model != IoModel.BLOCKING);
    }

    @BeforeEach
    void fill() throws IOException {
        Files.writeString(folder.resolve("index.html"), "<p>你好</p>");
        Files.writeString(folder.resolve("世界.txt"), "世界");
        Files.write(folder.resolve("large.bin"), LARGE);
    }

    /// A server on a port of the kernel's choice.
    private record Server(Engine engine, InetSocketAddress address) implements AutoCloseable {
        Socket connect() throws IOException {
            var socket = new Socket(address.getAddress(), address.getPort());
            socket.setSoTimeout(30_000);
            return socket;
        }

        HttpURLConnection ask(String target) throws IOException {
            var uri = URI.create("http://127.0.0.1:" + address.getPort() + target);
            var connection = (HttpURLConnection) uri.toURL().openConnection();
            connection.setReadTimeout(30_000);
            return connection;
        }

        @Override
        public void close() {
            engine.close();
        }
    }

    private Server serve(IoModel model, HttpLimits limits) throws IOException {
        Handler handler =
                Router.EMPTY.prefix("/echo/", Services.ECHO).prefix("/", StaticFiles.of(folder));
        Engine engine = model.open(Limits.DEFAULT);
        var door =
                engine.listen(
                        new InetSocketAddress("127.0.0.1", 0),
                        new HttpService(handler, limits, HttpObserver.SILENT));
        return new Server(engine, (InetSocketAddress) door.address());
    }

    private Server serve(IoModel model) throws IOException {
        return serve(model, HttpLimits.DEFAULT);
    }

    private static void send(Socket socket, String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
    }

    private static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }

    @ParameterizedTest
    @MethodSource("models")
    void aClientOfTheJdkIsServed(IoModel model) throws IOException {
        try (var server = serve(model)) {
            assertThat(get(server, "/")).asString(UTF_8).isEqualTo("<p>你好</p>");
            assertThat(get(server, "/%E4%B8%96%E7%95%8C.txt")).asString(UTF_8).isEqualTo("世界");
            assertThat(get(server, "/large.bin")).isEqualTo(LARGE);
            HttpURLConnection head = server.ask("/large.bin");
            head.setRequestMethod("HEAD");
            assertThat(head.getContentLengthLong()).isEqualTo(LARGE.length);
            assertThat(head.getInputStream().read()).isEqualTo(-1);
            assertThat(server.ask("/missing").getResponseCode()).isEqualTo(404);
        }
    }

    private static byte[] get(Server server, String target) throws IOException {
        try (var body = server.ask(target).getInputStream()) {
            return body.readAllBytes();
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void pipelinedRequestsAreAnsweredInOrder(IoModel model) throws IOException {
        try (var server = serve(model);
                var socket = server.connect()) {
            String requests = pipeline(5_000).replace("GET /", "GET /echo/");
            send(socket, requests);
            socket.shutdownOutput();
            assertThat(Answer.all(readAll(socket)).stream().map(Answer::body))
                    .containsExactlyElementsOf(
                            pipelineBodies(5_000).stream()
                                    .map(body -> body.replace("GET /", "GET /echo/"))
                                    .toList());
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void aClientThatHasFinishedSendingGetsItsFile(IoModel model) throws IOException {
        try (var server = serve(model);
                var socket = server.connect()) {
            send(socket, request("GET /large.bin HTTP/1.1"));
            socket.shutdownOutput();
            byte[] answer = socket.getInputStream().readAllBytes();
            assertThat(Arrays.copyOfRange(answer, answer.length - LARGE.length, answer.length))
                    .isEqualTo(LARGE);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void aRefusalReachesAClientThatGoesOnSending(IoModel model) throws IOException {
        try (var server = serve(model);
                var socket = server.connect()) {
            send(socket, "GET  / HTTP/1.1\r\nHost: x\r\n\r\n" + "a".repeat(100_000));
            assertThat(Answer.only(readAll(socket)).code()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void aSlowHeadIsRefused(IoModel model) throws IOException {
        HttpLimits limits =
                HttpLimits.DEFAULT.withTimeouts(
                        Duration.ofMillis(200), Duration.ofSeconds(30), Duration.ofSeconds(30));
        try (var server = serve(model, limits);
                var socket = server.connect()) {
            send(socket, "GET / HTTP/1.1\r\n");
            assertThat(Answer.only(readAll(socket)).code()).isEqualTo(408);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void aClientThatLeavesHalfwayLeavesNothingBehind(IoModel model) throws IOException {
        long before = openFiles();
        try (var server = serve(model)) {
            for (int i = 0; i < 20; i++) {
                try (var socket = server.connect()) {
                    send(socket, request("GET /large.bin HTTP/1.1"));
                    assertThat(socket.getInputStream().readNBytes(10_000)).hasSize(10_000);
                    socket.setSoLinger(true, 0);
                }
            }
            try (var socket = server.connect()) {
                send(socket, request("GET /echo/ HTTP/1.1", "Connection: close"));
                assertThat(Answer.only(readAll(socket)).body()).isEqualTo("GET /echo/ []");
            }
        }
        assertThat(openFiles()).isEqualTo(before);
    }

    private long openFiles() throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        if (!Files.isDirectory(descriptors)) {
            return 0;
        }
        try (var open = Files.list(descriptors)) {
            return open.filter(this::isOurs).count();
        }
    }

    private boolean isOurs(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith(folder);
        } catch (IOException _) {
            // Closed since the folder was listed.
            return false;
        }
    }

    @ParameterizedTest
    @MethodSource("modelsForMany")
    void stoppingClosesIdleConnectionsAndFinishesAnswers(IoModel model) throws Exception {
        try (var server = serve(model);
                var idle = server.connect();
                var busy = server.connect()) {
            send(idle, request("GET /echo/ HTTP/1.1"));
            byte[] answer =
                    idle.getInputStream()
                            .readNBytes(
                                    FakeConnection.transcript(
                                                    Services.echo(), request("GET /echo/ HTTP/1.1"))
                                            .length());
            assertThat(new String(answer, UTF_8)).endsWith("GET /echo/ []");
            send(busy, request("GET /large.bin HTTP/1.1"));
            assertThat(busy.getInputStream().read()).isEqualTo('H');
            Thread stopper =
                    Thread.ofVirtual().start(() -> server.engine.stop(Duration.ofSeconds(30)));
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            byte[] rest = busy.getInputStream().readAllBytes();
            assertThat(Arrays.copyOfRange(rest, rest.length - LARGE.length, rest.length))
                    .isEqualTo(LARGE);
            idle.shutdownOutput();
            busy.shutdownOutput();
            stopper.join();
        }
    }
}
