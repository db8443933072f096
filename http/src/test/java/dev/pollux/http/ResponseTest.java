package dev.pollux.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ResponseTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\r\nSet-Cookie: b=c",
                "a\rb",
                "a\nb",
                "\n",
                "a\u0000b",
                "\u0007",
                "\u001b[0m",
                "\u007f",
                "a\ud83d",
            })
    void noValueCanEndItsLine(String value) {
        Response response = Response.text("x");
        assertThatThrownBy(() -> response.withHeader("A", value))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Response.redirect(Status.FOUND, value))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Response.of(Status.OK, value, new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "A B", "A:", "A\r\nB", "A\n", "Ä", "你好", "\"A\"", "A\u0000", "(A)"})
    void noNameCanEndItsLine(String name) {
        Response response = Response.text("x");
        assertThatThrownBy(() -> response.withHeader(name, "b"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length",
                "transfer-encoding",
                "CONNECTION",
                "Date",
                "Server",
                "Trailer"
            })
    void framingBelongsToTheProtocol(String name) {
        Response response = Response.text("x");
        assertThatThrownBy(() -> response.withHeader(name, "1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }

    @Test
    void carriesFieldsInTheirOrder() {
        Response response =
                Response.text("x")
                        .withHeader("Set-Cookie", "a=b")
                        .withHeader("set-cookie", "c=d")
                        .withHeader("X-Name", "名字\t!")
                        .withHeader("X-Empty", "");
        assertThat(response.headers().all("SET-COOKIE")).containsExactly("a=b", "c=d");
        assertThat(response.header("x-name")).isEqualTo("名字\t!");
        assertThat(response.header("x-empty")).isEmpty();
        assertThat(response.header("x")).isNull();
        assertThat(response.headers().size()).isEqualTo(6);
        assertThat(response.headers().name(3)).isEqualTo("set-cookie");
        assertThat(response.headers().value(3)).isEqualTo("c=d");
        assertThat(response.headers().contains("content-type")).isTrue();
        assertThat(response)
                .hasToString(
                        """
                        200 OK
                        Content-Length: 1
                        Content-Type: text/plain; charset=utf-8
                        Set-Cookie: a=b
                        set-cookie: c=d
                        X-Name: 名字\t!
                        X-Empty:\s
                        """);
    }

    @Test
    void isNotChangedByAnotherField() {
        Response response = Response.text("x");
        Response more = response.withHeader("A", "b");
        assertThat(response.header("A")).isNull();
        assertThat(more.header("A")).isEqualTo("b");
    }

    @Test
    void refusesMoreFieldsThanAPeerWouldTake() {
        Response response = Response.text("x").withHeader("A", "b".repeat(60_000));
        assertThatThrownBy(() -> response.withHeader("A", "b".repeat(6_000)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource(Status.class)
    void everyStatusIsSentAsItIs(Status status) {
        String transcript =
                FakeConnection.transcript(Services.of(_ -> Response.of(status)), Exchange.get());
        assertThat(transcript)
                .startsWith("HTTP/1.1 " + status.code() + " " + status.reason() + "\r\n");
        Answer answer = Answer.only(transcript);
        boolean bodiless = status == Status.NO_CONTENT || status == Status.NOT_MODIFIED;
        assertThat(answer.header("Content-Length")).isEqualTo(bodiless ? null : "0");
    }

    @Test
    void aStatusWithoutABodyGetsNone() {
        assertThatThrownBy(() -> Response.text(Status.NO_CONTENT, "x"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Response.plain(Status.NOT_MODIFIED))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPageIsUtf8() {
        Response page = Response.html("<p>你好</p>");
        assertThat(page.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(page.header("Content-Length")).isEqualTo("13");
    }
}
