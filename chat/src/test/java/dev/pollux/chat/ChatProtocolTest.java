package dev.pollux.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.engines.DisconnectedException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChatProtocolTest {
    private static final String NOW = "2026/11/21 00:15:30 ";

    private Instant now = Instant.parse("2026-11-20T16:15:30Z");
    private final FakeGroup group = new FakeGroup();
    private final Hub hub = new Hub(group, () -> now, ZoneId.of("Asia/Shanghai"));

    /// One connection, and what its peer sees.
    private final class Peer {
        final FakeTransport transport;
        final ChatProtocol protocol = new ChatProtocol(hub);
        final String greeting;

        Peer(FakeTransport transport) {
            this.transport = transport;
            protocol.connected(transport);
            greeting = sees();
        }

        Peer types(String text) {
            return sends(text.getBytes(UTF_8));
        }

        Peer sends(byte[] bytes) {
            protocol.received(ByteBuffer.wrap(bytes));
            return this;
        }

        String sees() {
            return transport.taken();
        }
    }

    private Peer peer(int port) {
        return new Peer(new FakeTransport(port));
    }

    /// Two members who have seen each other come.
    private Peer[] two() {
        var ann = peer(1001);
        var bob = peer(1002);
        ann.sees();
        return new Peer[] {ann, bob};
    }

    @Test
    void whoDoesNotGetInIsNotHere() {
        var ann = peer(1001);
        group.full = true;
        var late = new ChatProtocol(hub);
        assertThatThrownBy(() -> late.connected(new FakeTransport(1002)))
                .isInstanceOf(OutOfMemoryError.class);
        late.disconnected(new IOException("made up"));
        ann.sees();
        assertThat(ann.types("/who\n").sees()).isEqualTo("* 1 here: 127.0.0.1:1001\n");
    }

    @Test
    void aLineGoesToEveryoneWithTimeAndAddress() {
        var two = two();
        two[0].types("hello 你好\r\n");
        assertThat(two[0].sees()).isEqualTo(NOW + "127.0.0.1:1001: hello 你好\n");
        assertThat(two[1].sees()).isEqualTo(NOW + "127.0.0.1:1001: hello 你好\n");
    }

    @Test
    void everyLineBearsItsTimeAndName() {
        var ann = peer(1001);
        ann.types("1\n");
        now = now.plusSeconds(1);
        ann.types("2\n/nick ann\n3\n");
        assertThat(ann.sees())
                .isEqualTo(
                        NOW
                                + "127.0.0.1:1001: 1\n"
                                + "2026/11/21 00:15:31 127.0.0.1:1001: 2\n"
                                + "* 127.0.0.1:1001 is now ann\n"
                                + "2026/11/21 00:15:31 ann: 3\n");
    }

    @Test
    void aCharacterMaySplitAnywhere() {
        var ann = peer(1001);
        for (byte b : "中文 😀\n".getBytes(UTF_8)) {
            ann.sends(new byte[] {b});
        }
        assertThat(ann.sees()).isEqualTo(NOW + "127.0.0.1:1001: 中文 😀\n");
    }

    @Test
    void linesOfAllLengthsArriveWhole() {
        var ann = peer(1001);
        for (int length = 1; length <= LineDecoder.LINE_BYTES_MAX; length += 97) {
            var text = "é".repeat(length / 2) + "x";
            ann.types(text + "\n");
            assertThat(ann.sees()).isEqualTo(NOW + "127.0.0.1:1001: " + text + "\n");
        }
    }

    @Test
    void emptyLinesAreIgnored() {
        var ann = peer(1001);
        ann.types("\n\r\n  \t \n");
        assertThat(ann.sees()).isEmpty();
    }

    @Test
    void whoComesIsToldWhoTheyAreAndWhereHelpIs() {
        assertThat(peer(1001).greeting)
                .isEqualTo("* you are 127.0.0.1:1001; /nick NAME changes it, /help tells more\n");
    }

    @Test
    void theOthersAreToldWhoComes() {
        var ann = peer(1001);
        var bob = peer(1002);
        assertThat(ann.sees()).isEqualTo("* 127.0.0.1:1002 joined\n");
        assertThat(bob.sees()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"quit\n", "quit \r\n", "/quit\n", "/quit now\n"})
    void quitLeaves(String line) {
        var two = two();
        two[0].types("bye\n" + line + "not said\n");
        assertThat(two[0].transport.open).isFalse();
        assertThat(two[0].sees()).isEqualTo(NOW + "127.0.0.1:1001: bye\n* good bye\n");
        two[0].protocol.disconnected(null);
        assertThat(two[1].sees()).isEqualTo(NOW + "127.0.0.1:1001: bye\n* 127.0.0.1:1001 left\n");
        assertThat(hub.lobby().size()).isEqualTo(1);
    }

    @Test
    void quitWithinATextIsText() {
        var ann = peer(1001);
        ann.types("quit it\nquitter\n");
        assertThat(ann.sees()).hasLineCount(2);
        assertThat(ann.transport.open).isTrue();
    }

    @Test
    void theEndOfInputLeavesAndItsLastLineCounts() {
        var two = two();
        two[0].types("one\ntwo");
        assertThat(two[0].protocol.eof()).isTrue();
        assertThat(two[0].transport.open).isFalse();
        assertThat(two[1].sees())
                .isEqualTo(
                        NOW
                                + "127.0.0.1:1001: one\n"
                                + NOW
                                + "127.0.0.1:1001: two\n* 127.0.0.1:1001 left\n");
        assertThat(two[0].sees()).hasLineCount(2);
    }

    @Test
    void whoIsCutOffHasLeftForAReason() {
        var two = two();
        var third = peer(1003);
        two[0].sees();
        two[1].protocol.disconnected(
                new DisconnectedException(DisconnectedException.Reason.SLOW_RECEIVER));
        assertThat(two[0].sees())
                .isEqualTo("* 127.0.0.1:1002 left (the peer does not read fast enough)\n");
        third.protocol.disconnected(new IOException("ECONNRESET"));
        assertThat(two[0].sees()).isEqualTo("* 127.0.0.1:1003 left (connection lost)\n");
    }

    @Test
    void aNickNamesAMember() {
        var two = two();
        two[0].types("/nick 小明\nhi\n");
        assertThat(two[1].sees()).isEqualTo("* 127.0.0.1:1001 is now 小明\n" + NOW + "小明: hi\n");
        two[1].types("/nick 小明\n");
        assertThat(two[1].sees()).isEqualTo("* not renamed: 小明 is taken\n");
    }

    @Test
    void aNickIsFreeAgainWhenItsOwnerRenamesOrLeaves() {
        var two = two();
        two[0].types("/nick Bob\n/nick ann\n");
        two[1].types("/nick bob\n");
        assertThat(two[1].sees()).endsWith("* 127.0.0.1:1002 is now bob\n");
        two[1].types("quit\n");
        two[0].sees();
        two[0].types("/nick BOB\n");
        assertThat(two[0].sees()).isEqualTo("* ann is now BOB\n");
    }

    @Test
    void aNickMayChangeItsCase() {
        var ann = peer(1001);
        ann.types("/nick ann\n/nick Ann\n");
        assertThat(ann.sees()).endsWith("* ann is now Ann\n");
        var bob = peer(1002);
        bob.types("/nick ANN\n");
        assertThat(bob.sees()).isEqualTo("* not renamed: ANN is taken\n");
    }

    @Test
    void nickAloneTellsTheName() {
        var ann = peer(1001);
        ann.types("/nick\n");
        assertThat(ann.sees()).isEqualTo("* you are 127.0.0.1:1001; /nick NAME changes it\n");
    }

    @Test
    void whoTellsWhoIsHere() {
        var ann = peer(1001);
        ann.types("/nick ann\n");
        ann.sees();
        ann.types("/who\n");
        assertThat(ann.sees()).isEqualTo("* 1 here: ann\n");
    }

    @Test
    void whoOfALargeRoomIsCut() {
        var peers = new ArrayList<Peer>();
        for (int port = 1; port <= 300; port++) {
            peers.add(peer(port));
        }
        var last = peers.getLast();
        last.types("/who\n");
        assertThat(last.sees()).startsWith("* 300 here: ").endsWith(" and 200 more\n");
    }

    @Test
    void aLargeRoomDoesNotTellWhoComesAndGoes() {
        var first = peer(1);
        for (int port = 2; port <= Room.ANNOUNCED_MEMBERS_MAX; port++) {
            peer(port);
        }
        assertThat(first.sees()).hasLineCount(Room.ANNOUNCED_MEMBERS_MAX - 1);
        peer(9001).types("quit\n");
        // 257 when the member came; 256 again when it had left.
        assertThat(first.sees()).isEqualTo("* 127.0.0.1:9001 left\n");
    }

    @Test
    void helpTellsTheCommands() {
        var ann = peer(1001);
        ann.types("/help\n");
        assertThat(ann.sees()).contains("/nick NAME", "/who", "/quit", "//text");
    }

    @Test
    void anUnknownCommandIsAnsweredAndNotSaid() {
        var two = two();
        two[0].types("/shrug\n");
        assertThat(two[0].sees()).isEqualTo("* no such command; /help tells which there are\n");
        assertThat(two[1].sees()).isEmpty();
    }

    @Test
    void twoSlashesSayOne() {
        var ann = peer(1001);
        ann.types("//etc/hosts or 好\n");
        assertThat(ann.sees()).isEqualTo(NOW + "127.0.0.1:1001: /etc/hosts or 好\n");
    }

    @ParameterizedTest
    @CsvSource({
        "ff41, that line is not UTF-8",
        "c328, that line is not UTF-8",
        "e4bda0e5, that line is not UTF-8",
        "6100, that line has control characters",
        "e280ae, that line has invisible characters",
        "1b5b324a, that line has control characters"
    })
    void whatIsNoTextIsAnsweredAndHarmsNobody(String hex, String answer) {
        var two = two();
        two[0].sends(HexFormat.of().parseHex(hex + "0a")).types("fine\n");
        var said = NOW + "127.0.0.1:1001: fine\n";
        assertThat(two[0].sees()).isEqualTo("* not sent: " + answer + "\n" + said);
        assertThat(two[1].sees()).isEqualTo(said);
    }

    @Test
    void aLineThatIsTooLongIsAnsweredOnce() {
        var two = two();
        two[0].types("x".repeat(5000)).types("x".repeat(5000)).types("\nfine\n");
        var said = NOW + "127.0.0.1:1001: fine\n";
        assertThat(two[0].sees()).isEqualTo("* not sent: a line has at most 4096 bytes\n" + said);
        assertThat(two[1].sees()).isEqualTo(said);
    }

    @Test
    void aLineWithoutEndIsAnsweredAndCutOff() {
        var two = two();
        for (int sent = 0; sent < 200_000; sent += 8192) {
            two[0].types("x".repeat(8192));
        }
        assertThat(two[0].sees())
                .isEqualTo(
                        "* not sent: a line has at most 4096 bytes\n"
                                + "* a line without end: good bye\n");
        assertThat(two[0].transport.open).isFalse();
        assertThat(two[1].sees()).isEqualTo("* 127.0.0.1:1001 left\n");
    }

    /// What a page makes a browser send, and what other programs do that take the door for theirs.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1\r\nHost: localhost\r\n\r\nhello everyone\r\n",
                "POST /LONG HTTP/1.1\r\nHost: localhost\r\n\r\nhello everyone\r\n",
                "GET http://127.0.0.1/ HTTP/1.1\r\n\r\nhello everyone\r\n",
                "GET /\r\nhello everyone\r\n",
                "SAY /hello HTTP/1.1\r\nHost: localhost\r\n\r\nhello everyone\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nhello everyone\r\n",
                "CONNECT example.org:443 HTTP/1.1\r\n\r\nhello everyone\r\n",
                "\u0016\u0003\u0001\u0002\nhello everyone\n"
            })
    void whoOpensWithHttpOrTlsIsSentAwayAndNothingOfItIsSaid(String opening) {
        var bytes = opening.replace("LONG", "A".repeat(5000)).getBytes(UTF_8);
        for (int size : new int[] {1, 3, 4096, bytes.length}) {
            var two = two();
            for (int at = 0; at < bytes.length; at += size) {
                two[0].sends(Arrays.copyOfRange(bytes, at, Math.min(at + size, bytes.length)));
            }
            assertThat(two[0].sees())
                    .isEqualTo("* lines of text are spoken here, not HTTP or TLS: good bye\n");
            assertThat(two[0].transport.open).isFalse();
            assertThat(two[1].sees()).isEqualTo("* 127.0.0.1:1001 left\n");
            two[1].protocol.disconnected(null);
        }
    }

    @Test
    void aRequestIsSentAwayBeforeItsLineEnds() {
        var ann = peer(1001);
        ann.types("POST");
        assertThat(ann.transport.open).isTrue();
        ann.types(" /");
        assertThat(ann.transport.open).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET lost", "POST", "GETTING /there", "I speak HTTP/1.1", "get / all"})
    void whatOnlySoundsLikeARequestIsText(String text) {
        var ann = peer(1001);
        ann.types(text + "\n");
        assertThat(ann.sees()).isEqualTo(NOW + "127.0.0.1:1001: " + text + "\n");
    }

    @Test
    void aRequestLineLaterOnIsText() {
        var ann = peer(1001);
        ann.types("look:\nGET / HTTP/1.1\n");
        assertThat(ann.sees()).contains(": GET / HTTP/1.1\n");
    }

    @Test
    void whoDoesNotTakeWhatIsSaidIsNotListenedTo() {
        var ann = peer(1001);
        var bytes = ByteBuffer.wrap("1\n2\n3\n".getBytes(UTF_8));
        ann.transport.writable = false;
        ann.protocol.received(bytes);
        assertThat(ann.sees()).isEmpty();
        assertThat(ann.transport.reading).isFalse();

        ann.transport.writable = true;
        ann.protocol.writable();
        assertThat(ann.transport.reading).isTrue();
        ann.protocol.received(bytes);
        assertThat(ann.sees()).hasLineCount(3);
    }

    @Test
    void stoppingIsToldToEveryoneOnceAndNobodyIsToldWhoLeaves() {
        var two = two();
        assertThat(two[0].protocol.stopping()).isFalse();
        two[0].protocol.disconnected(null);
        assertThat(two[1].protocol.stopping()).isFalse();
        assertThat(two[0].sees()).isEqualTo("* server is stopping\n");
        assertThat(two[1].sees()).isEqualTo("* server is stopping\n");
    }

    @Test
    void unixDomainMembersAreNumbered() {
        var one = new Peer(new FakeTransport(UnixDomainSocketAddress.of("")));
        new Peer(new FakeTransport(UnixDomainSocketAddress.of("")));
        assertThat(one.sees()).isEqualTo("* local:2 joined\n");
    }
}
