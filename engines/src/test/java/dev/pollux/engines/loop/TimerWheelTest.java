package dev.pollux.engines.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The wheel by a clock that stands still unless it is moved.
@Timeout(60)
final class TimerWheelTest {
    private static final long TICK = TimerWheel.TICK_NANOS;
    private static final long REVOLUTION = 512 * TICK;

    private long clock = 12_345;
    private final TimerWheel wheel = new TimerWheel(() -> clock);
    private final List<String> ran = new ArrayList<>();

    private TimerWheel.Entry entry(String name) {
        return new TimerWheel.Entry(() -> ran.add(name));
    }

    private void pass(long nanos) {
        clock += nanos;
        wheel.advance();
    }

    @Test
    void anEmptyWheelWaitsForEver() {
        assertThat(wheel.isEmpty()).isTrue();
        assertThat(wheel.nextDelay()).isEqualTo(-1);
        wheel.advance();
        TimerWheel.Entry entry = entry("x");
        assertThat(entry.isWaiting()).isFalse();
        wheel.remove(entry);
        wheel.add(entry, 1);
        wheel.remove(entry);
        assertThat(wheel.isEmpty()).isTrue();
        assertThat(wheel.nextDelay()).isEqualTo(-1);
    }

    @Test
    void neverEarlyAndAtMostATickLate() {
        wheel.add(entry("due"), 3 * TICK + 1);
        pass(3 * TICK);
        assertThat(ran).isEmpty();
        pass(TICK);
        assertThat(ran).containsExactly("due");
        assertThat(wheel.isEmpty()).isTrue();
    }

    @Test
    void aDelayOfZeroIsForTheNextTick() {
        wheel.add(entry("soon"), 0);
        wheel.add(entry("as soon"), -5);
        wheel.advance();
        assertThat(ran).isEmpty();
        pass(TICK);
        assertThat(ran).containsExactlyInAnyOrder("soon", "as soon");
    }

    @Test
    void oneThatWaitsAlreadyIsMoved() {
        TimerWheel.Entry moved = entry("moved");
        wheel.add(moved, TICK);
        wheel.add(moved, 5 * TICK);
        pass(4 * TICK);
        assertThat(ran).isEmpty();
        pass(2 * TICK);
        assertThat(ran).containsExactly("moved");
    }

    @Test
    void theSameEntryRunsAgainWhenItIsAddedAgain() {
        TimerWheel.Entry again = entry("again");
        wheel.add(again, TICK);
        pass(2 * TICK);
        assertThat(again.isWaiting()).isFalse();
        wheel.add(again, TICK);
        pass(2 * TICK);
        assertThat(ran).containsExactly("again", "again");
    }

    @Test
    void farAwayOnesArePassedOver() {
        wheel.add(entry("far"), 3 * REVOLUTION + TICK);
        wheel.add(entry("near"), TICK);
        for (int i = 0; i < 3; i++) {
            pass(REVOLUTION);
            assertThat(ran).containsExactly("near");
        }
        pass(2 * TICK);
        assertThat(ran).containsExactly("near", "far");
    }

    @Test
    void theLongestDelayNeitherOverflowsNorRuns() {
        wheel.add(entry("never"), Long.MAX_VALUE);
        assertThat(wheel.nextDelay()).isPositive();
        pass(1000 * REVOLUTION);
        assertThat(ran).isEmpty();
    }

    @Test
    void aRunRemovesAnotherThatIsDueWithIt() {
        TimerWheel.Entry[] both = new TimerWheel.Entry[2];
        for (int i = 0; i < 2; i++) {
            TimerWheel.Entry[] other = both;
            int index = i;
            both[i] =
                    new TimerWheel.Entry(() -> {
                        ran.add("one");
                        wheel.remove(other[1 - index]);
                    });
            wheel.add(both[i], TICK);
        }
        pass(2 * TICK);
        assertThat(ran).containsExactly("one");
        assertThat(wheel.isEmpty()).isTrue();
    }

    @Test
    void oneThatAddsItselfAndTakesItsTimeStarvesNobody() {
        int[] runs = {0};
        TimerWheel.Entry[] self = new TimerWheel.Entry[1];
        self[0] =
                new TimerWheel.Entry(() -> {
                    runs[0]++;
                    clock += 2 * TICK;
                    wheel.add(self[0], 0);
                });
        wheel.add(self[0], 0);
        pass(TICK);
        assertThat(runs[0]).isOne();
        wheel.advance();
        assertThat(runs[0]).isEqualTo(2);
    }

    @Test
    void theClockIsReadWhenAsked() {
        clock += 5 * TICK;
        assertThat(wheel.now()).isZero();
        wheel.readClock();
        assertThat(wheel.now()).isEqualTo(5);
        clock += TICK;
        wheel.add(entry("x"), 0);
        assertThat(wheel.now()).isEqualTo(6);
    }

    @Test
    void thoseOfEqualTimeRunInTheOrderInWhichTheyWerePutIn() {
        for (String name : List.of("一", "二", "三", "四", "五")) {
            wheel.add(entry(name), 3 * TICK);
        }
        pass(10 * TICK);
        assertThat(ran).containsExactly("一", "二", "三", "四", "五");
    }

    @Test
    void afterALongSleepTheEarlierRunFirst() {
        wheel.add(entry("third"), 2 * REVOLUTION + TICK);
        wheel.add(entry("second"), 20 * TICK);
        wheel.add(entry("first"), 10 * TICK);
        pass(5 * REVOLUTION);
        assertThat(ran).containsExactly("first", "second", "third");
    }

    /// Sleeps until nothing waits.
    ///
    /// @return how often it woke
    private int sleepToTheEnd() {
        int wakes = 0;
        while (!wheel.isEmpty()) {
            pass(wheel.nextDelay());
            wakes++;
        }
        return wakes;
    }

    @Test
    void whatOnlyWaitsWakesNobody() {
        for (int i = 0; i < 600; i++) {
            wheel.add(entry("x"), 20 * REVOLUTION + i * TICK);
        }
        wheel.add(entry("y"), 30 * REVOLUTION);
        assertThat(sleepToTheEnd()).isLessThanOrEqualTo(601);
        assertThat(ran).hasSize(601);
    }

    @Test
    void whatNeedNotBeOnTimeIsDueTogether() {
        long limit = 14 * REVOLUTION;
        for (int i = 0; i < 10_000; i++) {
            clock += limit / 10_000;
            wheel.add(entry("x"), limit, limit / 32);
        }
        assertThat(sleepToTheEnd()).isLessThanOrEqualTo(2 * 32 + 1);
        assertThat(ran).hasSize(10_000);
    }

    @Test
    void whatNeedNotBeOnTimeIsNeitherEarlyNorTooLate() {
        Random random = new Random(11);
        for (int i = 0; i < 1_000; i++) {
            clock += random.nextLong(REVOLUTION);
            long delay = random.nextLong(100 * TICK);
            long slack = random.nextLong(50 * TICK);
            wheel.add(entry("x"), delay, slack);
            pass(Math.max(delay - 1, 0));
            assertThat(ran).isEmpty();
            pass(slack + TICK + 1);
            assertThat(ran).containsExactly("x");
            ran.clear();
        }
    }

    @Test
    void whatWasTakenOutHardlyWakesAnybody() {
        wheel.add(entry("late"), 8 * REVOLUTION);
        for (int i = 1; i < 600; i++) {
            TimerWheel.Entry entry = entry("never");
            wheel.add(entry, i * TICK);
            wheel.remove(entry);
        }
        // For the first of them, for the one in the slot of the late one, and for that itself.
        assertThat(sleepToTheEnd()).isLessThanOrEqualTo(3);
        assertThat(ran).containsExactly("late");
    }

    /// The same as the wheel, by looking at everything each time.
    private final class Model {
        private record Waiting(TimerWheel.Entry entry, int id, long tick) {}

        private final List<Waiting> waiting = new ArrayList<>();
        private final List<Integer> ran = new ArrayList<>();
        private final long origin = clock;
        private long served;

        long tick(long nanos) {
            return Math.ceilDiv(clock + nanos - origin, TICK);
        }

        void add(TimerWheel.Entry entry, int id, long delay) {
            waiting.add(new Waiting(entry, id, Math.max(tick(delay), served + 1)));
        }

        void advance() {
            served = Math.floorDiv(clock - origin, TICK);
            waiting.stream()
                    .filter(one -> one.tick() <= served)
                    .sorted(Comparator.comparingLong(Waiting::tick)) // Else as they were put in.
                    .forEach(one -> ran.add(one.id()));
            waiting.removeIf(one -> one.tick() <= served);
        }

        long earliest() {
            return waiting.stream().mapToLong(Waiting::tick).min().orElse(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void randomOperationsAgainstTheModel(long seed) {
        Random random = new Random(seed);
        Model model = new Model();
        List<Integer> ranHere = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            int id = step;
            switch (random.nextInt(4)) {
                case 0, 1 -> add(model, new TimerWheel.Entry(() -> ranHere.add(id)), id, random);
                case 2 -> removeOne(model, random);
                default -> advance(model, random);
            }
            assertThat(ranHere).containsExactlyElementsOf(model.ran);
            ranHere.clear();
            model.ran.clear();
            assertSleepsNotTooLong(model);
        }
    }

    private void add(Model model, TimerWheel.Entry entry, int id, Random random) {
        long delay = delay(random);
        wheel.add(entry, delay);
        model.add(entry, id, delay);
    }

    private void removeOne(Model model, Random random) {
        if (!model.waiting.isEmpty()) {
            int victim = random.nextInt(model.waiting.size());
            wheel.remove(model.waiting.remove(victim).entry());
        }
    }

    private void advance(Model model, Random random) {
        clock += delay(random) / 8;
        wheel.advance();
        model.advance();
    }

    private static long delay(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> random.nextLong(TICK);
            case 1 -> random.nextLong(8) * TICK;
            case 2 -> random.nextLong(REVOLUTION);
            case 3 -> random.nextLong(4 * REVOLUTION);
            default -> random.nextLong(20 * TICK);
        };
    }

    private void assertSleepsNotTooLong(Model model) {
        long delay = wheel.nextDelay();
        if (model.waiting.isEmpty()) {
            assertThat(delay).isEqualTo(-1);
            assertThat(wheel.isEmpty()).isTrue();
        } else {
            long due = model.origin + model.earliest() * TICK;
            assertThat(delay).isBetween(0L, Math.max(due - clock, 0));
        }
    }
}
