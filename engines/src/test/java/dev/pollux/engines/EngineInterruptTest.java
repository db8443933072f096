package dev.pollux.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A protocol that interrupts the thread it is called by: the usual answer to an
/// `InterruptedException`, and of no use here.
@EngineContract
final class EngineInterruptTest {
    private static final int ROUNDS = 5;

    @RegisterExtension final Rig rig;

    EngineInterruptTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    private static void interrupt() {
        Thread.currentThread().interrupt();
    }

    @Test
    void itsInterruptIsOverWithTheCallback() throws Exception {
        Queue<Boolean> seen = new ConcurrentLinkedQueue<>();
        Scripted rude = new Scripted();
        rude.onConnected(_ -> interrupt())
                .onReceived((transport, bytes) -> {
                    seen.add(Thread.currentThread().isInterrupted());
                    transport.write(bytes);
                    interrupt();
                })
                .onEof(_ -> {
                    seen.add(Thread.currentThread().isInterrupted());
                    interrupt();
                    return false;
                })
                .onDisconnected(_ -> interrupt());
        Scripted polite = new Scripted();
        polite.onReceived((transport, bytes) -> {
            seen.add(Thread.currentThread().isInterrupted());
            transport.write(bytes);
        });
        SocketAddress door = rig.doorFor(polite, rude);
        Client other = rig.connect(door, polite);
        Client client = rig.connect(door, rude);
        for (int i = 0; i < ROUNDS; i++) {
            assertThat(client.send("去").receive("去")).isEqualTo("去");
            assertThat(other.send("好").receive("好")).isEqualTo("好");
        }
        client.endOutput();
        assertThat(rude.cause()).isNull();
        assertThat(other.send("还在").receive("还在")).isEqualTo("还在");
        assertThat(seen).hasSizeGreaterThan(2 * ROUNDS).containsOnly(false);
    }

    @Test
    void aTaskAndATimerThatInterruptEndNothing() throws Exception {
        Queue<Boolean> seen = new ConcurrentLinkedQueue<>();
        Scripted protocol = new Scripted().onReceived(Transport::write);
        Client client = rig.connect(rig.doorFor(protocol), protocol);
        Transport transport = protocol.transport();
        for (int i = 0; i < ROUNDS; i++) {
            transport.execute(EngineInterruptTest::interrupt);
            transport.execute(() -> seen.add(Thread.currentThread().isInterrupted()));
            transport.schedule(Duration.ZERO, EngineInterruptTest::interrupt);
            assertThat(client.send("好").receive("好")).isEqualTo("好");
        }
        Rig.caughtUp(transport);
        assertThat(seen).hasSize(ROUNDS).containsOnly(false);
    }

    @Test
    void anInterruptBySupplierOrObserverReachesNobody() throws Exception {
        Queue<Boolean> seen = new ConcurrentLinkedQueue<>();
        rig.observed((_, _) -> interrupt());
        SocketAddress door =
                rig.doorUnwatched(() -> {
                    seen.add(Thread.currentThread().isInterrupted());
                    interrupt();
                    if (seen.size() <= ROUNDS) {
                        throw new IllegalStateException("none for you");
                    }
                    return Texts.echo();
                });
        for (int i = 0; i < ROUNDS; i++) {
            rig.connect(door).receiveWhatComes();
            rig.awaitOpen(0);
        }
        assertThat(rig.connect(door).send("好").receive("好")).isEqualTo("好");
        assertThat(seen).hasSize(ROUNDS + 1).containsOnly(false);
    }

    /// What it has begun is done, and is not told to have failed.
    @Test
    void whoIsInterruptedOpensADoorAndHasADescriptorAdopted() throws Exception {
        Engine engine = rig.engine();
        interrupt();
        SocketAddress door = rig.door(Texts::echo);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(rig.connect(door).send("门").receive("门")).isEqualTo("门");
        assumeTrue(rig.flavor().hasDescriptors());
        try (Pipe pipe = Pipe.open()) {
            Scripted protocol = new Scripted();
            interrupt();
            engine.adopt(pipe.reading().fd(), rig.watched(protocol));
            assertThat(Thread.interrupted()).isTrue();
            pipe.writing().write("管");
            protocol.await("received 3");
            protocol.transport().close();
            assertThat(protocol.cause()).isNull();
        }
    }
}
