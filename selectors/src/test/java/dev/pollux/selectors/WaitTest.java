package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What every mechanism owes who waits: what is ready, how long, and in which form.
@ParameterizedClass
@EnumSource(Bench.class)
@Timeout(60)
class WaitTest {
    private static final Duration NOW = Duration.ZERO;
    private static final int BOTH = Selector.READ | Selector.WRITE;

    private final Bench bench;

    @RegisterExtension final Scene<Poller, End> scene;
    private final Selector<String> selector;
    private final End near;
    private final End far;

    WaitTest(Bench bench) {
        this.bench = bench;
        scene = Scene.of(bench);
        selector = scene.selector;
        near = scene.near;
        far = scene.far;
    }

    @Test
    void nothingRegisteredIsNothingReady() throws Exception {
        assertThat(selector.select(NOW)).isEmpty();
        assertThat(selector.select(Duration.ofSeconds(-1))).isEmpty();
    }

    @Test
    void exactlyTheWritableOneIsReady() throws Exception {
        near.register(selector, Selector.READ);
        var writable = far.register(selector, Selector.WRITE);

        assertThat(selector.select()).containsExactly(new Ready<>(writable, Selector.WRITE));
    }

    @Test
    void bothEventsAreSeenInOneWait() throws Exception {
        var key = near.register(selector, BOTH);
        far.send("你好");

        var seen = new HashMap<SelectorKey<String>, Integer>();
        for (Ready<String> ready : selector.select(Duration.ofSeconds(30))) {
            assertThat(ready.events() & seen.getOrDefault(ready.key(), 0)).isZero();
            seen.merge(ready.key(), ready.events(), (a, b) -> a | b);
        }

        assertThat(seen).isEqualTo(Map.of(key, BOTH));
        assertThat(near.receive()).isEqualTo("你好");
    }

    @Test
    void whatIsNotConsumedIsReportedAgain() throws Exception {
        var key = near.register(selector, Selector.READ);
        far.send("再");

        for (int i = 0; i < 3; i++) {
            assertThat(selector.select()).containsExactly(new Ready<>(key, Selector.READ));
        }
        near.receive();
        assertThat(selector.select(NOW)).isEmpty();
    }

    @Test
    void theEndOfInputWakesTheReader() throws Exception {
        var key = near.register(selector, Selector.READ);
        far.finish();

        assertThat(selector.select()).containsExactly(new Ready<>(key, Selector.READ));
        assertThat(near.receive()).isEmpty();
    }

    @Test
    void whatIsNotAskedForIsNotReported() throws Exception {
        near.register(selector, Selector.WRITE);
        selector.modify(near.fileobj(), Selector.READ);
        assertThat(selector.select(NOW)).isEmpty();

        selector.modify(near.fileobj(), Selector.WRITE);
        far.send("x");
        assertThat(selector.select()).extracting(Ready::events).containsExactly(Selector.WRITE);

        selector.unregister(near.fileobj());
        assertThat(selector.select(NOW)).isEmpty();
    }

    @Test
    void twelvePairsAreDrainedOneByOne() throws Exception {
        var random = new Random(12);
        List<End[]> pairs = bench.pairs(12);
        var readerOf = new HashMap<Object, End>();
        var writers = new ArrayList<End>();
        for (End[] pair : pairs) {
            pair[0].register(selector, Selector.READ, "reader");
            pair[1].register(selector, Selector.WRITE, "writer");
            readerOf.put(pair[1].fileobj(), pair[0]);
            writers.add(pair[1]);
        }
        while (!writers.isEmpty()) {
            End writer = writers.remove(random.nextInt(writers.size()));
            assertThat(ready("writer")).contains(writer.fileobj());
            writer.send("信");
            End reader = readerOf.get(writer.fileobj());
            assertThat(ready("reader")).containsExactly(reader.fileobj());
            assertThat(reader.receive()).isEqualTo("信");
            selector.unregister(reader.fileobj());
            selector.unregister(writer.fileobj());
        }
        assertThat(selector.keys()).isEmpty();
        pairs.forEach(pair -> {
            pair[0].close();
            pair[1].close();
        });
    }

    /// The ready objects of one role; those of the other may be ready as well.
    private List<Object> ready(String role) throws Exception {
        var ready = new ArrayList<Object>();
        while (ready.isEmpty()) {
            for (Ready<String> one : selector.select(Duration.ofSeconds(30))) {
                if (role.equals(one.key().data())) {
                    ready.add(one.key().fileobj());
                }
            }
        }
        return ready;
    }

    @Test
    void noWaitEndsEarly() throws Exception {
        near.register(selector, Selector.READ);
        for (long nanos : new long[] {1, 100_000, 999_999, 1_000_001, 30_000_000}) {
            long start = System.nanoTime();
            assertThat(selector.select(Duration.ofNanos(nanos))).isEmpty();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
        }
    }

    @Test
    void anEmptySelectorSleepsAsWell() throws Exception {
        long start = System.nanoTime();
        assertThat(selector.select(Duration.ofMillis(200))).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(200), Duration.ofSeconds(20));
    }

    @Test
    void zeroAndLessAsksWithoutWaitingInEveryForm() throws Exception {
        assertThat(selector.select(Duration.ofNanos(-1))).isEmpty();
        assertThat(selector.select(Duration.ofDays(-1_000_000))).isEmpty();
        assertThat(selector.select(-1, (_, _) -> {})).isZero();
        assertThat(selector.select(Long.MIN_VALUE, (_, _) -> {})).isZero();
        assertThat(selector.select(Duration.ofNanos(-1), (_, _) -> {})).isZero();
        assertThat(selector.selectUntilSignal(Duration.ofNanos(-1))).isEmpty();
        assertThat(selector.selectInterruptibly(Duration.ofNanos(-1))).isEmpty();
    }

    @Test
    void aTimeTooLongForTheClockHasNoEnd() throws Exception {
        near.register(selector, Selector.WRITE);
        for (Duration time : List.of(ChronoUnit.FOREVER.getDuration(), Duration.ofDays(200_000))) {
            assertThat(selector.select(time)).hasSize(1);
            assertThat(selector.select(time, (_, _) -> {})).isEqualTo(1);
        }
        assertThat(selector.select(Selector.FOREVER, (_, _) -> {})).isEqualTo(1);
        assertThat(selector.select((Duration) null, (_, _) -> {})).isEqualTo(1);
    }

    @Test
    void theLongestTimeIsTaken() throws Exception {
        near.register(selector, Selector.WRITE);
        Duration longest = Duration.ofNanos(Selector.FOREVER - 1);
        assertThat(selector.select(longest)).hasSize(1);
        selector.wakeup();
        selector.modify(near.fileobj(), Selector.READ);
        assertThat(selector.select(longest)).isEmpty();
    }

    @Test
    void theConsumerIsCalledOncePerEvent() throws Exception {
        var key = near.register(selector, Selector.WRITE);
        var seen = new ArrayList<Ready<String>>();

        int count =
                selector.select(Selector.FOREVER, (k, events) -> seen.add(new Ready<>(k, events)));

        assertThat(count).isEqualTo(1);
        assertThat(seen).containsExactly(new Ready<>(key, Selector.WRITE));
    }

    @Test
    void anEventOfARegistrationThatIsGoneIsDropped() throws Exception {
        End[] other = bench.pair();
        near.register(selector, Selector.WRITE);
        other[0].register(selector, Selector.WRITE);
        var seen = new ArrayList<Object>();

        int count =
                selector.select(
                        Selector.FOREVER,
                        (key, _) -> {
                            seen.add(key.fileobj());
                            boolean first = key.fileobj() == near.fileobj();
                            selector.unregister(first ? other[0].fileobj() : near.fileobj());
                        });

        assertThat(count).isEqualTo(1);
        assertThat(seen).hasSize(1);
        assertThat(selector.statistics().staleEvents()).isEqualTo(1);
        other[0].close();
        other[1].close();
    }

    @Test
    void aConsumerThatThrowsLosesNoOtherEvent() throws Exception {
        End[] other = bench.pair();
        near.register(selector, Selector.WRITE);
        other[0].register(selector, Selector.WRITE);
        var seen = new ArrayList<Object>();
        ReadyConsumer<String> failing =
                (key, _) -> {
                    seen.add(key.fileobj());
                    throw new UncheckedTestException();
                };

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> selector.select(Selector.FOREVER, failing))
                    .isInstanceOf(UncheckedTestException.class);
        }

        assertThat(seen).containsExactlyInAnyOrder(near.fileobj(), other[0].fileobj());
        other[0].close();
        other[1].close();
    }

    private static final class UncheckedTestException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @Test
    void statisticsCount() throws Exception {
        near.register(selector, Selector.WRITE);
        selector.select();
        selector.modify(near.fileobj(), Selector.READ);
        selector.select(NOW);
        selector.wakeup();
        selector.wakeup();
        selector.select();

        SelectorStatistics statistics = selector.statistics();
        assertThat(statistics.mechanism()).isEqualTo(selector.name());
        assertThat(statistics.keys()).isEqualTo(1);
        assertThat(statistics.waits()).isEqualTo(3);
        assertThat(statistics.events()).isEqualTo(1);
        assertThat(statistics.emptyWaits()).isEqualTo(2);
        assertThat(statistics.wakeups()).isEqualTo(1);
        assertThat(statistics.interruptedWaits()).isZero();
        assertThat(statistics.staleEvents()).isZero();
    }
}
