package dev.pollux.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class HttpLimitsTest {
    private static final HttpLimits LIMITS = HttpLimits.DEFAULT;
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static void refuses(String part, ThrowingCallable limits) {
        assertThatThrownBy(limits)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(part);
    }

    @Test
    void refusesWhatDoesNotFitTogether() {
        refuses("requestLineBytesMax", () -> LIMITS.withHead(63, 1024, 1));
        refuses("headBytesMax", () -> LIMITS.withHead(1024, 1023, 1));
        refuses("headBytesMax", () -> LIMITS.withHead(1024, 65_536, 1));
        refuses("headersMax", () -> LIMITS.withHead(1024, 1024, 0));
        refuses("bodyBytesMax", () -> LIMITS.withBodies(-1, 0));
        refuses("bodiesBytesMax", () -> LIMITS.withBodies(0, -1));
        refuses("headTimeout", () -> LIMITS.withTimeouts(Duration.ZERO, SECOND, SECOND));
        refuses("bodyTimeout", () -> LIMITS.withTimeouts(SECOND, SECOND.negated(), SECOND));
        refuses("idleTimeout", () -> LIMITS.withTimeouts(SECOND, SECOND, Duration.ZERO));
        refuses("requestsMax", () -> LIMITS.withRequestsMax(0));
    }

    @Test
    void eachPartCanBeChangedAlone() {
        HttpLimits other =
                LIMITS.withHead(100, 200, 3)
                        .withBodies(4, 40)
                        .withTimeouts(SECOND, SECOND.multipliedBy(2), SECOND.multipliedBy(3))
                        .withRequestsMax(5);
        assertThat(other)
                .isEqualTo(
                        new HttpLimits(
                                100,
                                200,
                                3,
                                4,
                                40,
                                SECOND,
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(3),
                                5));
    }

    @Test
    void aTimeoutMayBeForEver() {
        Duration never = ChronoUnit.FOREVER.getDuration();
        var service = Services.of(Services.ECHO, LIMITS.withTimeouts(never, never, never));
        String head = Exchange.request("POST / HTTP/1.1", "Content-Length: 1");
        assertThat(Answer.only(FakeConnection.transcript(service, head + "a")).code())
                .isEqualTo(200);
    }

    @Test
    void theUsualOnesFitTheEnginesUsualOnes() {
        var engine = dev.pollux.engines.Limits.DEFAULT;
        assertThat(LIMITS.headBytesMax()).isLessThanOrEqualTo(engine.inputBytesMax());
        assertThat(engine.outboundHighMark() + 2 * Output.FLUSH_BYTES)
                .isLessThan(engine.outboundBytesMax());
    }

    @Test
    void aBodyOfNoBytesMayBeTheMost() {
        var service = Services.of(Services.ECHO, LIMITS.withBodies(0, 0));
        String empty = Exchange.request("POST / HTTP/1.1", "Content-Length: 0");
        assertThat(Answer.only(FakeConnection.transcript(service, empty)).code()).isEqualTo(200);
        String full = Exchange.request("POST / HTTP/1.1", "Content-Length: 1") + "a";
        assertThat(Answer.only(FakeConnection.transcript(service, full)).code()).isEqualTo(413);
        String chunk = Exchange.request("POST / HTTP/1.1", "Transfer-Encoding: chunked");
        assertThat(Answer.only(FakeConnection.transcript(service, chunk + "0\r\n\r\n")).code())
                .isEqualTo(200);
        assertThat(Answer.only(FakeConnection.transcript(service, chunk + "1\r\n")).code())
                .isEqualTo(413);
    }
}
