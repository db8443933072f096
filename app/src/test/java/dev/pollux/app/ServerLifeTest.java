package dev.pollux.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.engines.models.IoModel;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How servers start and stop, whatever they serve.
@Timeout(180)
final class ServerLifeTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aSignalStopsItInOrder(String signal) throws Exception {
        try (var pollux = Pollux.start("chat", "--port", "0")) {
            try (var member = new Client(pollux.port("chat"))) {
                member.send("hi 你好\n");
                assertThat(member.said()).isEqualTo(member.name() + ": hi 你好");
                pollux.signal(signal);
                assertThat(member.rest()).isEqualTo("* server is stopping\n");
            }
            assertThat(pollux.exitCode()).isZero();
            assertThat(pollux.rest()).isEmpty();
        }
    }

    /// Before the second door is open.
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aSignalStopsItInOrderAsSoonAsADoorIsOpen(String signal) throws Exception {
        try (var pollux = Pollux.start("serve", "--port", "0", "--web-port", "0")) {
            pollux.port("chat");
            pollux.signal(signal);
            assertThat(pollux.exitCode()).isZero();
            assertThat(pollux.errors()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.pollux.app.Models#forMany")
    void quitStopsItInOrderOnEveryModel(String model) throws Exception {
        var words = new ArrayList<>(List.of("chat", "--port", "0"));
        words.addAll(Models.withTwoLoops(model));
        try (var pollux = Pollux.start(words.toArray(String[]::new))) {
            int port = pollux.port("chat");
            try (var one = new Client(port);
                    var two = new Client(port)) {
                one.send("hello\n");
                assertThat(one.said()).isEqualTo(one.name() + ": hello");
                two.send("你好\n");
                assertThat(one.said()).isEqualTo(two.name() + ": 你好");
                pollux.type("not quit");
                pollux.type(" quit ");
                assertThat(one.rest()).endsWith("* server is stopping\n");
                assertThat(two.rest()).endsWith("* server is stopping\n");
            }
            assertThat(pollux.exitCode()).isZero();
            assertThat(pollux.rest()).isEmpty();
            assertThat(pollux.errors()).isEmpty();
        }
    }

    @Test
    void theEndOfStandardInputStopsNothing() throws Exception {
        try (var pollux = Pollux.start("chat", "--port", "0")) {
            int port = pollux.port("chat");
            pollux.endInput();
            servesAndStops(pollux, port);
        }
    }

    @Test
    void standardInputMayBeNothing() throws Exception {
        try (var pollux = Pollux.startFrom(Path.of("/dev/null"), "chat", "--port", "0")) {
            servesAndStops(pollux, pollux.port("chat"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"poll", "nio"})
    void standardInputMayBeClosed(String model) throws Exception {
        try (var pollux = Pollux.startWithClosedInput("chat", "--port", "0", "--model", model)) {
            servesAndStops(pollux, pollux.port("chat"));
        }
    }

    @Test
    void standardInputMayBeAFileWithoutQuit() throws Exception {
        var file = Files.writeString(folder.resolve("typed"), "hello\n".repeat(10_000));
        try (var pollux = Pollux.startFrom(file, "chat", "--port", "0")) {
            servesAndStops(pollux, pollux.port("chat"));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.pollux.app.Models#here")
    void aFileMaySayQuit(String model) throws Exception {
        var file = Files.writeString(folder.resolve("typed"), "a\nquit");
        try (var pollux = Pollux.startFrom(file, "echo", "--port", "0", "--model", model)) {
            assertThat(pollux.exitCode()).isZero();
            assertThat(pollux.rest()).hasSize(1).first().asString().startsWith("listening echo ");
        }
    }

    @Test
    void standardInputMayHaveNoEndAndNoLines() throws Exception {
        try (var pollux = Pollux.startFrom(Path.of("/dev/zero"), "answer", "--port", "0")) {
            pollux.port("answer");
            assertThat(pollux.line()).startsWith("* not sent: a line has at most 4096 bytes");
            assertThat(pollux.line()).startsWith("* these are no typed lines: nothing");
            pollux.signal("TERM");
            assertThat(pollux.exitCode()).isZero();
            assertThat(pollux.rest()).isEmpty();
        }
    }

    @Test
    void nothingIsSaidOfTheBestModelThatThisSystemCouldHave() throws Exception {
        try (var pollux = Pollux.start("echo", "--port", "0")) {
            pollux.port("echo");
            pollux.type("quit");
            assertThat(pollux.exitCode()).isZero();
            assertThat(pollux.errors()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"quit", "TERM"})
    void itEndsThoughNobodyTakesItsOutput(String how) throws Exception {
        try (var pollux = Pollux.startBarelyRead(1, "answer", "--port", "0")) {
            try (var client = new Client(pollux.port("answer"))) {
                client.send(("x".repeat(1000) + "\n").repeat(300) + "quit\n");
                assertThat(client.rest()).doesNotContain("not sent");
            }
            ask(pollux, how);
            assertThat(pollux.exitCode()).as("not all was shown").isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"quit", "TERM"})
    void aFullStandardOutputIsToldAtOnceAndIsAFailure(String how) throws Exception {
        try (var pollux = Pollux.startInto(Path.of("/dev/full"), "echo", "--port", "0")) {
            assertThat(pollux.error()).isEqualTo("pollux: standard output did not take everything");
            ask(pollux, how);
            assertThat(pollux.exitCode()).isEqualTo(1);
            assertThat(pollux.errors()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"models", "--help"})
    void aReaderWhoHasSeenEnoughMakesNothingFail(String command) throws Exception {
        try (var pollux = Pollux.startUnread(command)) {
            assertThat(pollux.errors()).isEmpty();
            assertThat(pollux.exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "blocking-threads", "nio"})
    void aCrowdLeavesDescriptorsForTheProcessItself(String model) throws Exception {
        assumeTrue(IoModel.named(model).isAvailable());
        var files = Files.writeString(folder.resolve("a.txt"), "here").getParent().toString();
        try (var pollux =
                        Pollux.startWithDescriptors(
                                80, "web", files, "--port", "0", "--model", model);
                var crowd = new Crowd(pollux.port("web"))) {
            var first = crowd.join();
            for (int i = 0; i < 3; i++) {
                first.send("GET /a.txt HTTP/1.1\r\nHost: here\r\n\r\n");
                assertThat(first.line()).isEqualTo("HTTP/1.1 200 OK\r");
                while (!first.line().equals("\r")) {
                    // The head says nothing more.
                }
                assertThat(first.bytes(4)).isEqualTo("here");
                for (int j = 0; j < 40; j++) {
                    crowd.join();
                }
            }
            pollux.signal("TERM");
            assertThat(pollux.exitCode()).isZero();
            assertThat(pollux.errors())
                    .allMatch(line -> line.startsWith("pollux: waiting up to 5 s for "));
        }
    }

    /// Clients that come and say nothing.
    private record Crowd(int port, List<Client> clients) implements AutoCloseable {
        Crowd(int port) {
            this(port, new ArrayList<>());
        }

        Client join() throws IOException {
            var client = new Client(port);
            clients.add(client);
            return client;
        }

        @Override
        public void close() throws IOException {
            for (var client : clients) {
                client.close();
            }
        }
    }

    private static void servesAndStops(Pollux pollux, int port) throws Exception {
        try (var member = new Client(port)) {
            member.send("still here\n");
            assertThat(member.said()).endsWith(": still here");
            assertThat(pollux.isAlive()).isTrue();
            pollux.signal("TERM");
            assertThat(member.rest()).isEqualTo("* server is stopping\n");
        }
        assertThat(pollux.exitCode()).isZero();
    }

    /// The answer cannot end, as the client reads none of it: the rest is too large for the
    /// sockets.
    private static Client deafClient(int port) throws Exception {
        var client = new Client(port, 4096);
        client.send("GET /large HTTP/1.1\r\nHost: here\r\n\r\n");
        assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK\r");
        return client;
    }

    private static void ask(Pollux pollux, String how) throws Exception {
        if (how.equals("quit")) {
            pollux.type(how);
        } else {
            pollux.signal(how);
        }
    }

    private Path folderWithALargeFile() throws Exception {
        try (var file = new RandomAccessFile(folder.resolve("large").toFile(), "rw")) {
            file.setLength(1L << 30);
        }
        return folder;
    }

    @Test
    void aStopThatLastsSaysWhatItWaitsForAndEndsWithItsTime() throws Exception {
        var large = folderWithALargeFile().toString();
        try (var pollux = Pollux.start("web", large, "--port", "0", "--model", "poll");
                var client = deafClient(pollux.port("web"))) {
            pollux.signal("TERM");
            assertThat(pollux.error()).startsWith("pollux: waiting up to 5 s for 1 connection");
            assertThat(pollux.exitCode()).isZero();
            assertThat(pollux.errors()).isEmpty();
            assertThat(client.name()).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"quit", "INT"})
    void aSignalDuringAStopEndsItAtOnce(String how) throws Exception {
        var large = folderWithALargeFile().toString();
        try (var pollux = Pollux.start("web", large, "--port", "0", "--model", "poll");
                var client = deafClient(pollux.port("web"))) {
            ask(pollux, how);
            assertThat(pollux.error()).startsWith("pollux: waiting up to 5 s");
            pollux.signal("INT");
            assertThat(pollux.exitCode()).isEqualTo(128 + 2);
            assertThat(client.name()).isNotNull();
        }
    }

    @Test
    void theEnvironmentMaySayWhatTheOptionsDoNot() throws Exception {
        var environment = Map.of("POLLUX_PORT", "0", "POLLUX_MODEL", "poll", "POLLUX_THREADS", "0");
        try (var pollux = Pollux.startWith(environment, "echo")) {
            assertThat(pollux.exitCode()).isEqualTo(2);
            assertThat(pollux.error()).isEqualTo("pollux: POLLUX_THREADS must be 1 to 1024, not 0");
        }
        try (var pollux = Pollux.startWith(environment, "echo", "--threads", "1")) {
            pollux.port("echo");
            pollux.type("quit");
            assertThat(pollux.exitCode()).isZero();
            assertThat(pollux.errors()).isEmpty();
        }
    }

    @Test
    void aBadVariableIsNamed() throws Exception {
        var environment = Map.of("POLLUX_WEB_PORT", "http", "POLLUX_MODEL", "poll");
        for (var command : List.of("web", "serve")) {
            try (var pollux = Pollux.startWith(environment, command)) {
                assertThat(pollux.exitCode()).isEqualTo(2);
                assertThat(pollux.error())
                        .isEqualTo(
                                "pollux: Invalid value for POLLUX_WEB_PORT:"
                                        + " 'http' is no port (0 to 65535)");
            }
        }
        try (var pollux = Pollux.startWith(environment, "web", "--port", "https")) {
            assertThat(pollux.error())
                    .isEqualTo(
                            "pollux: Invalid value for option '--port':"
                                    + " 'https' is no port (0 to 65535)");
        }
    }

    @Test
    void anEmptyVariableSaysNothing() throws Exception {
        var environment =
                Map.of("POLLUX_PORT", "", "POLLUX_MODEL", "", "POLLUX_HOST", "", "POLLUX_POOL", "");
        try (var pollux = Pollux.startWith(environment, "echo", "--port", "0")) {
            assertThat(pollux.port("echo")).isPositive();
            pollux.type("quit");
            assertThat(pollux.exitCode()).isZero();
        }
    }

    /// Some of the JDK's classes cannot be made then, and say so by an error.
    @ParameterizedTest
    @ValueSource(ints = {13, 14, 15, 16, 17})
    void withTooFewDescriptorsItEndsInOneLine(int most) throws Exception {
        try (var pollux =
                Pollux.startWithDescriptors(most, "echo", "--port", "0", "--model", "nio")) {
            pollux.endInput();
            if (pollux.line().startsWith("listening")) {
                pollux.signal("TERM");
            } else {
                assertThat(pollux.errors()).as("with %s", most).hasSizeLessThan(2);
                assertThat(pollux.exitCode()).isEqualTo(1);
            }
        }
    }
}
