package dev.pollux.http;

import static dev.pollux.http.Exchange.get;
import static dev.pollux.http.Exchange.request;
import static dev.pollux.http.HttpProtocolTest.bodies;
import static dev.pollux.http.HttpProtocolTest.pipeline;
import static dev.pollux.http.HttpProtocolTest.pipelineBodies;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.Limits;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// A peer that does not read gets little and costs little; one that reads again loses nothing.
final class BackpressureTest {
    /// What may be queued: the mark, and one piece beyond it.
    private static final int QUEUED_MAX =
            Limits.DEFAULT.outboundHighMark() + 2 * Output.FLUSH_BYTES;

    @Test
    void aLargeBodyIsQueuedInPieces() {
        var body = new byte[10 * 1024 * 1024];
        new java.util.Random(1).nextBytes(body);
        var connection =
                new FakeConnection(
                        Services.of(_ -> Response.of(Status.OK, "application/octet-stream", body)));
        connection.peerReads = false;
        connection.send(get());
        assertThat(connection.isPaused()).isTrue();
        int takes = 0;
        while (connection.queuedBytes() > 0) {
            connection.take(50_000);
            takes++;
        }
        assertThat(takes).isGreaterThan(200);
        assertThat(connection.queuedMax).isLessThan(QUEUED_MAX);
        byte[] output = connection.outputBytes();
        assertThat(java.util.Arrays.copyOfRange(output, output.length - body.length, output.length))
                .isEqualTo(body);
        assertThat(connection.isPaused()).isFalse();
    }

    @Test
    void aPeerThatOnlyAsksIsNotListenedToAnyMore() {
        var asked = new AtomicInteger();
        var service =
                Services.of(request -> {
                    asked.incrementAndGet();
                    return Response.text(request.path() + "a".repeat(1000));
                });
        var connection = new FakeConnection(service);
        connection.peerReads = false;
        for (int i = 0; i < 1000; i++) {
            connection.send(get());
        }
        assertThat(connection.isPaused()).isTrue();
        assertThat(asked).hasValueLessThan(200);
        assertThat(connection.queuedMax).isLessThan(QUEUED_MAX);
        connection.peerReads = true;
        connection.take(0);
        assertThat(Answer.all(connection.output())).hasSize(1000);
    }

    @Test
    void aBatchLargerThanWhatMayBeLeftUnreadIsKept() {
        var service =
                Services.of(request ->
                        request.path().equals("/0")
                                ? Response.text("a".repeat(1_000_000))
                                : Services.ECHO.handle(request));
        var connection = new FakeConnection(service);
        connection.peerReads = false;
        String requests = pipeline(2_500);
        assertThat(requests.length()).isGreaterThan(65_536);
        connection.send(requests);
        assertThat(connection.isPaused()).isTrue();
        connection.peerReads = true;
        connection.take(0);
        assertThat(bodies(connection).subList(1, 2_500))
                .isEqualTo(pipelineBodies(2_500).subList(1, 2_500));
    }

    @Test
    void aRequestSplitAcrossTheEndOfAKeptBatchIsPutTogether() {
        var service = Services.of(_ -> Response.text("a".repeat(300_000)));
        String requests = pipeline(3);
        for (int at = 1; at < requests.length(); at++) {
            var connection = new FakeConnection(service);
            connection.peerReads = false;
            connection.send(requests.substring(0, at)).send(requests.substring(at));
            connection.peerReads = true;
            connection.take(0);
            assertThat(Answer.all(connection.output())).as("split at %d", at).hasSize(3);
        }
    }

    @Test
    void aPeerThatTakesSlowlyIsNotTimedOutByTheServer() {
        var services = new Services();
        var service = services.make(_ -> Response.text("a".repeat(1_000_000)), HttpLimits.DEFAULT);
        var connection = new FakeConnection(service, services.clock);
        connection.peerReads = false;
        connection.send(get());
        while (connection.queuedBytes() > 0) {
            connection.take(10_000);
            connection.pass(Duration.ofSeconds(50));
        }
        assertThat(Answer.only(connection.output()).body()).hasSize(1_000_000);
        connection.pass(Duration.ofSeconds(75));
        assertThat(connection.closed).isTrue();
    }

    @Test
    void stoppingFinishesTheAnswerUnderWay() {
        var connection = new FakeConnection(Services.of(_ -> Response.text("a".repeat(1_000_000))));
        connection.peerReads = false;
        connection.send(get());
        connection.stop();
        assertThat(connection.closed).isFalse();
        connection.peerReads = true;
        connection.take(0);
        assertThat(Answer.only(connection.output()).body()).hasSize(1_000_000);
        assertThat(connection.closed).isTrue();
    }

    @Test
    void theLastAnswerIsSentBeforeTheConnectionCloses() {
        var connection = new FakeConnection(Services.of(_ -> Response.text("a".repeat(1_000_000))));
        connection.peerReads = false;
        connection.send(request("GET / HTTP/1.1", "Connection: close") + pipeline(1));
        assertThat(connection.closed).isFalse();
        connection.peerReads = true;
        connection.take(0);
        assertThat(Answer.only(connection.output()).body()).hasSize(1_000_000);
        assertThat(connection.closed).isTrue();
    }
}
