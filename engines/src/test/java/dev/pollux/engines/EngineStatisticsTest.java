package dev.pollux.engines;

import static dev.pollux.engines.Texts.pattern;
import static dev.pollux.engines.Texts.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What an engine says it has done.
@EngineContract
final class EngineStatisticsTest {
    @RegisterExtension final Rig rig;

    EngineStatisticsTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    @Test
    void countsConnectionsAndBytes() throws Exception {
        SocketAddress door = rig.door(Texts::echo);
        Engine engine = rig.engine();
        assertThat(engine.statistics().accepted()).isZero();
        Client one = rig.connect(door);
        Client two = rig.connect(door);
        one.send("12345").receive("12345");
        two.send("你好").receive("你好");
        EngineStatistics statistics = engine.statistics();
        assertThat(statistics.open()).isEqualTo(2);
        assertThat(statistics.accepted()).isEqualTo(2);
        assertThat(statistics.refused()).isZero();
        assertThat(statistics.disconnectedSlow()).isZero();
        one.close();
        two.close();
        rig.awaitOpen(0);
        engine.close();
        EngineStatistics last = engine.statistics();
        assertThat(last.accepted()).isEqualTo(2);
        assertThat(last.bytesReceived()).isEqualTo(11);
        assertThat(last.bytesSent()).isEqualTo(11);
        assertThat(last.turns()).isPositive();
        assertThat(last.events()).isGreaterThanOrEqualTo(5);
    }

    private long calls(String... names) throws Exception {
        Map<String, Long> calls = rig.engine().statistics().systemCalls();
        long sum = 0;
        for (String name : names) {
            sum += calls.getOrDefault(name, 0L);
        }
        return sum;
    }

    @Test
    void whatIsWrittenInOneTurnLeavesWithOneSystemCall() throws Exception {
        assumeTrue(rig.flavor().countsSends(), "the JDK sends, or the kernel itself");
        Scripted protocol = new Scripted();
        protocol.onReceived((transport, bytes) -> {
            for (int i = 0; i < 100; i++) {
                transport.write(bytes.duplicate());
            }
            try (SharedBytes shared = SharedBytes.copyOf(utf8("共享"))) {
                transport.write(shared);
            }
            bytes.position(bytes.limit());
        });
        Client client = rig.connect(rig.doorFor(protocol), protocol);
        long before = calls("send", "sendmsg");
        String answer = "ping".repeat(100) + "共享";
        assertThat(client.send("ping").receive(answer)).isEqualTo(answer);
        client.close();
        assertThat(protocol.cause()).isNull();
        assertThat(calls("send", "sendmsg") - before).isOne();
    }

    /// What the socket takes at once is not copied; what follows is gathered behind it.
    @Test
    void aLargePieceLeavesAtOnceAndTheRestOfTheTurnTogether() throws Exception {
        assumeTrue(rig.flavor().countsSends(), "the JDK sends, or the kernel itself");
        assumeFalse(rig.flavor().isBlocking(), "a thread copies what it is given");
        ByteBuffer large = ByteBuffer.allocateDirect(8192);
        large.put(pattern(8192)).flip();
        Scripted protocol = new Scripted();
        protocol.onReceived((transport, bytes) -> {
            transport.write(large.duplicate());
            assertThat(transport.queuedBytes()).isZero();
            transport.write(large.duplicate());
            transport.write(bytes);
        });
        Client client = rig.connect(rig.doorFor(protocol), protocol);
        long before = calls("send", "sendmsg");
        byte[] answer = new byte[2 * 8192 + 4];
        System.arraycopy(pattern(8192), 0, answer, 0, 8192);
        System.arraycopy(pattern(8192), 0, answer, 8192, 8192);
        System.arraycopy("ping".getBytes(UTF_8), 0, answer, 2 * 8192, 4);
        assertThat(client.send("ping").receive(answer.length)).isEqualTo(answer);
        client.close();
        assertThat(protocol.cause()).isNull();
        assertThat(calls("send", "sendmsg") - before).isEqualTo(2);
    }

    @Test
    void aBroadcastIsOneSystemCallPerMember() throws Exception {
        assumeTrue(rig.flavor().countsSends(), "the JDK sends, or the kernel itself");
        assumeFalse(rig.flavor().isBlocking(), "it is this thread that sends, not the engine's");
        Group group = rig.engine().group();
        SocketAddress door = rig.door(() -> new Scripted().onConnected(group::join));
        Client[] clients = new Client[5];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = rig.connect(door);
        }
        Rig.eventually("5 members", () -> group.size() == 5);
        long before = calls("send", "sendmsg");
        group.broadcast(utf8("广播"));
        for (Client client : clients) {
            assertThat(client.receive("广播")).isEqualTo("广播");
            client.close();
        }
        rig.awaitOpen(0);
        assertThat(calls("send", "sendmsg") - before).isEqualTo(clients.length);
    }

    @Test
    void anIdleEngineTakesNoTurns() throws Exception {
        assumeTrue(rig.flavor().model().waits(), "this one never waits");
        Scripted protocol = new Scripted();
        Client client = rig.connect(rig.doorFor(protocol), protocol).send("一次");
        protocol.await("received 6");
        Engine engine = rig.engine();
        Rig.caughtUp(protocol.transport());
        Rig.caughtUp(protocol.transport());
        long before = engine.statistics().turns();
        client.send("又一次");
        protocol.await("received 9");
        Rig.caughtUp(protocol.transport());
        assertThat(engine.statistics().turns() - before).isBetween(1L, 6L);
    }
}
