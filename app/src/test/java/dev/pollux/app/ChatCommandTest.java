package dev.pollux.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
final class ChatCommandTest {
    private static final int LINES = 100_000;

    private Pollux pollux;
    private int port;

    @BeforeEach
    void start() throws Exception {
        pollux = Pollux.start("chat", "--port", "0", "--threads", "2");
        port = pollux.port("chat");
    }

    /// The next line that does not tell who comes and goes.
    private static String next(Client member) throws Exception {
        var line = member.line();
        while (line != null && (line.endsWith(" joined") || line.endsWith(" left"))) {
            line = member.line();
        }
        return line;
    }

    @AfterEach
    void stop() {
        pollux.close();
    }

    /// A member who is surely in the room.
    private Client member() throws Exception {
        var member = new Client(port);
        var greeting = "* you are " + member.name() + "; /nick NAME changes it";
        assertThat(member.line()).isEqualTo(greeting + ", /help tells more");
        member.send("/nick\n");
        assertThat(next(member)).isEqualTo(greeting);
        return member;
    }

    @Test
    void aLineReachesEveryoneWithTimeAndAddress() throws Exception {
        try (var ann = member();
                var bob = member()) {
            ann.send("hello 世界\r\n");
            var line = next(bob);
            assertThat(line)
                    .matches(
                            "\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d "
                                    + ann.name()
                                    + ": hello 世界");
            assertThat(next(ann)).isEqualTo(line);
        }
    }

    @Test
    void aCharacterMayArriveInPieces() throws Exception {
        try (var ann = member()) {
            for (byte b : "中文 split 😀\n".getBytes(UTF_8)) {
                // A round trip of another member: what was sent before has been received on its
                // own.
                member().close();
                ann.send(new byte[] {b});
            }
            assertThat(ann.said()).isEqualTo(ann.name() + ": 中文 split 😀");
        }
    }

    @Test
    void membersLeaveByQuitByHalfCloseAndByEnd() throws Exception {
        try (var stays = member()) {
            try (var quits = member()) {
                quits.send("quit\n");
                assertThat(quits.rest()).isEqualTo("* good bye\n");
            }
            try (var halfCloses = member()) {
                halfCloses.send("last words");
                halfCloses.finish();
                assertThat(halfCloses.rest()).endsWith(": last words\n");
            }
            assertThat(stays.said()).endsWith(": last words");
            stays.send("/who\n");
            assertThat(next(stays)).isEqualTo("* 1 here: " + stays.name());
        }
    }

    @Test
    void whatIsNoTextHarmsNobody() throws Exception {
        try (var ann = member();
                var bob = member()) {
            ann.send(new byte[] {(byte) 0xFF, (byte) 0xFE, '\n', 0, '\n'});
            ann.send("x".repeat(10_000) + "\n");
            assertThat(next(ann)).isEqualTo("* not sent: that line is not UTF-8");
            assertThat(next(ann)).isEqualTo("* not sent: that line has control characters");
            assertThat(next(ann)).isEqualTo("* not sent: a line has at most 4096 bytes");
            ann.send("fine\n");
            assertThat(next(bob)).endsWith(": fine");
            ann.send("x".repeat(100_000));
            assertThat(ann.rest()).endsWith("* a line without end: good bye\n");
            bob.send("/who\n");
            assertThat(next(bob)).isEqualTo("* 1 here: " + bob.name());
        }
    }

    @Test
    void whatABrowserSendsIsNotSaid() throws Exception {
        try (var ann = member();
                var browser = new Client(port)) {
            browser.line();
            browser.send("POST /" + "A".repeat(5000));
            assertThat(browser.rest())
                    .isEqualTo("* lines of text are spoken here, not HTTP or TLS: good bye\n");
            ann.send("nothing?\n");
            assertThat(ann.said()).endsWith(": nothing?");
        }
    }

    /// Two who say 50,000 lines each, two who listen, one who is killed in the middle, and one who
    /// never reads.
    @Test
    void othersGetEveryLineInOneOrderWhateverHappensToTheRest() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var never = new Client(port, 4096);
                var dies = member()) {
            var members = List.of(member(), member(), member(), member());
            var seen = new ArrayList<Future<List<String>>>();
            for (var member : members) {
                seen.add(threads.submit(() -> lines(member)));
            }
            threads.submit(() -> talk(members.get(0)));
            threads.submit(() -> talk(members.get(1)));
            for (int i = 0; i < 1000; i++) {
                dies.line();
            }
            dies.reset();

            var first = seen.getFirst().get();
            assertThat(first).hasSize(LINES).doesNotHaveDuplicates();
            for (var other : seen) {
                assertThat(other.get().equals(first)).as("the same lines in one order").isTrue();
            }
            for (var member : members) {
                member.close();
            }
            assertThat(never.name()).isNotNull();
        }
        pollux.type("quit");
        assertThat(pollux.exitCode()).isZero();
    }

    private static Client talk(Client member) throws Exception {
        for (int i = 0; i < LINES / 2; i++) {
            member.send("line " + i + " 你好, everyone in the room who listens\n");
        }
        return member;
    }

    private static List<String> lines(Client member) throws Exception {
        var lines = new ArrayList<String>(LINES);
        while (lines.size() < LINES) {
            lines.add(member.said());
        }
        return lines;
    }
}
