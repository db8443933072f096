package dev.pollux.engines;

import static dev.pollux.engines.Texts.lines;
import static dev.pollux.engines.Texts.pattern;
import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What goes in and what comes out, byte for byte.
@EngineContract
final class EngineTranscriptTest {
    private static final String REQUESTS = "a\n你好，世界\n\n𝄞 third\n";
    private static final String ANSWERS = "<a>\n<你好，世界>\n<>\n<𝄞 third>\n";

    @RegisterExtension final Rig rig;

    EngineTranscriptTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    @Test
    void messagesSplitAtEveryPoint() throws Exception {
        Scripted protocol = lines();
        Client client = rig.connect(rig.doorFor(protocol));
        byte[] requests = REQUESTS.getBytes(StandardCharsets.UTF_8);
        for (int split = 1; split < requests.length; split++) {
            client.send(Arrays.copyOf(requests, split));
            protocol.await("received " + split);
            int unread = split - 1 - lastLineEnd(requests, split);
            client.send(Arrays.copyOfRange(requests, split, requests.length));
            protocol.await("received " + (unread + requests.length - split));
            assertThat(client.receive(ANSWERS)).isEqualTo(ANSWERS);
        }
    }

    private static int lastLineEnd(byte[] bytes, int before) {
        int at = before - 1;
        while (at >= 0 && bytes[at] != '\n') {
            at--;
        }
        return at;
    }

    @Test
    void messagesByteByByte() throws Exception {
        Scripted protocol = lines();
        Client client = rig.connect(rig.doorFor(protocol));
        for (byte b : REQUESTS.getBytes(StandardCharsets.UTF_8)) {
            client.send(new byte[] {b});
        }
        assertThat(client.receive(ANSWERS)).isEqualTo(ANSWERS);
        client.endOutput();
        assertThat(client.receiveToEnd()).isEmpty();
        assertThat(protocol.cause()).isNull();
        assertThat(protocol.log()).containsExactly("connected", "eof", "disconnected");
    }

    @Test
    void manyMessagesJoined() throws Exception {
        Client client = rig.connect(rig.doorFor(lines()));
        StringBuilder expected = new StringBuilder();
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            all.append("line ").append(i).append('\n');
            expected.append("<line ").append(i).append(">\n");
        }
        CompletableFuture<Void> sent =
                Background.run(() -> client.send(all.toString()).endOutput());
        assertThat(client.receiveTextToEnd()).isEqualTo(expected.toString());
        sent.join();
    }

    @Test
    void whatIsLeftUnreadIsOfferedAgainInFrontOfWhatFollows() throws Exception {
        Scripted protocol = new Scripted();
        protocol.onReceived((_, bytes) -> {
            if (bytes.remaining() >= 6) {
                protocol.take(bytes, 4);
            }
        });
        Client client = rig.connect(rig.doorFor(protocol));
        client.send("12");
        protocol.await("received 2");
        client.send("345");
        protocol.await("received 5");
        client.send("6789");
        protocol.await("received 9");
        client.send("A");
        protocol.await("received 6");
        assertThat(protocol.inputText()).isEqualTo("12345678");
    }

    @Test
    void anAnswerAfterTheHalfClose() throws Exception {
        Scripted protocol = new Scripted();
        protocol.onEof(transport -> {
            transport.execute(() -> {
                transport.write(utf8("答案: " + protocol.inputText()));
                transport.close();
            });
            return true;
        });
        Client client = rig.connect(rig.doorFor(protocol));
        client.send("问题").endOutput();
        assertThat(client.receiveTextToEnd()).isEqualTo("答案: 问题");
        assertThat(protocol.cause()).isNull();
        assertThat(protocol.log()).containsExactly("connected", "eof", "disconnected");
    }

    @Test
    void endOfInputKeptOpenSendsForAsLongAsItLikes() throws Exception {
        Scripted protocol = new Scripted().onEof(_ -> true);
        Client client = rig.connect(rig.doorFor(protocol)).endOutput();
        protocol.await("eof");
        Transport transport = protocol.transport();
        for (int i = 0; i < 3; i++) {
            transport.write(utf8("part " + i));
            assertThat(client.receive("part 0")).isEqualTo("part " + i);
            assertThat(transport.isOpen()).isTrue();
        }
        transport.close();
        assertThat(client.receiveToEnd()).isEmpty();
        assertThat(protocol.cause()).isNull();
    }

    @Test
    void endOfInputClosesAfterWhatIsQueued() throws Exception {
        byte[] answer = pattern(3_000_000);
        Scripted protocol = new Scripted().onConnected(transport -> transport.write(wrap(answer)));
        Client client = rig.connect(rig.doorFor(protocol)).endOutput();
        protocol.await("eof");
        assertThat(client.receiveToEnd()).isEqualTo(answer);
        assertThat(protocol.cause()).isNull();
    }

    @Test
    void endOfInputDropsWhatWasLeftUnread() throws Exception {
        Scripted protocol = new Scripted().onReceived((_, _) -> {});
        Client client = rig.connect(rig.doorFor(protocol)).send("half a messa").endOutput();
        assertThat(client.receiveToEnd()).isEmpty();
        assertThat(protocol.cause()).isNull();
    }

    @Test
    void inputAndItsEndInOnePacket() throws Exception {
        for (int i = 0; i < 20; i++) {
            Scripted protocol = lines();
            try (Client client = Client.connect(rig.doorFor(protocol))) {
                client.send("one\ntwo\n").endOutput();
                assertThat(client.receiveTextToEnd()).isEqualTo("<one>\n<two>\n");
            }
            assertThat(protocol.cause()).isNull();
        }
    }

    @Test
    void writesOfEveryKindKeepTheirOrder() throws Exception {
        byte[] large = pattern(40_000);
        Scripted protocol = new Scripted();
        protocol.onReceived((transport, bytes) -> {
            transport.write(utf8("a"));
            try (SharedBytes shared = SharedBytes.copyOf(utf8("共享"))) {
                transport.write(shared);
                transport.write(shared);
            }
            transport.write(bytes);
            transport.write(wrap(large));
            transport.write(utf8(""));
            transport.write(utf8("z").asReadOnlyBuffer());
            transport.close();
        });
        Client client = rig.connect(rig.doorFor(protocol)).send("-");
        byte[] answer = client.receiveToEnd();
        assertThat(new String(answer, 0, 14, StandardCharsets.UTF_8)).isEqualTo("a共享共享-");
        assertThat(Arrays.copyOfRange(answer, 14, answer.length - 1)).isEqualTo(large);
        assertThat(answer[answer.length - 1]).isEqualTo((byte) 'z');
    }

    @Test
    void writeConsumesWhatItIsGiven() throws Exception {
        AtomicInteger left = new AtomicInteger(-1);
        Scripted protocol = new Scripted();
        protocol.onConnected(transport -> {
            var bytes = utf8("[abc]").position(1).limit(4);
            transport.write(bytes);
            left.set(bytes.remaining());
            bytes.put(1, (byte) 'X'); // Copied already.
            transport.close();
        });
        assertThat(rig.connect(rig.doorFor(protocol)).receiveTextToEnd()).isEqualTo("abc");
        assertThat(left).hasValue(0);
    }

    @Test
    void megabytesThereAndBack() throws Exception {
        byte[] bytes = pattern(8_000_000);
        Scripted echo = new Scripted();
        echo.onReceived(
                        (transport, input) -> {
                            transport.write(input);
                            if (!transport.isWritable()) {
                                transport.pauseReading();
                            }
                        })
                .onWritable(Transport::resumeReading);
        Client client = rig.connect(rig.doorFor(echo));
        CompletableFuture<Void> sent = Background.run(() -> client.send(bytes).endOutput());
        assertThat(client.receiveToEnd()).isEqualTo(bytes);
        sent.join();
        assertThat(echo.cause()).isNull();
    }

    private static ByteBuffer wrap(byte[] bytes) {
        return ByteBuffer.wrap(bytes);
    }
}
