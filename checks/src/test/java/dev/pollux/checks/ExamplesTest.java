package dev.pollux.checks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The programs of `examples/`, each in a JVM of its own and through real sockets.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ExamplesTest {
    @TempDir private static Path classes;

    private final List<ExampleProgram> started = new ArrayList<>();

    private static List<TextFile> programs() {
        return Project.here().files().filter(file -> file.path().startsWith("examples/")).toList();
    }

    private static String name(TextFile program) {
        return program.name().replace(".java", "");
    }

    @BeforeAll
    static void theyCompileWithoutAWarning() {
        var sources =
                programs().stream()
                        .map(file -> new MemorySource(file.name(), file.text()))
                        .toList();
        assertThat(sources).isNotEmpty();
        assertThat(MemorySource.compile(sources, "-Xlint:all", "-Werror", "-d", classes.toString()))
                .isEmpty();
    }

    @AfterEach
    void nothingGoesOn() {
        started.forEach(ExampleProgram::close);
    }

    private ExampleProgram start(String... words) throws IOException {
        var program = ExampleProgram.start(classes, words);
        started.add(program);
        return program;
    }

    @Test
    void eachSaysWhatItShowsAndWhichModel() {
        for (var program : programs()) {
            var comment =
                    program.lines().stream().takeWhile(line -> line.startsWith("///")).toList();
            assertThat(comment.getFirst()).as(program.path()).matches("/// [A-Z].{20,70}\\.");
            assertThat(String.join(" ", comment)).as(program.path()).contains("Model: ");
        }
    }

    @Test
    void eachIsDrivenHere() {
        var tests = Project.here().file("checks/src/test/java/dev/pollux/checks/ExamplesTest.java");
        for (var program : programs()) {
            assertThat(tests.orElseThrow().text()).contains("\"" + name(program) + "\"");
        }
    }

    // --- echo in capitals ---

    @ParameterizedTest
    @ValueSource(strings = {"EchoNonBlocking", "EchoThreads", "EchoPool"})
    void twoAreAnsweredWhateverBecomesOfAThird(String name) throws Exception {
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

    /// More than the kernel holds for anybody: what is written is taken in parts.
    private static void answersWhoReadsLate(int port) throws Exception {
        var much = new byte[8 << 20];
        Arrays.fill(much, (byte) 'a');
        try (var late = ExamplePeer.of(port)) {
            var sending =
                    new FutureTask<>(() -> {
                        late.send(much);
                        return null;
                    });
            Thread.ofPlatform().daemon().start(sending);
            var answer = late.receive(much.length);
            sending.get();
            Arrays.fill(much, (byte) 'A');
            assertThat(answer).isEqualTo(much);
            assertThat(late.finish()).isEmpty();
        }
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

    @Test
    void callbacksAnswerInCapitalsAndAddToIt() throws Exception {
        int port = start("EchoSelectors", "0").port();
        try (var one = ExamplePeer.of(port);
                var other = ExamplePeer.of(port)) {
            assertThat(one.send("hello").receive("hello_SB")).isEqualTo("HELLO_SB");
            other.send("x").reset();
            assertThat(one.send("again").finish()).isEqualTo("AGAIN_SB".getBytes(UTF_8));
        }
    }
}
