package dev.pollux.engines.blocking;

import static dev.pollux.engines.Texts.echo;
import static dev.pollux.engines.Texts.pattern;
import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.engines.Background;
import dev.pollux.engines.Client;
import dev.pollux.engines.DisconnectedException.Reason;
import dev.pollux.engines.Engine;
import dev.pollux.engines.Flavor;
import dev.pollux.engines.Group;
import dev.pollux.engines.Listener;
import dev.pollux.engines.Rig;
import dev.pollux.engines.Scripted;
import dev.pollux.engines.Texts;
import dev.pollux.engines.Transport;
import dev.pollux.engines.models.IoModel;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// Who waits when there are fewer threads than connections: one at a time, and a pool of two.
@ParameterizedClass(name = "{0}")
@MethodSource("flavors")
@Timeout(60)
final class BlockingModelsTest {
    @RegisterExtension final Rig rig;

    BlockingModelsTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    static Stream<Flavor> flavors() {
        return Stream.of(
                        new Flavor(IoModel.BLOCKING, 1),
                        new Flavor(IoModel.BLOCKING_POOL, 1),
                        new Flavor(IoModel.BLOCKING_POOL, 2))
                .filter(flavor -> flavor.model().isAvailable());
    }

    private boolean isPool() {
        return rig.flavor().model() == IoModel.BLOCKING_POOL;
    }

    /// {@return a door with as many served as there may be, and their clients}
    private Client[] occupy(SocketAddress door) throws Exception {
        Client[] clients = new Client[rig.flavor().servesAtOnce()];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = rig.connect(door);
            assertThat(clients[i].send("在").receive("在")).isEqualTo("在");
        }
        return clients;
    }

    @Test
    void theNextOneWaitsUntilOneHasGone() throws Exception {
        SocketAddress door = rig.door(Texts::echo);
        Client[] served = occupy(door);
        Client next = rig.connectAndWait(door).send("等");
        Client last = rig.connectAndWait(door).send("也等");
        Engine engine = rig.engine();
        if (isPool()) {
            Rig.eventually("two wait", () -> engine.statistics().waiting() == 2);
            assertThat(engine.statistics().accepted()).isEqualTo(served.length + 2);
        } else {
            assertThat(engine.statistics().waiting()).isZero();
            assertThat(engine.statistics().accepted()).isOne();
        }
        for (Client client : served) {
            assertThat(client.send("还").receive("还")).isEqualTo("还");
        }
        served[0].close();
        assertThat(next.receive("等")).isEqualTo("等");
        next.close();
        assertThat(last.receive("也等")).isEqualTo("也等");
        assertThat(engine.statistics().waiting()).isZero();
    }

    @Test
    void whoWaitsHasNoProtocolYetAndIsTurnedAwayByAStop() throws Exception {
        Scripted[] served = new Scripted[rig.flavor().servesAtOnce() + 1];
        for (int i = 0; i < served.length; i++) {
            served[i] = new Scripted().onReceived(Transport::write);
        }
        SocketAddress door = rig.doorFor(served);
        Client[] clients = occupy(door);
        Client waiting = rig.connectAndWait(door).send("等");
        Engine engine = rig.engine();
        if (isPool()) {
            Rig.eventually("one waits", () -> engine.statistics().waiting() == 1);
        }
        CompletableFuture<Void> stopped = Background.run(() -> engine.stop(Duration.ofSeconds(50)));
        for (Client client : clients) {
            assertThat(client.receiveToEnd()).isEmpty();
            client.close();
        }
        assertThat(waiting.receiveWhatComes()).isEmpty();
        stopped.get(50, TimeUnit.SECONDS);
        assertThat(served[served.length - 1].log()).isEmpty();
        assertThat(engine.statistics().open()).isZero();
        for (int i = 0; i < clients.length; i++) {
            assertThat(served[i].cause()).isNull();
        }
    }

    @Test
    void aMemberHearsItself() throws Exception {
        Group group = rig.engine().group();
        Scripted member =
                new Scripted()
                        .onConnected(group::join)
                        .onReceived((_, bytes) -> group.broadcast(bytes));
        Client client = rig.connect(rig.doorFor(member));
        assertThat(client.send("自己").receive("自己")).isEqualTo("自己");
    }

    @Test
    void aPeerThatReadsNothingHoldsNobodyUpWhoHasAThread() throws Exception {
        assumeTrue(rig.flavor().servesAtOnce() > 1);
        rig.with(Rig.PATIENT.withOutbound(1, 1, 64 << 20));
        Scripted stuffed =
                new Scripted()
                        .onConnected(
                                transport -> transport.write(ByteBuffer.wrap(pattern(16 << 20))));
        SocketAddress door = rig.doorFor(stuffed, echo());
        Client deaf = rig.connectNarrow(door);
        Transport transport = stuffed.transport();
        Rig.caughtUp(transport);
        Client other = rig.connect(door);
        for (int i = 0; i < 100; i++) {
            transport.write(utf8("再来"));
            assertThat(other.send("快").receive("快")).isEqualTo("快");
        }
        assertThat(transport.queuedBytes()).isPositive();
        transport.abort();
        assertThat(stuffed.reason()).isEqualTo(Reason.ABORTED);
        deaf.assertReset();
    }

    @Test
    void doorsDoNotWaitForEachOther() throws Exception {
        assumeTrue(!isPool(), "one pool serves all doors");
        Client[] one = occupy(rig.door(Texts::echo));
        Client other = rig.connectAndWait(rig.door(Texts::lines));
        assertThat(other.send("门\n").receive("<门>\n")).isEqualTo("<门>\n");
        assertThat(one[0].send("又").receive("又")).isEqualTo("又");
    }

    @Test
    void aDoorThatIsBusyServingClosesAtOnce() throws Exception {
        Scripted protocol = new Scripted().onReceived(Transport::write);
        Listener door = rig.listen(() -> protocol);
        Client client = rig.connect(door.address(), protocol);
        door.close();
        assertThat(client.send("还在").receive("还在")).isEqualTo("还在");
        client.endOutput();
        assertThat(protocol.cause()).isNull();
    }
}
