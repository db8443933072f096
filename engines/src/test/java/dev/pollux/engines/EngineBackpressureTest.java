package dev.pollux.engines;

import static dev.pollux.engines.Texts.echo;
import static dev.pollux.engines.Texts.pattern;
import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.pollux.engines.DisconnectedException.Reason;
import dev.pollux.engines.loop.Connection;
import dev.pollux.engines.shared.Uninterrupted;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Bounds: on what waits for a peer that does not read, and on what a protocol leaves unread.
@EngineContract
final class EngineBackpressureTest {
    private static final int LOW = 10_000;
    private static final int HIGH = 100_000;
    private static final int MAX = 1_000_000;
    private static final int ROOMY = 64 << 20;

    @RegisterExtension final Rig rig;

    EngineBackpressureTest(Flavor flavor) {
        rig = new Rig(flavor).with(Rig.PATIENT.withOutbound(LOW, HIGH, MAX));
    }

    @Test
    void aPeerThatNeverReadsIsCutOffAndOthersAreUnaffected() throws Exception {
        byte[] piece = pattern(50_000);
        Scripted slow = new Scripted();
        slow.onReceived((transport, bytes) -> {
            bytes.position(bytes.limit());
            for (int i = 0; i < 1000 && transport.isOpen(); i++) {
                transport.write(ByteBuffer.wrap(piece));
            }
        });
        SocketAddress door = rig.doorFor(slow, echo());
        Client deaf = rig.connectNarrow(door);
        slow.transport();
        Client other = rig.connect(door);
        assertThat(other.send("before").receive("before")).isEqualTo("before");
        deaf.send("go");
        assertThat(slow.reason()).isEqualTo(Reason.SLOW_RECEIVER);
        assertThat(other.send("之后").receive("之后")).isEqualTo("之后");
        assertThat(rig.engine().statistics().disconnectedSlow()).isOne();
        assertThat(slow.transport().queuedBytes()).isZero();
        deaf.assertReset();
    }

    @Test
    void aPeerThatHasJustTakenAllIsNotCutOffAsSlow() throws Exception {
        assumeFalse(rig.flavor().isBlocking(), "its writer learns at once that there is room");
        int most = 16 << 20;
        rig.with(Rig.PATIENT.withOutbound(LOW, HIGH, most));
        Scripted protocol = new Scripted();
        protocol.onReceived((transport, bytes) -> {
            bytes.position(bytes.limit());
            transport.write(ByteBuffer.wrap(pattern(200_000)));
        });
        Client client = rig.connectNarrow(rig.doorFor(protocol));
        Transport transport = protocol.transport();
        transport.execute(() -> transport.write(ByteBuffer.wrap(pattern(most / 2))));
        Rig.caughtUp(transport); // In this turn, or in the one behind the send.
        Rig.caughtUp(transport);
        CountDownLatch full = new CountDownLatch(1);
        CountDownLatch taken = new CountDownLatch(1);
        transport.execute(() -> {
            int left = (int) (most - ((Connection) transport).sendQueue().cost());
            transport.write(ByteBuffer.wrap(pattern(left - left / 64 - 1000)));
            full.countDown();
            Uninterrupted.await(taken::await);
        });
        full.await();
        client.receive((int) rig.engine().statistics().bytesSent());
        client.send("go");
        taken.countDown();
        protocol.await("received 2");
        Rig.caughtUp(transport);
        assertThat(protocol.isOver()).isFalse();
    }

    @Test
    void theHardLimitBoundsWhatIsQueuedNotWhatIsSent() throws Exception {
        byte[] bytes = pattern(10_000_000);
        Scripted producer = new Scripted();
        int[] sent = {0};
        producer.onWritable(transport -> produce(transport, bytes, sent))
                .onConnected(transport -> produce(transport, bytes, sent));
        Client client = rig.connectNarrow(rig.doorFor(producer));
        assertThat(client.receive(bytes.length)).isEqualTo(bytes);
        client.endOutput();
        assertThat(producer.cause()).isNull();
        assertThat(producer.count("writable")).isPositive();
    }

    /// Writes until the queue is above the high mark.
    private static void produce(Transport transport, byte[] bytes, int[] sent) {
        while (sent[0] < bytes.length && transport.isWritable()) {
            int size = Math.min(7777, bytes.length - sent[0]);
            transport.write(ByteBuffer.wrap(bytes, sent[0], size));
            sent[0] += size;
        }
    }

    @Test
    void aBigWriteArrivesIntactAtASlowButSteadyReader() throws Exception {
        byte[] bytes = pattern(10_000_000);
        Scripted protocol = new Scripted();
        protocol.onConnected(transport -> {
            transport.write(ByteBuffer.wrap(bytes));
            transport.close();
        });
        rig.with(Rig.PATIENT.withOutbound(LOW, HIGH, ROOMY));
        Client client = rig.connectNarrow(rig.doorFor(protocol));
        for (int at = 0; at < bytes.length; at += 10_000) {
            assertThat(client.receive(10_000))
                    .isEqualTo(Arrays.copyOfRange(bytes, at, at + 10_000));
        }
        assertThat(client.receiveToEnd()).isEmpty();
    }

    @Test
    void writableComesOnceWhenTheQueueHasFallenBelowTheLowMark() throws Exception {
        List<Long> queued = new ArrayList<>();
        Scripted protocol = new Scripted();
        protocol.onConnected(transport -> transport.write(ByteBuffer.wrap(pattern(8 << 20))))
                .onWritable(transport -> queued.add(transport.queuedBytes()));
        rig.with(Rig.PATIENT.withOutbound(LOW, HIGH, ROOMY));
        Client client = rig.connectNarrow(rig.doorFor(protocol));
        Rig.caughtUp(protocol.transport());
        assertThat(protocol.count("writable")).isZero();
        client.receive(8 << 20);
        protocol.await("writable");
        client.endOutput();
        assertThat(protocol.cause()).isNull();
        assertThat(protocol.count("writable")).isOne();
        assertThat(queued).singleElement().matches(bytes -> bytes < LOW);
    }

    @Test
    void writableIsSilentBelowTheHighMark() throws Exception {
        Scripted protocol = new Scripted();
        protocol.onReceived((transport, bytes) -> {
            bytes.position(bytes.limit());
            transport.write(ByteBuffer.wrap(pattern(HIGH)));
        });
        Client client = rig.connect(rig.doorFor(protocol)).send("go");
        client.receive(HIGH);
        client.endOutput();
        assertThat(protocol.cause()).isNull();
        assertThat(protocol.count("writable")).isZero();
    }

    @Test
    void aQueueAboveTheHighMarkIsNotWritable() throws Exception {
        List<Boolean> writable = new ArrayList<>();
        Scripted protocol = new Scripted();
        protocol.onReceived(
                        (transport, bytes) -> {
                            bytes.position(bytes.limit());
                            transport.write(ByteBuffer.wrap(pattern(HIGH)));
                            writable.add(transport.isWritable());
                            transport.write(ByteBuffer.wrap(pattern(1)));
                            writable.add(transport.isWritable());
                        })
                .onWritable(transport -> writable.add(transport.isWritable()));
        Client client = rig.connect(rig.doorFor(protocol)).send("go");
        client.receive(HIGH + 1);
        protocol.await("writable");
        client.endOutput();
        assertThat(protocol.cause()).isNull();
        assertThat(writable).containsExactly(true, false, true);
    }

    @Test
    void writableIsToldAfterABurstThatTheKernelTookWhole() throws Exception {
        Scripted protocol = new Scripted();
        protocol.onReceived((transport, bytes) -> {
            bytes.position(bytes.limit());
            transport.write(ByteBuffer.wrap(pattern(HIGH + 1)));
        });
        Client client = rig.connect(rig.doorFor(protocol)).send("go");
        client.receive(HIGH + 1);
        protocol.await("writable");
        assertThat(protocol.transport().queuedBytes()).isZero();
    }

    @Test
    void pausedReadingReceivesNothing() throws Exception {
        Scripted protocol = new Scripted().onConnected(Transport::pauseReading);
        Client client = rig.connect(rig.doorFor(protocol), protocol).send("这里");
        for (int i = 0; i < 20; i++) {
            Rig.caughtUp(protocol.transport());
        }
        assertThat(protocol.input()).isEmpty();
        protocol.transport().resumeReading();
        protocol.await("received 6");
        client.endOutput();
        assertThat(protocol.cause()).isNull();
        assertThat(protocol.inputText()).isEqualTo("这里");
    }

    @Test
    void whatWasLeftUnreadIsOfferedFirstWhenReadingResumes() throws Exception {
        Scripted protocol = new Scripted();
        protocol.onReceived((transport, bytes) -> {
            protocol.take(bytes, 3);
            transport.pauseReading();
        });
        Client client = rig.connect(rig.doorFor(protocol)).send("123456");
        protocol.await("received 6");
        client.send("789");
        protocol.transport().resumeReading();
        protocol.await("received 3"); // Without anything new having to come.
        assertThat(protocol.inputText()).isEqualTo("123456");
        protocol.transport().resumeReading();
        protocol.await("received 3");
        assertThat(protocol.inputText()).isEqualTo("123456789");
    }

    @Test
    void aWholeBufferLeftUnreadIsOfferedAgain() throws Exception {
        int size = 4096;
        rig.with(Rig.PATIENT.withInput(size, 1024).withOutbound(LOW, HIGH, ROOMY));
        Scripted protocol = new Scripted();
        protocol.onConnected(
                        transport -> {
                            transport.pauseReading();
                            transport.write(ByteBuffer.wrap(pattern(8 << 20)));
                        })
                .onReceived((transport, bytes) -> {
                    if (transport.queuedBytes() >= LOW) {
                        transport.pauseReading();
                    } else {
                        protocol.take(bytes);
                    }
                })
                .onWritable(Transport::resumeReading);
        byte[] input = pattern(20_000);
        Client client = rig.connectNarrow(rig.doorFor(protocol)).send(input);
        protocol.transport().resumeReading();
        protocol.await("received " + rig.flavor().receiveBytes(size));
        client.receive(8 << 20);
        client.endOutput();
        assertThat(protocol.cause()).isNull();
        assertThat(protocol.input()).isEqualTo(input);
    }

    @Test
    void moreUnreadThanAllowedCutsOff() throws Exception {
        rig.with(Rig.PATIENT.withInput(4096, 1024));
        Scripted protocol = new Scripted().onReceived((_, _) -> {});
        Client client = rig.connect(rig.doorFor(protocol)).send(pattern(1024));
        protocol.await("received 1024");
        assertThat(protocol.isOver()).isFalse();
        client.send("!");
        assertThat(protocol.reason()).isEqualTo(Reason.INPUT_TOO_LARGE);
        client.assertReset();
    }

    @Test
    void aProtocolThatReadsNothingIsCutOffWhateverThePeerSends() throws Exception {
        Scripted protocol = new Scripted().onReceived((_, _) -> {});
        Client client = rig.connect(rig.doorFor(protocol));
        byte[] flood = pattern(4 << 20);
        var sent =
                Background.run(() -> {
                    while (true) {
                        client.send(flood);
                    }
                });
        assertThat(protocol.reason()).isEqualTo(Reason.INPUT_TOO_LARGE);
        assertThat(sent).failsWithin(Duration.ofSeconds(50));
    }

    @Test
    void queuedBytesCountWhatTheKernelHasNotTaken() throws Exception {
        rig.with(Rig.PATIENT.withOutbound(LOW, HIGH, ROOMY));
        long[] inCallback = {0};
        Scripted protocol =
                new Scripted()
                        .onConnected(transport -> {
                            transport.write(utf8("你好"));
                            transport.write(ByteBuffer.wrap(pattern(8 << 20)));
                            inCallback[0] = transport.queuedBytes();
                        });
        Client client = rig.connectNarrow(rig.doorFor(protocol));
        Transport transport = protocol.transport();
        Rig.caughtUp(transport);
        assertThat(inCallback[0]).isEqualTo(6 + (8 << 20));
        assertThat(transport.queuedBytes()).isBetween(1L, inCallback[0]);
        client.receive(6 + (8 << 20));
        Rig.eventually("an empty queue", () -> transport.queuedBytes() == 0);
    }

    @Test
    void turnsOfALongAnswerLeaveRoomForOthers() throws Exception {
        rig.with(Rig.PATIENT.withOutbound(LOW, HIGH, ROOMY));
        Scripted answer =
                new Scripted()
                        .onConnected(
                                transport -> transport.write(ByteBuffer.wrap(pattern(8 << 20))));
        SocketAddress door = rig.doorFor(answer, echo());
        Client reader = rig.connect(door, answer);
        Client other = rig.connect(door);
        var read = Background.run(() -> reader.receive(8 << 20));
        for (int i = 0; i < 100; i++) {
            assertThat(other.send("ping").receive("ping")).isEqualTo("ping");
        }
        read.get();
    }
}
