package dev.pollux.engines;

import static dev.pollux.engines.Texts.pattern;
import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.DisconnectedException.Reason;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Close delivers everything; abort drops everything.
@EngineContract
final class EngineClosingTest {
    @RegisterExtension final Rig rig;

    EngineClosingTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    @Test
    void closeDeliversWhatIsQueuedAndThenTheEnd() throws Exception {
        byte[] answer = pattern(2_000_000);
        Scripted protocol = writesAndCloses(answer);
        Client client = rig.connect(rig.doorFor(protocol));
        assertThat(client.receiveToEnd()).isEqualTo(answer);
        assertThat(protocol.cause()).isNull();
    }

    private static Scripted writesAndCloses(byte[] answer) {
        return new Scripted()
                .onConnected(transport -> {
                    transport.write(ByteBuffer.wrap(answer));
                    transport.close();
                });
    }

    @Test
    void closeDeliversEvenWhenThePeerHasSentWhatNobodyReads() throws Exception {
        byte[] answer = pattern(2_000_000);
        Scripted protocol = new Scripted().onConnected(Transport::pauseReading);
        Client client = rig.connect(rig.doorFor(protocol), protocol);
        client.send(pattern(100_000));
        protocol.transport().write(ByteBuffer.wrap(answer));
        protocol.transport().close();
        assertThat(client.receiveToEnd()).isEqualTo(answer);
        assertThat(protocol.cause()).isNull();
    }

    @Test
    void closeDeliversWhileThePeerGoesOnSending() throws Exception {
        byte[] answer = pattern(2_000_000);
        Scripted protocol = writesAndCloses(answer);
        Client client = rig.connect(rig.doorFor(protocol));
        client.send(pattern(1_000_000));
        assertThat(client.receiveToEnd()).isEqualTo(answer);
        client.send(pattern(1_000_000)); // The engine throws it away, and resets nothing.
        assertThat(protocol.log()).containsExactly("connected", "disconnected");
    }

    @Test
    void afterCloseNothingIsReceived() throws Exception {
        Scripted protocol = new Scripted();
        protocol.onReceived((transport, bytes) -> {
            protocol.take(bytes);
            transport.close();
        });
        Client client = rig.connect(rig.doorFor(protocol)).send("first");
        assertThat(client.receiveToEnd()).isEmpty();
        client.send("second").endOutput();
        rig.awaitOpen(0);
        assertThat(protocol.inputText()).isEqualTo("first");
    }

    @Test
    void afterCloseWritesAreDropped() throws Exception {
        AtomicReference<Transport> seen = new AtomicReference<>();
        Scripted protocol =
                new Scripted()
                        .onConnected(transport -> {
                            transport.write(utf8("said"));
                            transport.close();
                            assertThat(transport.isOpen()).isFalse();
                            ByteBuffer late = utf8("too late");
                            transport.write(late);
                            assertThat(late.hasRemaining()).isFalse();
                            transport.close();
                        })
                        .onDisconnected(transport -> {
                            transport.write(utf8("far too late"));
                            transport.resumeReading();
                            transport.abort();
                            seen.set(transport);
                        });
        Client client = rig.connect(rig.doorFor(protocol));
        assertThat(client.receiveTextToEnd()).isEqualTo("said");
        assertThat(protocol.cause()).isNull();
        seen.get().write(utf8("even later"));
        assertThat(client.receiveToEnd()).as("no reset either").isEmpty();
    }

    @Test
    void aClosedConnectionIsGivenBackAsSoonAsThePeerEndsToo() throws Exception {
        Scripted protocol = new Scripted().onConnected(Transport::close);
        Client client = rig.connect(rig.doorFor(protocol));
        assertThat(client.receiveToEnd()).isEmpty();
        assertThat(rig.engine().statistics().open()).as("waits for the peer").isOne();
        client.close();
        rig.awaitOpen(0); // Long before the patient limit of 5 minutes.
    }

    @Test
    void aPeerThatNeverEndsIsWaitedForOnlySoLong() throws Exception {
        Duration linger = Duration.ofMillis(100);
        rig.with(
                Limits.DEFAULT.withTimeouts(
                        Duration.ZERO, Duration.ZERO, linger, Duration.ofSeconds(30)));
        Scripted protocol = new Scripted().onConnected(Transport::close);
        Client client = rig.connect(rig.doorFor(protocol));
        assertThat(client.receiveToEnd()).isEmpty();
        rig.awaitOpen(0);
        assertThat(client.receiveToEnd()).as("no reset").isEmpty();
    }

    @Test
    void closeFromAnotherThreadComesBehindItsWrites() throws Exception {
        Scripted protocol = new Scripted();
        Client client = rig.connect(rig.doorFor(protocol));
        Transport transport = protocol.transport();
        transport.write(utf8("一"));
        transport.write(utf8("二"));
        transport.close();
        transport.write(utf8("三"));
        assertThat(client.receiveTextToEnd()).isEqualTo("一二");
    }

    @Test
    void abortIsAReset() throws Exception {
        Scripted protocol =
                new Scripted()
                        .onReceived((transport, bytes) -> {
                            transport.write(bytes);
                            transport.abort();
                        });
        Client client = rig.connect(rig.doorFor(protocol)).send("ping");
        client.assertReset();
        assertThat(protocol.reason()).isEqualTo(Reason.ABORTED);
        rig.awaitOpen(0);
    }

    @Test
    void abortDropsWhatIsQueued() throws Exception {
        rig.with(Rig.PATIENT.withOutbound(1 << 20, 1 << 20, 32 << 20));
        Scripted protocol =
                new Scripted()
                        .onConnected(
                                transport -> transport.write(ByteBuffer.wrap(pattern(16 << 20))));
        Client client = rig.connectNarrow(rig.doorFor(protocol));
        Transport transport = protocol.transport();
        Rig.caughtUp(transport);
        assertThat(transport.queuedBytes()).isPositive();
        transport.abort();
        assertThat(protocol.reason()).isEqualTo(Reason.ABORTED);
        assertThat(transport.queuedBytes()).isZero();
        client.assertReset();
    }

    @Test
    void abortInConnected() throws Exception {
        Scripted protocol = new Scripted().onConnected(Transport::abort);
        Client client = rig.connect(rig.doorFor(protocol));
        client.assertReset();
        assertThat(protocol.reason()).isEqualTo(Reason.ABORTED);
        assertThat(protocol.log()).containsExactly("connected", "disconnected");
    }

    @Test
    void abortWhileClosingCutsIt() throws Exception {
        Scripted protocol = writesAndCloses(pattern(16 << 20));
        rig.with(Rig.PATIENT.withOutbound(1, 1, 64 << 20));
        Client client = rig.connectNarrow(rig.doorFor(protocol));
        protocol.transport().abort();
        assertThat(protocol.reason()).isEqualTo(Reason.ABORTED);
        client.assertReset();
    }

    @Test
    void bothSidesCloseAtOnce() throws Exception {
        SocketAddress door = rig.door(() -> new Scripted().onConnected(Transport::close));
        for (int i = 0; i < 100; i++) {
            Client.connect(door).close();
        }
        Engine engine = rig.engine();
        Rig.eventually("all accepted", () -> engine.statistics().accepted() == 100);
        rig.awaitOpen(0);
    }

    @Test
    void peerIsTheClientsAddress() throws Exception {
        Scripted protocol = new Scripted();
        Client client = rig.connect(rig.doorFor(protocol), protocol);
        assertThat(protocol.transport().peer()).isEqualTo(client.address());
        client.close();
        assertThat(protocol.cause()).isNull();
        assertThat(protocol.transport().isOpen()).isFalse();
    }

    @Test
    void anOrderlyEndHasNoCauseWhoeverBegins() throws Exception {
        Scripted server = new Scripted().onConnected(Transport::close);
        Scripted peer = new Scripted();
        SocketAddress door = rig.doorFor(server, peer);
        assertThat(rig.connect(door).receiveToEnd()).isEmpty();
        rig.connect(door).close();
        assertThat(server.cause()).isNull();
        assertThat(peer.cause()).isNull();
    }

    /// Where nothing more fitted behind it, a thread span, and did not see the peer's end.
    @Test
    void whoLeavesAWholeBufferUnreadAndClosesEndsWithItsPeer() throws Exception {
        int whole = 1024;
        rig.with(Rig.PATIENT.withInput(whole, whole - 1));
        Scripted protocol = new Scripted();
        protocol.onReceived((transport, bytes) -> {
            if (bytes.remaining() >= whole) {
                transport.pauseReading();
                transport.write(utf8("够了"));
                transport.close();
            }
        });
        Client client = rig.connect(rig.doorFor(protocol)).send(pattern(whole));
        assertThat(client.receiveTextToEnd()).isEqualTo("够了");
        client.close();
        assertThat(protocol.cause()).isNull();
        rig.awaitOpen(0);
    }
}
