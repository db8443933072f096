package dev.pollux.http;

import static dev.pollux.http.Exchange.get;
import static dev.pollux.http.Exchange.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpProtocolTest {
    private final Services services = new Services();

    @Test
    void answersByteForByte() {
        assertThat(FakeConnection.transcript(Services.echo(), request("GET /a?b=c HTTP/1.1")))
                .isEqualTo(
                        """
                        HTTP/1.1 200 OK\r
                        Server: pollux\r
                        Content-Length: 13\r
                        Content-Type: text/plain; charset=utf-8\r
                        Date: Sat, 21 Nov 2026 00:15:30 GMT\r
                        \r
                        GET /a?b=c []\
                        """);
    }

    @Test
    void answersHeadLikeGetWithoutTheBody() {
        String answer = FakeConnection.transcript(Services.of(_ -> Response.text("hello")), get());
        String head =
                FakeConnection.transcript(
                        Services.of(_ -> Response.text("hello")), request("HEAD / HTTP/1.1"));
        assertThat(answer).isEqualTo(head + "hello");
    }

    @Test
    void refusesAHeadRequestWithoutABody() {
        String bytes = request("HEAD /%00 HTTP/1.1");
        String output = FakeConnection.transcript(Services.echo(), bytes);
        assertThat(output).startsWith("HTTP/1.1 400 ").endsWith("\r\n\r\n");
    }

    @Test
    void aRefusedBodyOfAHeadRequestIsAnsweredWithoutABody() {
        String bytes = request("HEAD / HTTP/1.1", "Transfer-Encoding: chunked") + "x";
        String output = FakeConnection.transcript(Services.echo(), bytes);
        assertThat(output).startsWith("HTTP/1.1 400 ").endsWith("\r\n\r\n");
    }

    @Test
    void aMalformedRequestAfterAHeadRequestIsAnsweredWithABody() {
        String head = FakeConnection.transcript(Services.echo(), request("HEAD / HTTP/1.1"));
        String both = FakeConnection.transcript(Services.echo(), request("HEAD / HTTP/1.1") + "\n");
        assertThat(Answer.only(both.substring(head.length())).body()).isNotEmpty();
    }

    @Test
    void answersPipelinedRequestsInOrderWithOneWrite() {
        var connection = new FakeConnection(Services.echo());
        connection.send(pipeline(16));
        assertThat(connection.writes).isEqualTo(1);
        assertThat(bodies(connection)).isEqualTo(pipelineBodies(16));
        assertThat(connection.closed).isFalse();
    }

    @Test
    void aMalformedRequestLeavesTheAnswersBeforeItAlone() {
        var connection = new FakeConnection(Services.echo());
        connection.send(pipeline(3) + "GET\r\n\r\n" + pipeline(3));
        assertThat(Answer.all(connection.output()).stream().map(Answer::code))
                .containsExactly(200, 200, 200, 400);
        assertThat(connection.writes).isEqualTo(1);
        assertThat(connection.closed).isTrue();
    }

    @Test
    void keepsAnHttp10ConnectionWhenAskedTo() {
        String bytes = request("GET / HTTP/1.0", "Connection: keep-alive");
        Answer answer = Answer.only(FakeConnection.transcript(Services.echo(), bytes));
        assertThat(answer.header("Connection")).isEqualTo("keep-alive");
    }

    @Test
    void closesWithTheLastRequestAllowed() {
        var service = Services.of(Services.ECHO, HttpLimits.DEFAULT.withRequestsMax(3));
        var connection = new FakeConnection(service);
        connection.send(pipeline(5));
        List<Answer> answers = Answer.all(connection.output());
        assertThat(answers).hasSize(3);
        assertThat(answers.get(1).header("Connection")).isNull();
        assertThat(answers.get(2).header("Connection")).isEqualTo("close");
        assertThat(connection.closed).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5", "Transfer-Encoding: chunked"})
    void asksForABodyThatWaits(String framing) {
        var connection = new FakeConnection(Services.echo());
        connection.send(request("POST / HTTP/1.1", "Expect: 100-continue", framing));
        assertThat(connection.output()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
        connection.send(framing.startsWith("C") ? "hello" : "5\r\nhello\r\n0\r\n\r\n");
        List<Answer> answers = Answer.all(connection.output());
        assertThat(answers.get(1).body()).isEqualTo("POST / [hello]");
    }

    @Test
    void refusesABodyThatWaitsBeforeItCanCome() {
        int large = HttpLimits.DEFAULT.bodyBytesMax() + 1;
        var connection = new FakeConnection(Services.echo());
        connection.send(
                request("POST / HTTP/1.1", "Expect: 100-continue", "Content-Length: " + large));
        assertThat(Answer.only(connection.output()).code()).isEqualTo(413);
        assertThat(connection.closed).isTrue();
    }

    @Test
    void carriesChineseInPathAndBody() {
        String body = "你好，世界";
        int length = body.getBytes(UTF_8).length;
        var connection = new FakeConnection(Services.echo());
        connection.send(
                request("POST /%E4%BD%A0%E5%A5%BD HTTP/1.1", "Content-Length: " + length)
                        .getBytes(UTF_8));
        for (byte b : body.getBytes(UTF_8)) {
            connection.send(new byte[] {b});
        }
        assertThat(connection.text()).endsWith("\r\n\r\nPOST /你好 [你好，世界]");
    }

    @Test
    void takesALargeBodyAsItComes() {
        var received = new ArrayList<Integer>();
        var service =
                Services.of(
                        Handler.withBody(request -> {
                            received.add(request.body().remaining());
                            return Response.text("ok");
                        }));
        int size = HttpLimits.DEFAULT.bodyBytesMax();
        var connection = new FakeConnection(service);
        connection.send(request("POST / HTTP/1.1", "Content-Length: " + size));
        connection.send("a".repeat(size) + request("GET / HTTP/1.1"));
        assertThat(received).containsExactly(size, 0);
    }

    @Test
    void aHandlerThatThrowsCosts500AndNothingElse() {
        var failure = new IllegalStateException("oops");
        var service =
                services.make(
                        request -> {
                            if (request.path().equals("/1")) {
                                throw failure;
                            }
                            return Services.ECHO.handle(request);
                        },
                        HttpLimits.DEFAULT);
        var connection = new FakeConnection(service);
        connection.send(pipeline(3));
        List<Answer> answers = Answer.all(connection.output());
        assertThat(answers.stream().map(Answer::code)).containsExactly(200, 500, 200);
        assertThat(answers.get(1).body()).isEqualTo("500 Internal Server Error\n");
        assertThat(services.failures).containsExactly(failure);
        assertThat(connection.closed).isFalse();
    }

    @Test
    void aHandlerThatReturnsNothingCosts500() {
        var service = services.make(_ -> null, HttpLimits.DEFAULT);
        assertThat(Answer.only(FakeConnection.transcript(service, get())).code()).isEqualTo(500);
        assertThat(services.failures).singleElement().isInstanceOf(NullPointerException.class);
    }

    @Test
    void aHandlerThatOverflowsTheStackCosts500() {
        var service =
                services.make(
                        _ -> {
                            throw new StackOverflowError();
                        },
                        HttpLimits.DEFAULT);
        assertThat(Answer.only(FakeConnection.transcript(service, get())).code()).isEqualTo(500);
        assertThat(services.failures).singleElement().isInstanceOf(StackOverflowError.class);
    }

    @Test
    void theDateFollowsTheClock() {
        var service = services.make(Services.ECHO, HttpLimits.DEFAULT);
        var dates = new ArrayList<String>();
        for (long millis : new long[] {0, 999, 1, 998, 1, 1, 86_400_000}) {
            services.clock.nanos += Duration.ofMillis(millis).toNanos();
            var connection = new FakeConnection(service, services.clock).send(get());
            dates.add(Answer.only(connection.output()).header("Date"));
        }
        assertThat(dates)
                .containsExactly(
                        "Sat, 21 Nov 2026 00:15:30 GMT",
                        "Sat, 21 Nov 2026 00:15:30 GMT",
                        "Sat, 21 Nov 2026 00:15:31 GMT",
                        "Sat, 21 Nov 2026 00:15:31 GMT",
                        "Sat, 21 Nov 2026 00:15:31 GMT",
                        "Sat, 21 Nov 2026 00:15:32 GMT",
                        "Sun, 22 Nov 2026 00:15:32 GMT");
    }

    static String pipeline(int count) {
        var requests = new StringBuilder();
        for (int i = 0; i < count; i++) {
            requests.append(request("GET /" + i + " HTTP/1.1"));
        }
        return requests.toString();
    }

    static List<String> pipelineBodies(int count) {
        return IntStream.range(0, count).mapToObj(i -> "GET /" + i + " []").toList();
    }

    static List<String> bodies(FakeConnection connection) {
        return Answer.all(connection.output()).stream().map(Answer::body).toList();
    }
}
