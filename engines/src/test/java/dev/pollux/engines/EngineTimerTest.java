package dev.pollux.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.pollux.engines.DisconnectedException.Reason;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A protocol's timers.
@EngineContract
final class EngineTimerTest {
    @RegisterExtension final Rig rig;

    private final BlockingQueue<String> done = new LinkedBlockingQueue<>();

    EngineTimerTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    private Transport connected() throws Exception {
        Scripted protocol = new Scripted();
        rig.connect(rig.doorFor(protocol), protocol);
        return protocol.transport();
    }

    /// Has another thread do something while the connection's own waits for it, so that no timer
    /// runs before all of it has been done.
    private static void outside(Transport transport, Runnable work) {
        transport.execute(() -> Background.run(work::run).join());
    }

    private void assertDone(String what) throws InterruptedException {
        assertThat(done.poll(50, TimeUnit.SECONDS)).isEqualTo(what);
    }

    @Test
    void timersNeverRunEarly() throws Exception {
        Transport transport = connected();
        BlockingQueue<Long> late = new LinkedBlockingQueue<>();
        long[] millis = {0, 1, 8, 9, 17, 50, 120};
        for (long delay : millis) {
            long due = System.nanoTime() + delay * 1_000_000;
            transport.schedule(Duration.ofMillis(delay), () -> late.add(System.nanoTime() - due));
        }
        transport.execute(() -> {
            for (long delay : millis) {
                long due = System.nanoTime() + delay * 1_000_000;
                transport.schedule(
                        Duration.ofMillis(delay), () -> late.add(System.nanoTime() - due));
            }
        });
        for (int i = 0; i < 2 * millis.length; i++) {
            assertThat(late.poll(50, TimeUnit.SECONDS)).isNotNull().isNotNegative();
        }
    }

    @Test
    void timersRunInTheOrderOfTheirTimes() throws Exception {
        Transport transport = connected();
        transport.execute(() -> set(transport, 90, 30, 60, 0));
        for (int delay : new int[] {0, 30, 60, 90}) {
            assertDone("after " + delay);
        }
    }

    /// Sets them again if a busy machine has let pass so much time in between that their times are
    /// not those of the delays.
    private void set(Transport transport, int... delays) {
        long begin = System.nanoTime();
        List<Transport.Timer> timers = new ArrayList<>();
        for (int delay : delays) {
            Duration duration = Duration.ofMillis(delay);
            timers.add(transport.schedule(duration, () -> done.add("after " + delay)));
        }
        if (System.nanoTime() - begin > 20_000_000) {
            timers.forEach(Transport.Timer::cancel);
            set(transport, delays);
        }
    }

    @Test
    void timersOfTheSameTimeRunInTheOrderInWhichTheyWereSet() throws Exception {
        Transport transport = connected();
        transport.execute(() -> {
            for (int i = 0; i < 5; i++) {
                String name = "timer " + i;
                transport.schedule(Duration.ofMillis(20), () -> done.add(name));
            }
        });
        for (int i = 0; i < 5; i++) {
            assertDone("timer " + i);
        }
    }

    @Test
    void aCancelledTimerNeverRuns() throws Exception {
        Transport transport = connected();
        Duration delay = Duration.ofMillis(20);
        outside(
                transport,
                () -> transport.schedule(delay, () -> done.add("cancelled from outside")).cancel());
        transport.execute(() -> {
            Transport.Timer cancelled = transport.schedule(delay, () -> done.add("cancelled"));
            cancelled.cancel();
            cancelled.cancel();
            transport.schedule(Duration.ofMillis(40), () -> done.add("last"));
        });
        assertDone("last");
        assertThat(done).isEmpty();
    }

    @Test
    void oneTimerCancelsAnotherOfTheSameMoment() throws Exception {
        Transport transport = connected();
        Transport.Timer[] timers = new Transport.Timer[2];
        transport.execute(() -> {
            for (int i = 0; i < 2; i++) {
                int other = 1 - i;
                timers[i] =
                        transport.schedule(
                                Duration.ofMillis(20),
                                () -> {
                                    done.add("ran");
                                    timers[other].cancel();
                                });
            }
            transport.schedule(Duration.ofMillis(60), () -> done.add("last"));
        });
        assertDone("ran");
        assertDone("last");
    }

    @Test
    void aTimerSetsTheNextOne() throws Exception {
        Transport transport = connected();
        transport.execute(() -> repeat(transport, 5));
        for (int left = 5; left >= 0; left--) {
            assertDone("left " + left);
        }
    }

    private void repeat(Transport transport, int left) {
        done.add("left " + left);
        if (left > 0) {
            transport.schedule(Duration.ofMillis(10), () -> repeat(transport, left - 1));
        }
    }

    @Test
    void whatATimerWritesIsSent() throws Exception {
        Scripted protocol = new Scripted();
        Client client = rig.connect(rig.doorFor(protocol));
        Transport transport = protocol.transport();
        transport.schedule(Duration.ofMillis(20), () -> transport.write(Texts.utf8("时间到")));
        assertThat(client.receive("时间到")).isEqualTo("时间到");
    }

    @Test
    void timersAreDroppedAtTheEndOfTheConnection() throws Exception {
        Scripted ending =
                new Scripted()
                        .onDisconnected(transport ->
                                transport.schedule(Duration.ZERO, () -> done.add("after the end")));
        Scripted staying = new Scripted();
        SocketAddress door = rig.doorFor(ending, staying);
        Client client = rig.connect(door, ending);
        rig.connect(door, staying);
        Transport transport = ending.transport();
        outside(
                transport,
                () -> {
                    transport.schedule(Duration.ofMillis(30), () -> done.add("dropped"));
                    transport.execute(transport::close);
                });
        assertThat(client.receiveToEnd()).isEmpty();
        transport.schedule(Duration.ZERO, () -> done.add("set too late"));
        transport.execute(() -> done.add("task after the end"));
        // The connection lingers now: its peer has not ended.
        staying.transport().schedule(Duration.ofMillis(60), () -> done.add("last"));
        assertDone("last");
        assertThat(done).isEmpty();
    }

    @Test
    void timersOfAnAbortedConnectionAreDropped() throws Exception {
        Scripted ending = new Scripted();
        Scripted staying = new Scripted();
        SocketAddress door = rig.doorFor(ending, staying);
        rig.connect(door, ending);
        rig.connect(door, staying);
        Transport transport = ending.transport();
        outside(
                transport,
                () -> {
                    transport.schedule(Duration.ofMillis(30), () -> done.add("dropped"));
                    transport.abort();
                });
        assertThat(ending.reason()).isEqualTo(Reason.ABORTED);
        staying.transport().schedule(Duration.ofMillis(60), () -> done.add("last"));
        assertDone("last");
        assertThat(done).isEmpty();
    }

    @Test
    void aTimerWakesAnIdleLoopInTime() throws Exception {
        Transport transport = connected();
        BlockingQueue<Long> late = new LinkedBlockingQueue<>();
        // About 10 ms is promised; a busy machine may take longer, but not each time.
        for (int attempt = 0; attempt < 50; attempt++) {
            long due = System.nanoTime() + 20_000_000;
            transport.schedule(Duration.ofMillis(20), () -> late.add(System.nanoTime() - due));
            Long nanos = late.poll(50, TimeUnit.SECONDS);
            assertThat(nanos).isNotNull();
            if (nanos < 50_000_000) {
                return;
            }
        }
        fail("never within 50 ms");
    }
}
