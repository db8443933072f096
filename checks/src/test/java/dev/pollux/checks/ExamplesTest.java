package dev.pollux.checks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The programs of `examples/`: what holds for all of them, and those that are more than a server;
/// the others are in [ExampleServersTest].
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ExamplesTest {
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

    // --- all ---

    @Test
    void theyCompileWithoutAWarning() {
        assertThat(ExampleProgram.sources()).isNotEmpty();
        assertThat(ExampleProgram.OBJECTIONS).isEmpty();
    }

    @Test
    void eachSaysWhatItShowsAndWhichModel() {
        for (var program : ExampleProgram.sources()) {
            var comment =
                    program.lines().stream().takeWhile(line -> line.startsWith("///")).toList();
            assertThat(comment.getFirst()).as(program.path()).matches("/// [A-Z].{20,80}\\.");
            assertThat(comment).as(program.path()).anyMatch(line -> line.startsWith("/// Model: "));
            assertThat(String.join(" ", comment)).as(program.path()).contains("ourse notes");
        }
    }

    @Test
    void eachIsDrivenByATest() {
        var tests =
                Project.here()
                        .files()
                        .filter(file -> file.name().matches("Example.*Test\\.java"))
                        .map(TextFile::text)
                        .collect(Collectors.joining());
        for (var program : ExampleProgram.sources()) {
            assertThat(tests).containsPattern("\"" + program.name().replace(".java", "") + "[\",]");
        }
    }

    // --- people ---

    @Test
    void theClientShowsWhatComesBack() throws Exception {
        var server = start("EchoBlocking", "0");
        var client = start("EchoClient", Integer.toString(server.port()));
        client.type("hello\n\n  世界 \n");
        assertThat(client.upTo("世界")).isEqualTo(">> HELLO\n>> >> 世界");
        client.endOfInput();
        assertThat(client.exitCode()).isZero();
    }

    @Test
    void whatOneSaysInTheChatGoesToAll() throws Exception {
        var program = start("ChatServer", "0");
        int port = program.port();
        try (var anna = ExamplePeer.of(port);
                var ben = ExamplePeer.of(port);
                var cleo = ExamplePeer.of(port)) {
            for (var peer : List.of(ben, cleo, anna)) { // Each is there before the next speaks.
                peer.send("here\n");
                assertThat(lineBy(peer, peer)).endsWith(" here");
            }
            assertThat(lineBy(ben, anna)).endsWith(" here");
            anna.send("hel");
            cleo.send("never said").reset();
            anna.send("lo, 世界\nbye\nquit\nnot heard");
            for (var each : List.of("hello, 世界", "bye")) {
                var line =
                        "\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d " + anna.address() + " " + each;
                assertThat(lineBy(ben, anna)).matches(line);
                assertThat(lineBy(anna, anna)).matches(line);
            }
            assertThat(anna.rest()).isEmpty();
            program.type("hello?\nquit\n");
            assertThat(program.exitCode()).isZero();
        }
    }

    private static String lineBy(ExamplePeer reader, ExamplePeer speaker) throws IOException {
        String line;
        do {
            line = reader.line();
        } while (!line.contains(speaker.address()));
        return line;
    }

    /// The first is cut off when its unread lines fill what the server keeps for it.
    @Test
    void whoDoesNotListenHoldsNobody() throws Exception {
        int port = start("ChatServer", "0").port();
        try (var deaf = ExamplePeer.of(port);
                var speaker = ExamplePeer.of(port)) {
            for (var peer : List.of(deaf, speaker)) {
                peer.send("here\n");
                assertThat(lineBy(peer, peer)).endsWith(" here");
            }
            var line = "x".repeat(4000) + "\n";
            for (int i = 0; i < 4000; i++) {
                speaker.send(line);
                assertThat(speaker.line()).hasSizeGreaterThan(4000);
            }
            assertThat(deaf.rest().length).isLessThan(4000 * 4000);
        }
    }

    @Test
    void theOperatorAnswersOneAfterTheOther() throws Exception {
        var program = start("Operator", "0");
        int port = program.port();
        try (var one = ExamplePeer.of(port);
                var two = ExamplePeer.of(port);
                var three = ExamplePeer.of(port)) {
            one.send("who?\nwhen?\n");
            assertThat(program.upTo(">>> ")).isEqualTo("\n1: who?\nanswer client 1 >>> ");
            three.send("never answered\n");
            two.send("where?\n");
            program.type("me\n");
            assertThat(one.line()).isEqualTo("me");
            assertThat(program.upTo(">>> ")).isEqualTo("\n1: when?\nanswer client 1 >>> ");
            program.type("now\n");
            assertThat(one.line()).isEqualTo("now");
            while (!program.upTo(">>> ").contains("2: where?")) {
                three.reset(); // Then its question is no more asked.
            }
            program.type("here\n");
            assertThat(two.line()).isEqualTo("here");
            program.endOfInput();
            assertThat(one.finish()).isEmpty();
        }
    }

    // --- beyond the notes ---

    @Test
    void whatIsAppendedToAFileIsShown(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("log"), "first\n");
        var program = start("Tail", file.toString());
        assertThat(program.line()).isEqualTo("first");
        Files.writeString(file, "second\nthi", StandardOpenOption.APPEND);
        assertThat(program.line()).isEqualTo("second");
        Files.writeString(file, "rd\n", StandardOpenOption.APPEND);
        assertThat(program.line()).isEqualTo("third");
        Files.writeString(file, "new\n");
        assertThat(program.lineOf("new")).isEqualTo("new");
    }

    @Test
    void whatEndsIsStartedAgain() throws Exception {
        var program = start("Supervisor", "sleep", "1000");
        for (int i = 0; i < 2; i++) {
            var child = startedBy(program);
            child.destroyForcibly();
            assertThat(program.line()).isEqualTo(child.pid() + " has ended with 137");
        }
        var child = startedBy(program);
        program.handle().destroy();
        assertThat(program.exitCode()).isEqualTo(143);
        child.onExit().join();
    }

    private static ProcessHandle startedBy(ExampleProgram supervisor) throws IOException {
        var line = supervisor.line();
        assertThat(line).startsWith("started ");
        return ProcessHandle.of(Long.parseLong(line.replace("started ", ""))).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Tail", "Supervisor", "Relay"})
    void whatNeedsWordsSaysWhich(String name) throws Exception {
        var program = start(name);
        assertThat(program.line()).startsWith("usage: ./pollux example " + name + " ");
        assertThat(program.exitCode()).isEqualTo(2);
    }

    @Test
    void bothDirectionsAreRelayedUntilTheirEnd() throws Exception {
        int target = start("EchoThreads", "0").port();
        int port = start("Relay", "0", "127.0.0.1", Integer.toString(target)).port();
        try (var one = ExamplePeer.of(port);
                var other = ExamplePeer.of(port)) {
            assertThat(one.send("hello").receive("hello")).isEqualTo("HELLO");
            assertThat(other.send("x").receive("x")).isEqualTo("X");
            other.send("never read").reset();
            assertThat(one.send("the rest").finish()).isEqualTo("THE REST".getBytes(UTF_8));
        }
    }
}
