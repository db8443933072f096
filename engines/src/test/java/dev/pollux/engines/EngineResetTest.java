package dev.pollux.engines;

import static dev.pollux.engines.Texts.echo;
import static dev.pollux.engines.Texts.lines;
import static dev.pollux.engines.Texts.pattern;
import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.libc.ErrnoException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A peer that dies with a reset, at every point of a connection's life: its protocol learns why,
/// and nobody else notices.
@EngineContract
final class EngineResetTest {
    private static final Set<String> CALLS = Set.of("recv", "send");

    @RegisterExtension final Rig rig;

    EngineResetTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    private static void assertPeerDied(Scripted protocol) throws Exception {
        IOException cause = protocol.cause();
        assertThat(cause).isInstanceOf(ErrnoException.class);
        assertThat(((ErrnoException) cause).call()).isIn(CALLS);
        assertThat(protocol.transport().isOpen()).isFalse();
    }

    private void assertOthersUnharmed(SocketAddress door) throws Exception {
        try (Client other = Client.connect(door)) {
            assertThat(other.send("还在").receive("还在")).isEqualTo("还在");
        }
        rig.awaitOpen(0);
    }

    @Test
    void beforeItIsAccepted() throws Exception {
        SocketAddress door = rig.door(Texts::echo);
        for (int i = 0; i < 50; i++) {
            Client.connect(door).reset();
        }
        assertOthersUnharmed(door);
    }

    @Test
    void inConnected() throws Exception {
        CountDownLatch dead = new CountDownLatch(1);
        Scripted protocol =
                new Scripted()
                        .onConnected(transport -> {
                            awaitHere(dead);
                            transport.write(utf8("too late"));
                        });
        SocketAddress door = rig.doorFor(protocol, echo());
        Client client = rig.connect(door, protocol);
        client.reset();
        dead.countDown();
        assertPeerDied(protocol);
        assertOthersUnharmed(door);
    }

    /// Keeps the loop busy until the peer has done something.
    private static void awaitHere(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void inTheMiddleOfAMessage() throws Exception {
        Scripted protocol = lines();
        SocketAddress door = rig.doorFor(protocol, echo());
        Client client = rig.connect(door).send("half a mes");
        protocol.await("received 10");
        client.reset();
        assertPeerDied(protocol);
        assertOthersUnharmed(door);
    }

    @Test
    void withItsLastMessageUnread() throws Exception {
        CountDownLatch dead = new CountDownLatch(1);
        Scripted protocol = new Scripted();
        protocol.onReceived((transport, bytes) -> {
            awaitHere(dead);
            transport.write(bytes);
        });
        SocketAddress door = rig.doorFor(protocol, echo());
        Client client = rig.connect(door, protocol).send("ping");
        client.reset();
        dead.countDown();
        assertPeerDied(protocol);
        assertOthersUnharmed(door);
    }

    @Test
    void whileOutputIsQueued() throws Exception {
        Scripted protocol = flood();
        SocketAddress door =
                rig.with(Rig.PATIENT.withOutbound(1, 1, 64 << 20)).doorFor(protocol, echo());
        Client client = rig.connectNarrow(door);
        Transport transport = protocol.transport();
        Rig.caughtUp(transport);
        assertThat(transport.queuedBytes()).isPositive();
        client.reset();
        assertPeerDied(protocol);
        assertThat(transport.queuedBytes()).isZero();
        assertOthersUnharmed(door);
    }

    private static Scripted flood() {
        return new Scripted()
                .onConnected(transport -> transport.write(ByteBuffer.wrap(pattern(16 << 20))));
    }

    @Test
    void whileOutputIsQueuedAndReadingIsPaused() throws Exception {
        Scripted protocol =
                new Scripted()
                        .onConnected(transport -> {
                            transport.pauseReading();
                            transport.write(ByteBuffer.wrap(pattern(16 << 20)));
                        });
        SocketAddress door =
                rig.with(Rig.PATIENT.withOutbound(1, 1, 64 << 20)).doorFor(protocol, echo());
        Client client = rig.connectNarrow(door);
        Rig.caughtUp(protocol.transport());
        client.reset();
        assertPeerDied(protocol);
        assertOthersUnharmed(door);
    }

    @Test
    void whileClosingWithOutputQueued() throws Exception {
        Scripted protocol =
                new Scripted()
                        .onConnected(transport -> {
                            transport.write(ByteBuffer.wrap(pattern(16 << 20)));
                            transport.close();
                        });
        SocketAddress door =
                rig.with(Rig.PATIENT.withOutbound(1, 1, 64 << 20)).doorFor(protocol, echo());
        Client client = rig.connectNarrow(door);
        Rig.caughtUp(protocol.transport());
        assertThat(protocol.isOver()).isFalse();
        client.reset();
        assertPeerDied(protocol);
        assertOthersUnharmed(door);
    }

    @Test
    void whileLingering() throws Exception {
        Scripted protocol = new Scripted().onConnected(Transport::close);
        SocketAddress door = rig.doorFor(protocol, echo());
        Client client = rig.connect(door);
        assertThat(client.receiveToEnd()).isEmpty();
        assertThat(protocol.cause()).isNull();
        client.reset();
        assertOthersUnharmed(door);
    }

    @Test
    void whileReadingIsPausedIsNoticedWhenItIsResumed() throws Exception {
        Scripted protocol = new Scripted().onConnected(Transport::pauseReading);
        SocketAddress door = rig.doorFor(protocol, echo());
        Client client = rig.connect(door, protocol);
        Rig.caughtUp(protocol.transport());
        client.reset();
        protocol.transport().resumeReading();
        assertPeerDied(protocol);
        assertOthersUnharmed(door);
    }

    @Test
    void afterItsHalfCloseIsNoticedByTheNextWrite() throws Exception {
        Scripted protocol = new Scripted().onEof(_ -> true);
        SocketAddress door = rig.doorFor(protocol, echo());
        Client client = rig.connect(door).endOutput();
        protocol.await("eof");
        client.reset();
        protocol.transport().write(utf8("nobody hears this"));
        assertPeerDied(protocol);
        assertOthersUnharmed(door);
    }

    @Test
    void manyAtOnceWhileOthersTalk() throws Exception {
        SocketAddress door = rig.door(Texts::echo);
        Client steady = rig.connect(door);
        for (int round = 0; round < 20; round++) {
            Client[] dying = new Client[20];
            for (int i = 0; i < dying.length; i++) {
                dying[i] = Client.connect(door).send("last words");
            }
            for (Client client : dying) {
                client.reset();
            }
            String words = "round " + round;
            assertThat(steady.send(words).receive(words)).isEqualTo(words);
        }
        steady.close();
        rig.awaitOpen(0);
        assertOthersUnharmed(door);
    }
}
