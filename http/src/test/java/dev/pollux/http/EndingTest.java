package dev.pollux.http;

import static dev.pollux.http.Exchange.get;
import static dev.pollux.http.Exchange.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How connections end: by the peer, by the clock, by the engine.
final class EndingTest {
    private static final HttpLimits LIMITS =
            HttpLimits.DEFAULT.withTimeouts(
                    Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(30));

    private final Services services = new Services();
    private final FakeConnection connection =
            new FakeConnection(services.make(Services.ECHO, LIMITS), services.clock);

    private List<Integer> codes() {
        return Answer.all(connection.output()).stream().map(Answer::code).toList();
    }

    private void pass(double seconds) {
        connection.pass(Duration.ofMillis((long) (seconds * 1000)));
    }

    @Test
    void thePeerEndsBetweenTwoRequests() {
        connection.send(get());
        connection.finish();
        assertThat(codes()).containsExactly(200);
        assertThat(connection.closed).isTrue();
        assertThat(connection.alarms()).isZero();
    }

    @Test
    void thePeerEndsWithoutAWord() {
        connection.finish();
        assertThat(connection.output()).isEmpty();
        assertThat(connection.closed).isTrue();
    }

    @Test
    void thePeerEndsWithinAHead() {
        connection.send("GET / HTTP/1.1\r\n");
        connection.finish();
        assertThat(codes()).containsExactly(400);
        assertThat(connection.closed).isTrue();
    }

    @Test
    void thePeerEndsWithinABody() {
        connection.send(request("POST / HTTP/1.1", "Content-Length: 5") + "hell");
        connection.finish();
        assertThat(codes()).containsExactly(400);
        assertThat(connection.closed).isTrue();
    }

    @Test
    void thePeerEndsWithinChunks() {
        connection.send(
                request("POST / HTTP/1.1", "Transfer-Encoding: chunked") + "5\r\nhello\r\n0\r\n");
        connection.finish();
        assertThat(codes()).containsExactly(400);
    }

    @Test
    void aSilentPeerIsLeftWithoutAWord() {
        pass(9.9);
        assertThat(connection.closed).isFalse();
        pass(0.1);
        assertThat(connection.output()).isEmpty();
        assertThat(connection.closed).isTrue();
    }

    @Test
    void aSlowHeadIsRefusedHoweverOftenAByteComes() {
        pass(9);
        String bytes = get("A: " + "b".repeat(100));
        int sent = 0;
        while (!connection.closed && sent < bytes.length()) {
            connection.send(bytes.substring(sent, ++sent));
            pass(0.5);
        }
        assertThat(sent).isEqualTo(20);
        assertThat(codes()).containsExactly(408);
        assertThat(connection.output()).contains("\r\nConnection: close\r\n");
        assertThat(connection.alarms()).isZero();
    }

    @Test
    void eachHeadHasItsOwnTime() {
        connection.send("GET /");
        pass(9);
        connection.send(" HTTP/1.1\r\nHost: x\r\n\r\nGET /");
        pass(9);
        connection.send(" HTTP/1.1\r\nHost: x\r\n\r\n");
        pass(9);
        assertThat(codes()).containsExactly(200, 200);
        assertThat(connection.closed).isFalse();
    }

    @Test
    void aSlowBodyIsRefused() {
        connection.send(request("POST / HTTP/1.1", "Content-Length: 1000"));
        int sent = 0;
        while (!connection.closed && sent < 1000) {
            connection.send("a");
            sent++;
            pass(1);
        }
        assertThat(sent).isEqualTo(20);
        assertThat(codes()).containsExactly(408);
    }

    @Test
    void anIdleConnectionIsClosedWithoutAWord() {
        connection.send(get());
        pass(29.9);
        connection.send(get());
        pass(29.9);
        assertThat(connection.closed).isFalse();
        pass(0.1);
        assertThat(codes()).containsExactly(200, 200);
        assertThat(connection.closed).isTrue();
    }

    @Test
    void anEmptyLineDoesNotMakeAConnectionBusy() {
        connection.send(get() + "\r\n");
        pass(30);
        assertThat(codes()).containsExactly(200);
        assertThat(connection.closed).isTrue();
    }

    @Test
    void aBusyConnectionHasOneTimer() {
        for (int i = 0; i < 1000; i++) {
            connection.send(get());
            pass(0.001);
            assertThat(connection.alarms()).isEqualTo(1);
        }
        assertThat(codes()).hasSize(1000);
    }

    @Test
    void stoppingClosesAnIdleConnectionAtOnce() {
        connection.send(get());
        connection.stop();
        assertThat(codes()).containsExactly(200);
        assertThat(connection.closed).isTrue();
        assertThat(connection.alarms()).isZero();
    }

    @Test
    void stoppingLetsARequestComeToItsEnd() {
        connection.send(request("POST / HTTP/1.1", "Content-Length: 5") + "he");
        connection.stop();
        assertThat(connection.closed).isFalse();
        connection.send("llo");
        Answer answer = Answer.only(connection.output());
        assertThat(answer.body()).isEqualTo("POST / [hello]");
        assertThat(answer.header("Connection")).isEqualTo("close");
        assertThat(connection.closed).isTrue();
    }

    @Test
    void stoppingLetsAHeadComeToItsEnd() {
        connection.send("GET / HTTP/1.1\r\n");
        connection.stop();
        connection.send("Host: x\r\n\r\n" + get());
        assertThat(codes()).containsExactly(200);
        assertThat(connection.closed).isTrue();
    }

    @Test
    void aBrokenConnectionLeavesNoTimer() {
        connection.send("GET / HTTP/1.1\r\n");
        connection.breakOff();
        assertThat(connection.alarms()).isZero();
        assertThat(connection.output()).isEmpty();
    }
}
