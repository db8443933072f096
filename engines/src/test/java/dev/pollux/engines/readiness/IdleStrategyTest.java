package dev.pollux.engines.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.Client;
import dev.pollux.engines.Engine;
import dev.pollux.engines.EngineObserver;
import dev.pollux.engines.EngineStatistics;
import dev.pollux.engines.IdleStrategy;
import dev.pollux.engines.Limits;
import dev.pollux.engines.Rig;
import dev.pollux.engines.Scripted;
import dev.pollux.engines.Texts;
import dev.pollux.engines.Transport;
import dev.pollux.engines.models.IoModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a loop that asks everybody does when nobody has anything.
@Timeout(60)
final class IdleStrategyTest {
    private static final SocketAddress LOOPBACK =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static Engine open(IdleStrategy idle) throws IOException {
        return IoModel.NONBLOCKING.open(Limits.DEFAULT, 1, idle, EngineObserver.SILENT);
    }

    @ParameterizedTest
    @EnumSource
    void aMessageATimerAWakeupAndAStopAreServedAfterSilence(IdleStrategy idle) throws Exception {
        Scripted protocol = new Scripted().onReceived(Transport::write);
        try (Engine engine = open(idle);
                Client client = Client.connect(engine.listen(LOOPBACK, () -> protocol).address())) {
            Transport transport = protocol.transport();
            awaitTurns(engine, 50);
            assertThat(client.send("问").receive("问")).isEqualTo("问");

            CompletableFuture<Long> rung = new CompletableFuture<>();
            Duration delay = Duration.ofMillis(30);
            long begin = System.nanoTime();
            transport.execute(
                    () -> transport.schedule(delay, () -> rung.complete(System.nanoTime())));
            assertThat(rung.get(30, TimeUnit.SECONDS) - begin)
                    .isGreaterThanOrEqualTo(delay.toNanos());

            awaitTurns(engine, 50);
            transport.write(Texts.utf8("从外面"));
            assertThat(client.receive("从外面")).isEqualTo("从外面");
        }
        assertThat(protocol.cause()).isNull();
    }

    private static void awaitTurns(Engine engine, int turns) {
        long target = engine.statistics().turns() + turns;
        Rig.eventually(turns + " turns", () -> engine.statistics().turns() >= target);
    }

    @Test
    void askingIsPaidForInSystemCallsThoughNobodySpeaks() throws Exception {
        Scripted protocol = new Scripted();
        try (Engine engine = open(IdleStrategy.YIELD);
                Client client = Client.connect(engine.listen(LOOPBACK, () -> protocol).address())) {
            protocol.transport();
            EngineStatistics before = engine.statistics();
            awaitTurns(engine, 1_000);
            EngineStatistics after = engine.statistics();
            assertThat(calls(after, "recv") - calls(before, "recv")).isGreaterThan(900);
            assertThat(calls(after, "accept4") - calls(before, "accept4")).isGreaterThan(900);
            assertThat(after.bytesReceived()).isZero();
            assertThat(client.address()).isNotNull();
        }
    }

    private static long calls(EngineStatistics statistics, String name) {
        return statistics.systemCalls().getOrDefault(name, 0L);
    }

    @Test
    void parkingGrowsToAboutAMillisecond() {
        int rounds = 200;
        long begin = System.nanoTime();
        for (int round = 0; round < rounds; round++) {
            BusyPoller.idle(IdleStrategy.PARK, round, Long.MAX_VALUE);
        }
        long nanos = System.nanoTime() - begin;
        // A park may end early now and then, but not all of them.
        assertThat(nanos).isGreaterThan(rounds * 1_000_000L / 2);
    }

    /// After 25 days of silence.
    @Test
    void parkingStaysAtAboutAMillisecondForEver() {
        long rounds = Integer.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            BusyPoller.idle(IdleStrategy.PARK, rounds + i, Long.MAX_VALUE);
        }
        BusyPoller.idle(IdleStrategy.PARK, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    @Test
    void anInterruptedThreadParksAllTheSame() {
        int rounds = 200;
        Thread.currentThread().interrupt();
        long begin = System.nanoTime();
        for (int round = 0; round < rounds; round++) {
            BusyPoller.idle(IdleStrategy.PARK, 1_000, Long.MAX_VALUE);
        }
        long nanos = System.nanoTime() - begin;
        assertThat(Thread.interrupted()).isTrue();
        assertThat(nanos).isGreaterThan(rounds * 1_000_000L / 2);
    }

    @Test
    void parkingBeginsShortAndHeedsADeadline() {
        int rounds = 100;
        long shortest = Long.MAX_VALUE;
        long capped = Long.MAX_VALUE;
        for (int i = 0; i < rounds; i++) {
            long begin = System.nanoTime();
            BusyPoller.idle(IdleStrategy.PARK, 0, Long.MAX_VALUE);
            long between = System.nanoTime();
            BusyPoller.idle(IdleStrategy.PARK, 1_000, 1_000);
            shortest = Math.min(shortest, between - begin);
            capped = Math.min(capped, System.nanoTime() - between);
        }
        assertThat(shortest).isLessThan(1_000_000);
        assertThat(capped).isLessThan(1_000_000);
    }
}
