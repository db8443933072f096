package dev.pollux.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.pollux.engines.DisconnectedException.Reason;
import dev.pollux.engines.loop.Connection;
import dev.pollux.engines.loop.Loop;
import dev.pollux.engines.loop.TimerWheel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A loop whose own code fails, which nobody can survive: the engine ends as a whole, at once, and
/// says so; none of it is left.
@EngineContract
final class EngineCollapseTest {
    private static final int CONNECTIONS = 5;

    @RegisterExtension final Rig rig;

    EngineCollapseTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    @BeforeEach
    void onlyWhereThereAreLoops() {
        assumeFalse(rig.flavor().isBlocking(), "no thread there is everybody's");
        rig.expectTrouble("a loop failed, and the engine ends with all its connections: ");
    }

    private static Loop loopOf(Scripted protocol) throws Exception {
        return ((Connection) protocol.transport()).loop();
    }

    /// Has a loop fail, in its own code.
    private static void fail(Loop loop, Throwable failure) {
        Runnable failing = () -> EngineCollapseTest.<RuntimeException>toss(failure);
        loop.hand(() -> loop.wheel().add(new TimerWheel.Entry(failing), 0), 0);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void toss(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private void assertEndsAsAWhole(int failing, Throwable failure) throws Exception {
        List<Scripted> protocols = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            // It has much to send, and says that it will close by itself.
            protocols.add(
                    new Scripted()
                            .onConnected(transport -> transport.write(much()))
                            .onStopping(_ -> true));
        }
        SocketAddress door = rig.doorFor(protocols.toArray(Protocol[]::new));
        SocketAddress other = rig.door(Texts::echo);
        List<Client> clients = new ArrayList<>();
        for (Scripted protocol : protocols) {
            clients.add(rig.connect(door, protocol));
        }
        fail(loopOf(protocols.get(failing)), failure);
        for (Scripted protocol : protocols) {
            assertThat(protocol.reason()).isEqualTo(Reason.STOPPED);
        }
        assertThatThrownBy(rig.engine()::awaitStop)
                .isInstanceOf(IOException.class)
                .cause()
                .isSameAs(failure);
        assertThatThrownBy(() -> Client.connect(door)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Client.connect(other)).isInstanceOf(IOException.class);
        for (Client client : clients) {
            client.receiveWhatComes();
        }
        rig.engine().stop(Duration.ofMinutes(1));
        assertThat(rig.engine().statistics().open()).isZero();
        assertThat(rig.troubles()).hasSize(1);
        assertThatThrownBy(() -> rig.door(Texts::echo)).isInstanceOf(IllegalStateException.class);
        protocols.getFirst().transport().write(Texts.utf8("nobody is there"));
    }

    private static ByteBuffer much() {
        return ByteBuffer.wrap(Texts.pattern(3_000_000));
    }

    @Test
    void theLoopOfTheFirstConnection() throws Exception {
        assertEndsAsAWhole(0, new IllegalStateException("a mistake in the loop"));
    }

    @Test
    void theLoopOfTheSecondConnection() throws Exception {
        assertEndsAsAWhole(1, new OutOfMemoryError("no memory"));
    }

    /// Others are just being served, and newcomers come.
    @Test
    void whileEverybodyTalks() throws Exception {
        Scripted first = new Scripted().onReceived(Transport::write);
        List<Scripted> made = new ArrayList<>();
        SocketAddress door =
                rig.door(() -> {
                    Scripted next =
                            made.isEmpty() ? first : new Scripted().onReceived(Transport::write);
                    synchronized (made) {
                        made.add(next);
                    }
                    return next;
                });
        rig.connect(door, first);
        List<CompletableFuture<Void>> talkers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            talkers.add(Background.run(() -> talkUntilItEnds(door)));
        }
        Rig.eventually(
                "many have come",
                () -> {
                    synchronized (made) {
                        return made.size() > 50;
                    }
                });
        fail(loopOf(first), new IllegalStateException("a mistake in the loop"));
        for (var talker : talkers) {
            talker.get();
        }
        assertThatThrownBy(rig.engine()::awaitStop).isInstanceOf(IOException.class);
        assertThat(rig.engine().statistics().open()).isZero();
    }

    private static void talkUntilItEnds(SocketAddress door) {
        boolean up = true;
        while (up) {
            try (Client client = Client.connect(door)) {
                up = client.send("早").receive("早").equals("早");
            } catch (IOException _) {
                up = false;
            }
        }
    }

    @Test
    void duringAStop() throws Exception {
        Scripted protocol = new Scripted().onStopping(_ -> true);
        rig.connect(rig.doorFor(protocol), protocol);
        Loop loop = loopOf(protocol);
        var stopped = Background.run(() -> rig.engine().stop(Duration.ofMinutes(5)));
        protocol.await("stopping");
        fail(loop, new IllegalStateException("a mistake in the loop"));
        stopped.get();
        assertThat(protocol.reason()).isEqualTo(Reason.STOPPED);
        assertThatThrownBy(rig.engine()::awaitStop).isInstanceOf(IOException.class);
    }
}
