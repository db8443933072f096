package dev.pollux.engines;

import static dev.pollux.engines.Texts.echo;
import static dev.pollux.engines.Texts.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.engines.DisconnectedException.Reason;
import dev.pollux.engines.loop.Connection;
import dev.pollux.engines.models.IoModel;
import dev.pollux.engines.uring.RingSizes;
import dev.pollux.engines.uring.UringDriver;
import dev.pollux.engines.uring.UringModel;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a protocol may do to the buffer that it is offered, and what it may not.
@EngineContract
final class EngineInputTest {
    @RegisterExtension final Rig rig;

    EngineInputTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    private void assertFailsAlone(Consumer<ByteBuffer> mistake) throws Exception {
        rig.expectTrouble("a protocol failed, its connection is reset");
        Scripted failing =
                new Scripted().onReceived((_, bytes) -> mistake.accept(bytes.position(2)));
        SocketAddress door = rig.doorFor(echo(), failing, echo());
        Client before = rig.connect(door);
        assertThat(before.send("1").receive("1")).isEqualTo("1");
        Client client = rig.connect(door, failing).send("12345");
        assertThat(failing.reason()).isEqualTo(Reason.ABORTED);
        client.assertReset();
        assertThat(before.send("仍然").receive("仍然")).isEqualTo("仍然");
        assertThat(rig.connect(door).send("又").receive("又")).isEqualTo("又");
        assertThat(rig.troubles())
                .singleElement()
                .asString()
                .contains("received() was offered 5 bytes");
    }

    @Test
    void aProtocolThatClearsItsInputFailsAlone() throws Exception {
        assertFailsAlone(ByteBuffer::clear);
    }

    @Test
    void aProtocolThatCompactsItsInputFailsAlone() throws Exception {
        assertFailsAlone(ByteBuffer::compact);
    }

    @Test
    void aProtocolThatFlipsItsInputFailsAlone() throws Exception {
        assertFailsAlone(ByteBuffer::flip);
    }

    @Test
    void aProtocolThatClearsItsInputAndThrowsFailsAlone() throws Exception {
        assertFailsAlone(bytes -> {
            bytes.clear();
            throw new IllegalStateException("received() was offered 5 bytes");
        });
    }

    @Test
    void aProtocolThatClearsItsInputAndPausesIsOfferedNobodyElsesInput() throws Exception {
        rig.expectTrouble("a protocol failed, its connection is reset");
        Scripted talker = new Scripted().onReceived(Transport::write);
        Scripted failing = new Scripted();
        failing.onReceived((transport, bytes) -> {
            failing.take(bytes);
            bytes.clear();
            transport.pauseReading();
        });
        SocketAddress door = rig.doorFor(talker, failing);
        Client other = rig.connect(door, talker);
        assertThat(other.send("a secret of mine").receive("a secret of mine")).isNotEmpty();
        rig.connect(door, failing).send("go");
        failing.transport().resumeReading();
        assertThat(failing.reason()).isEqualTo(Reason.ABORTED);
        assertThat(failing.inputText()).isEqualTo("go");
    }

    @Test
    void whatIsOfferedBeginsAtPositionZeroAndIsBigEndian() throws Exception {
        List<String> offers = new ArrayList<>();
        Scripted protocol = new Scripted();
        protocol.onReceived((_, bytes) -> {
            offers.add(bytes.position() + " " + bytes.remaining() + " " + bytes.order());
            bytes.order(ByteOrder.LITTLE_ENDIAN).mark();
            protocol.take(bytes, 2);
        });
        Client client = rig.connect(rig.doorFor(protocol)).send("123");
        protocol.await("received 3");
        client.send("4567");
        protocol.await("received 5");
        client.endOutput();
        assertThat(protocol.cause()).isNull();
        assertThat(offers).containsExactly("0 3 BIG_ENDIAN", "0 5 BIG_ENDIAN");
        assertThat(protocol.inputText()).isEqualTo("1234");
    }

    @Test
    void whatIsRewoundIsAllLeftUnread() throws Exception {
        Scripted protocol = new Scripted();
        protocol.onReceived((_, bytes) -> {
            if (bytes.remaining() < 6) {
                bytes.position(1).rewind();
            } else {
                protocol.take(bytes);
            }
        });
        Client client = rig.connect(rig.doorFor(protocol)).send("12");
        protocol.await("received 2");
        client.send("34");
        protocol.await("received 4");
        client.send("56");
        protocol.await("received 6");
        client.endOutput();
        assertThat(protocol.cause()).isNull();
        assertThat(protocol.inputText()).isEqualTo("123456");
    }

    /// A large piece may be sent out of the very memory that it was received into.
    @Test
    void inputThatWasWrittenMayBeChangedAtOnce() throws Exception {
        Scripted echo =
                new Scripted()
                        .onReceived((transport, bytes) -> {
                            transport.write(bytes.duplicate());
                            while (bytes.hasRemaining()) {
                                bytes.put((byte) 0);
                            }
                        });
        Client client = rig.connect(rig.doorFor(echo));
        byte[] text = pattern(1_000_000);
        for (int i = 0; i < 3; i++) {
            var sent = Background.run(() -> client.send(text));
            assertThat(client.receive(text.length)).isEqualTo(text);
            sent.get();
        }
    }

    @Test
    void aBufferThatIsKeptIsEmptyAfterwards() throws Exception {
        CompletableFuture<Integer> later = new CompletableFuture<>();
        Scripted protocol =
                new Scripted()
                        .onReceived((transport, bytes) ->
                                transport.execute(() -> later.complete(bytes.limit())));
        rig.connect(rig.doorFor(protocol)).send("123");
        assertThat(later.get(50, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void whoPausesAtEachPieceIsGivenNoMoreThanItTakes() throws Exception {
        assumeTrue(
                rig.flavor().model() == IoModel.IO_URING, "a request receives more than a piece");
        // All that may come early is what fills the buffers of one turn, and of the next, which is
        // under way when the first piece is seen: far less than a kernel holds for a connection.
        RingSizes few = new RingSizes(64, 256, 8, 1024, 4, 4096, 4096);
        rig.driven(new UringModel(loop -> new UringDriver(loop, few)));
        int flood = 4 << 20;
        int answer = 1000;
        rig.with(Rig.PATIENT.withOutbound(1, 1, 1 << 20));
        int[] taken = {0};
        long[] mostKept = {0};
        int[] answers = {0};
        Scripted pausing = new Scripted();
        pausing.onReceived(
                        (transport, bytes) -> {
                            taken[0] += bytes.remaining();
                            bytes.position(bytes.limit());
                            transport.write(ByteBuffer.allocate(answer));
                            answers[0]++;
                            transport.pauseReading();
                            long kept = ((Connection) transport).receiver().keptBytes();
                            mostKept[0] = Math.max(mostKept[0], kept);
                            if (taken[0] == flood) {
                                transport.close();
                            }
                        })
                .onWritable(Transport::resumeReading);
        Client client = rig.connect(rig.doorFor(pausing));
        var sent = Background.run(() -> client.send(new byte[flood]));
        byte[] all = client.receiveToEnd();
        sent.get();
        assertThat(all).hasSize(answers[0] * answer);
        assertThat(mostKept[0]).isLessThanOrEqualTo(2L * few.receiveBytes());
    }
}
