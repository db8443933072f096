package dev.pollux.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.Protocol;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DeskTest {
    private final List<String> screen = new ArrayList<>();
    private final Desk desk = new Desk(screen::add);

    private Protocol client(FakeTransport transport) {
        var client = desk.client();
        client.connected(transport);
        return client;
    }

    private static void types(Protocol client, String text) {
        client.received(ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    @Test
    void aClientsLineIsShownWithItsNumberAndAddress() {
        client(new FakeTransport(1001));
        var second = client(new FakeTransport(1002));
        types(second, "在吗?\r\n");
        assertThat(screen)
                .containsExactly(
                        "* #1 127.0.0.1:1001 came",
                        "* #2 127.0.0.1:1002 came",
                        "#2 127.0.0.1:1002: 在吗?");
    }

    @Test
    void anAnswerGoesToThatClientAlone() {
        var one = new FakeTransport(1001);
        var two = new FakeTransport(1002);
        client(one);
        client(two);
        desk.typed("2 在的, what can I do?");
        desk.typed(" #1  hello ");
        assertThat(two.taken()).isEqualTo("在的, what can I do?\n");
        assertThat(one.taken()).isEqualTo("hello\n");
    }

    @ParameterizedTest
    @CsvSource({
        "7 hi, * there is no client #7",
        "1 hi, * client #1 has left",
        "0 hi, * begin with the client's number: 3 text (help tells more)",
        "hello, * begin with the client's number: 3 text (help tells more)",
        "99999999999 hi, * begin with the client's number: 3 text (help tells more)",
        "2, * nothing to send to client #2"
    })
    void whatCannotBeSentIsOneClearLine(String typed, String shown) {
        var gone = client(new FakeTransport(1001));
        client(new FakeTransport(1002));
        gone.eof();
        screen.clear();
        desk.typed(typed);
        assertThat(screen).containsExactly(shown);
    }

    @Test
    void whoListsTheClientsInOrder() {
        desk.typed("who");
        for (int port = 1001; port <= 1012; port++) {
            client(new FakeTransport(port));
        }
        screen.removeIf(line -> line.endsWith(" came"));
        desk.typed("/who");
        assertThat(screen)
                .hasSize(13)
                .startsWith("* nobody is here", "* #1 127.0.0.1:1001")
                .endsWith("* #12 127.0.0.1:1012");
    }

    @Test
    void helpAndNothing() {
        desk.typed("");
        desk.typed("help");
        assertThat(screen).containsExactly("* NUMBER text answers; who, help, quit");
    }

    @Test
    void aClientLeavesByQuitByEndOfInputAndByReset() {
        var transport = new FakeTransport(1001);
        var quits = client(transport);
        var ends = client(new FakeTransport(1002));
        var resets = client(new FakeTransport(1003));
        screen.clear();
        types(quits, "quit\nnot shown\n");
        quits.disconnected(null);
        types(ends, "last words");
        ends.eof();
        ends.disconnected(null);
        resets.disconnected(new java.io.IOException("ECONNRESET"));
        assertThat(transport.open).isFalse();
        assertThat(transport.taken()).isEqualTo("* good bye\n");
        assertThat(screen)
                .containsExactly(
                        "* #1 127.0.0.1:1001 left",
                        "#2 127.0.0.1:1002: last words",
                        "* #2 127.0.0.1:1002 left",
                        "* #3 127.0.0.1:1003 left");
    }

    @Test
    void whatIsNoTextIsAnsweredAndNotShown() {
        var transport = new FakeTransport(1001);
        var client = client(transport);
        screen.clear();
        client.received(ByteBuffer.wrap(new byte[] {(byte) 0xC3, '\n', 7, '\n'}));
        types(client, "x".repeat(5000) + "\nsafe\u202etxt\n \nok\n");
        assertThat(transport.taken())
                .isEqualTo(
                        "* not sent: that line is not UTF-8\n"
                                + "* not sent: that line has control characters\n"
                                + "* not sent: a line has at most 4096 bytes\n"
                                + "* not sent: that line has invisible characters\n");
        assertThat(screen).containsExactly("#1 127.0.0.1:1001: ok");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST /", "\u0016\u0003"})
    void whoOpensWithHttpOrTlsIsSentAwayAndNothingOfItIsShown(String opening) {
        var transport = new FakeTransport(1001);
        var client = client(transport);
        screen.clear();
        types(client, opening + "A".repeat(5000));
        types(client, " HTTP/1.1\r\n\r\nhello\r\n");
        assertThat(transport.open).isFalse();
        assertThat(transport.taken())
                .isEqualTo("* lines of text are spoken here, not HTTP or TLS: good bye\n");
        assertThat(screen).containsExactly("* #1 127.0.0.1:1001 left");
    }

    @Test
    void aLineWithoutEndIsCutOff() {
        var transport = new FakeTransport(1001);
        var client = client(transport);
        for (int sent = 0; sent < 100_000; sent += 10_000) {
            types(client, "x".repeat(10_000));
        }
        assertThat(transport.open).isFalse();
        assertThat(transport.taken()).endsWith("* a line without end: good bye\n");
    }

    @Test
    void clientsAreToldThatTheServerStops() {
        var transport = new FakeTransport(1001);
        assertThat(client(transport).stopping()).isFalse();
        assertThat(transport.taken()).isEqualTo("* server is stopping\n");
    }
}
