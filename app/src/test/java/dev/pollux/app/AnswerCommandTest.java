package dev.pollux.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(180)
final class AnswerCommandTest {
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("dev.pollux.app.Models#forOne")
    void whereOneIsServedAtATimeTheNextWaitsUntilTheFirstHasLeft(String model) throws Exception {
        try (var pollux = Pollux.start("answer", "--port", "0", "--model", model)) {
            int port = pollux.port("answer");
            try (var two = connectedBehindOne(pollux, port)) {
                assertThat(pollux.line()).isEqualTo("* #2 " + two.name() + " came");
                assertThat(pollux.line()).isEqualTo("#2 " + two.name() + ": 到我了吗?");
                pollux.type("2 到了");
                assertThat(two.line()).isEqualTo("到了");
            }
            assertThat(pollux.line()).startsWith("* #2 ").endsWith(" left");
            pollux.type("quit");
            assertThat(pollux.exitCode()).isZero();
        }
    }

    /// A client that has said something while another one was served, who has left since.
    private static Client connectedBehindOne(Pollux pollux, int port) throws Exception {
        try (var one = new Client(port)) {
            assertThat(pollux.line()).isEqualTo("* #1 " + one.name() + " came");
            var two = new Client(port);
            two.send("到我了吗?\n");
            one.send("在吗?\n");
            assertThat(pollux.line()).isEqualTo("#1 " + one.name() + ": 在吗?");
            pollux.type("1 在");
            assertThat(one.line()).isEqualTo("在");
            one.finish();
            assertThat(one.rest()).isEmpty();
            assertThat(pollux.line()).isEqualTo("* #1 " + one.name() + " left");
            return two;
        }
    }

    @ParameterizedTest
    @MethodSource("dev.pollux.app.Models#forMany")
    void theOperatorAnswersWhomTheyLike(String model) throws Exception {
        try (var pollux = Pollux.start("answer", "--port", "0", "--model", model)) {
            int port = pollux.port("answer");
            try (var one = new Client(port)) {
                assertThat(pollux.line()).isEqualTo("* #1 " + one.name() + " came");
                try (var two = new Client(port)) {
                    assertThat(pollux.line()).isEqualTo("* #2 " + two.name() + " came");
                    one.send("在吗?\n");
                    assertThat(pollux.line()).isEqualTo("#1 " + one.name() + ": 在吗?");
                    two.send("me too\n");
                    assertThat(pollux.line()).isEqualTo("#2 " + two.name() + ": me too");
                    pollux.type("2 第二");
                    pollux.type("1 first");
                    assertThat(two.line()).isEqualTo("第二");
                    assertThat(one.line()).isEqualTo("first");
                    two.reset();
                    assertThat(pollux.line()).isEqualTo("* #2 " + two.name() + " left");
                }
                pollux.type("2 gone?");
                assertThat(pollux.line()).isEqualTo("* client #2 has left");
                pollux.type("9 who?");
                assertThat(pollux.line()).isEqualTo("* there is no client #9");
                pollux.type("who");
                assertThat(pollux.line()).isEqualTo("* #1 " + one.name());
                pollux.type("quit");
                assertThat(one.rest()).isEqualTo("* server is stopping\n");
            }
            assertThat(pollux.exitCode()).isZero();
        }
    }

    @Test
    void theOperatorIsToldWhyALineWasNotSent() throws Exception {
        try (var pollux = Pollux.start("answer", "--port", "0")) {
            pollux.port("answer");
            pollux.type("1 hello\u001b[D");
            assertThat(pollux.line()).isEqualTo("* not sent: that line has control characters");
            pollux.type("1 " + "x".repeat(4095));
            assertThat(pollux.line()).isEqualTo("* not sent: a line has at most 4096 bytes");
            pollux.type("quit");
            assertThat(pollux.exitCode()).isZero();
        }
    }

    @Test
    void whatTheOperatorTypesFirstMayLookLikeHttp() throws Exception {
        try (var pollux = Pollux.start("answer", "--port", "0")) {
            pollux.port("answer");
            pollux.type("GET /lost HTTP/1.1");
            assertThat(pollux.line()).startsWith("* begin with the client's number");
            pollux.type("quit");
            assertThat(pollux.exitCode()).isZero();
        }
    }
}
