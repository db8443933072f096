package dev.pollux.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HttpProtocolTest {
    private static final String GET = "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n";

    @Test
    void answersARequest() {
        assertThat(FakeConnection.transcript(Services.echo(), GET))
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
    void answersPipelinedRequestsInOrderWithOneWrite() {
        var connection = new FakeConnection(Services.echo());
        var requests = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            requests.append("GET /" + i + " HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        connection.send(requests.toString());
        assertThat(connection.writes).isEqualTo(1);
        assertThat(Answer.all(connection.output()).stream().map(Answer::body))
                .containsExactlyElementsOf(
                        java.util.stream.IntStream.range(0, 16)
                                .mapToObj(i -> "GET /" + i + " []")
                                .toList());
        assertThat(connection.closed).isFalse();
    }
}
