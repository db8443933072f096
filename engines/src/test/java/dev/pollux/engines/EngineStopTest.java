package dev.pollux.engines;

import static dev.pollux.engines.Texts.pattern;
import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.engines.DisconnectedException.Reason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The end of an engine: in order where it can be, in time in any case.
@EngineContract
final class EngineStopTest {
    private static final Duration LONG = Duration.ofSeconds(50);

    @RegisterExtension final Rig rig;

    EngineStopTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    private CompletableFuture<Void> stopInBackground(Duration deadline) throws IOException {
        Engine engine = rig.engine();
        return Background.run(() -> engine.stop(deadline));
    }

    private static void await(CompletableFuture<Void> stopped) throws Exception {
        stopped.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void stopWithNobodyThere() throws Exception {
        Listener door = rig.listen(Texts::echo);
        rig.engine().stop(LONG);
        rig.engine().awaitStop();
        assertRefused(door.address());
        assertThatThrownBy(() -> rig.engine().listen(new InetSocketAddress(0), Texts::echo))
                .isInstanceOf(IllegalStateException.class);
        rig.engine().stop(LONG);
        door.close();
    }

    private static void assertRefused(SocketAddress door) {
        assertThatThrownBy(() -> Client.connect(door))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("refused");
    }

    @Test
    void stopFlushesWhatIsQueued() throws Exception {
        byte[] answer = pattern(3_000_000);
        Scripted protocol =
                new Scripted().onConnected(transport -> transport.write(ByteBuffer.wrap(answer)));
        Client client = rig.connect(rig.doorFor(protocol), protocol);
        CompletableFuture<Void> stopped = stopInBackground(LONG);
        assertThat(client.receiveToEnd()).isEqualTo(answer);
        client.close();
        await(stopped);
        assertThat(protocol.cause()).isNull();
        assertThat(protocol.count("stopping")).isOne();
    }

    @Test
    void aProtocolMayFinishByItself() throws Exception {
        Scripted protocol =
                new Scripted()
                        .onStopping(transport -> {
                            transport.write(utf8("say goodbye: "));
                            return true;
                        })
                        .onReceived((transport, bytes) -> {
                            transport.write(bytes);
                            transport.close();
                        });
        Client client = rig.connect(rig.doorFor(protocol), protocol);
        CompletableFuture<Void> stopped = stopInBackground(LONG);
        assertThat(client.receive("say goodbye: ")).isEqualTo("say goodbye: ");
        assertThat(stopped.isDone()).isFalse();
        client.send("再见");
        assertThat(client.receiveTextToEnd()).isEqualTo("再见");
        client.close();
        await(stopped);
        assertThat(protocol.cause()).isNull();
    }

    @Test
    void whoHasNotFinishedAtTheDeadlineIsReset() throws Exception {
        Scripted stubborn = new Scripted().onStopping(_ -> true);
        Client client = rig.connect(rig.doorFor(stubborn), stubborn);
        Duration deadline = Duration.ofMillis(100);
        long begin = System.nanoTime();
        rig.engine().stop(deadline);
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(deadline.toNanos());
        assertThat(stubborn.reason()).isEqualTo(Reason.STOPPED);
        client.assertReset();
    }

    @Test
    void aDeafPeerDoesNotHoldTheStopUp() throws Exception {
        rig.with(Rig.PATIENT.withOutbound(1, 1, 64 << 20));
        Scripted protocol =
                new Scripted()
                        .onConnected(
                                transport -> transport.write(ByteBuffer.wrap(pattern(16 << 20))));
        Client deaf = rig.connectNarrow(rig.doorFor(protocol));
        protocol.transport();
        rig.engine().stop(Duration.ofMillis(100));
        assertThat(protocol.reason()).isEqualTo(Reason.STOPPED);
        deaf.assertReset();
    }

    @Test
    void aPeerThatDoesNotEndStillGetsAllThatWasSent() throws Exception {
        byte[] answer = pattern(200_000);
        Scripted protocol =
                new Scripted().onConnected(transport -> transport.write(ByteBuffer.wrap(answer)));
        Client client = rig.connect(rig.doorFor(protocol), protocol);
        rig.engine().stop(Duration.ofMillis(200));
        assertThat(protocol.cause()).isNull();
        assertThat(client.receiveToEnd()).isEqualTo(answer);
    }

    @Test
    void stopUnderLoad() throws Exception {
        SocketAddress door = rig.door(Texts::echo);
        AtomicInteger rounds = new AtomicInteger();
        List<CompletableFuture<Void>> load = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Client client = rig.connect(door);
            load.add(Background.run(() -> talkUntilTheEnd(client, rounds)));
        }
        CompletableFuture<Void> newcomers = Background.run(() -> connectUntilRefused(door));
        Rig.eventually("some load", () -> rounds.get() > 500);
        rig.engine().stop(LONG);
        for (CompletableFuture<Void> client : load) {
            await(client);
        }
        await(newcomers);
        assertThat(rig.engine().statistics().open()).isZero();
    }

    /// Every answer up to the end is a whole or a part of what was sent, never anything else.
    private static void talkUntilTheEnd(Client client, AtomicInteger rounds) throws IOException {
        byte[] message = pattern(1000);
        try (client) {
            while (true) {
                client.send(message);
                byte[] answer = client.receive(message.length);
                assertThat(answer).isEqualTo(message);
                rounds.incrementAndGet();
            }
        } catch (IOException _) {
            // The end of input, or a reset because the last message was not read any more.
        }
    }

    private static void connectUntilRefused(SocketAddress door) {
        try {
            while (true) {
                Client.connect(door).close();
            }
        } catch (IOException _) {
            // The door is closed now.
        }
    }

    @Test
    void stopFromAProtocolOnlyBegins() throws Exception {
        Engine engine = rig.engine();
        Scripted protocol = new Scripted();
        protocol.onReceived((transport, bytes) -> {
            protocol.take(bytes);
            engine.stop(LONG);
            transport.write(utf8("stopping"));
        });
        Client client = rig.connect(rig.doorFor(protocol)).send("stop");
        assertThat(client.receiveTextToEnd()).isEqualTo("stopping");
        client.close();
        engine.awaitStop();
        assertThat(protocol.cause()).isNull();
        assertThat(protocol.log()).containsExactly("connected", "stopping", "disconnected");
    }

    @Test
    void manyStopsAtOnceAreOne() throws Exception {
        Scripted protocol = new Scripted();
        Client client = rig.connect(rig.doorFor(protocol), protocol);
        List<CompletableFuture<Void>> stops = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            stops.add(stopInBackground(LONG));
        }
        assertThat(client.receiveToEnd()).isEmpty();
        client.close();
        for (CompletableFuture<Void> stop : stops) {
            await(stop);
        }
        assertThat(protocol.count("stopping")).isOne();
    }

    @Test
    void anInterruptedStopIsFinishedFirst() throws Exception {
        Scripted protocol = new Scripted().onStopping(_ -> true);
        rig.connect(rig.doorFor(protocol), protocol);
        Thread.currentThread().interrupt();
        rig.engine().stop(Duration.ofMillis(50));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(protocol.isOver()).isTrue();
    }

    @Test
    void aDoorOpenedDuringAStopIsRefused() throws Exception {
        Scripted staying = new Scripted().onStopping(_ -> true);
        Client client = rig.connect(rig.doorFor(staying), staying);
        CompletableFuture<Void> stopped = stopInBackground(LONG);
        staying.await("stopping");
        assertThatThrownBy(() -> rig.door(Texts::echo)).isInstanceOf(IllegalStateException.class);
        staying.transport().close();
        client.receiveToEnd();
        client.close();
        await(stopped);
    }

    @Test
    void manyEnginesComeAndGo() throws Exception {
        for (int i = 0; i < 30; i++) {
            try (Engine engine = rig.flavor().model().open(Rig.PATIENT, 2, EngineObserver.SILENT)) {
                Listener door = engine.listen(new InetSocketAddress("127.0.0.1", 0), Texts::echo);
                try (Client client = Client.connect(door.address())) {
                    assertThat(client.send("早").receive("早")).isEqualTo("早");
                }
            }
        }
        assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
                .noneMatch(name -> name.startsWith("pollux-"));
    }
}
