package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.EventfdCalls;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// One thread waits, others wake, change and close. Nothing here sleeps: a wait that is not ended
/// by what is tested has no end, and the test fails by its time limit.
@ParameterizedClass
@EnumSource(Bench.class)
@Timeout(60)
class ThreadsTest {
    private final Bench bench;

    @RegisterExtension final Scene<Poller, End> scene;
    private final Selector<String> selector;
    private final End near;
    private final End far;

    ThreadsTest(Bench bench) {
        this.bench = bench;
        scene = Scene.of(bench);
        selector = scene.selector;
        near = scene.near;
        far = scene.far;
    }

    @Test
    void aWakeupEndsTheRunningWait() throws Exception {
        Waiting<List<Ready<String>>> waiting = Waiting.in(selector::select);
        selector.wakeup();
        assertThat(waiting.result()).isEmpty();
    }

    @Test
    void aWakeupBeforeTheWaitEndsItAtOnce() throws Exception {
        selector.wakeup();
        assertThat(selector.select()).isEmpty();
        assertThat(selector.select(Duration.ofMillis(1))).isEmpty();
    }

    @Test
    void wakeupsThatNobodyHasNoticedAreOne() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            selector.wakeup();
        }
        assertThat(selector.select()).isEmpty();
        assertThat(selector.statistics().wakeups()).isEqualTo(1);
    }

    @Test
    void noWakeupIsLost() throws Exception {
        int rounds = 5_000;
        var done = new Semaphore(0);
        Waiting<Integer> waiting =
                Waiting.in(() -> {
                    for (int i = 0; i < rounds; i++) {
                        assertThat(selector.select()).isEmpty();
                        done.release();
                    }
                    return rounds;
                });
        for (int i = 0; i < rounds; i++) {
            selector.wakeup();
            done.acquire();
        }
        assertThat(waiting.result()).isEqualTo(rounds);
    }

    @Test
    void aStormOfWakeupsHidesNoEvent() throws Exception {
        near.register(selector, Selector.READ);
        Waiting<Integer> waiting =
                Waiting.in(() -> {
                    while (selector.select(Selector.FOREVER, (_, _) -> {}) == 0) {
                        Thread.onSpinWait();
                    }
                    return 1;
                });
        Waiting<Integer> waking =
                Waiting.in(() -> {
                    while (!waiting.isDone()) {
                        selector.wakeup();
                    }
                    return 1;
                });
        far.send("到");
        waiting.result();
        waking.result();
    }

    @Test
    void whatIsRegisteredMeanwhileTakesEffect() throws Exception {
        Waiting<List<Ready<String>>> waiting = Waiting.in(selector::select);
        var key = near.register(selector, Selector.WRITE, "新");
        assertThat(waiting.result()).containsExactly(new Ready<>(key, Selector.WRITE));
    }

    @Test
    void whatIsModifiedMeanwhileTakesEffect() throws Exception {
        near.register(selector, Selector.READ);
        Waiting<List<Ready<String>>> waiting = Waiting.in(selector::select);
        selector.modify(near.fileobj(), Selector.WRITE);
        assertThat(waiting.result()).extracting(Ready::events).containsExactly(Selector.WRITE);
    }

    @Test
    void whatIsUnregisteredMeanwhileIsNotReported() throws Exception {
        near.register(selector, Selector.READ);
        Waiting<List<Ready<String>>> waiting = Waiting.in(selector::select);
        selector.unregister(near.fileobj());
        far.send("x");
        selector.wakeup();
        assertThat(waiting.result()).isEmpty();
    }

    @Test
    void registrationsFromManyThreadsAllTakeEffect() throws Exception {
        int threads = 4;
        int rounds = 250;
        var seen = new AtomicInteger();
        Waiting<Integer> waiting =
                Waiting.in(() -> {
                    while (seen.get() < threads * rounds) {
                        selector.select(
                                Selector.FOREVER,
                                (key, _) -> {
                                    selector.unregister(key.fileobj());
                                    seen.getAndIncrement();
                                });
                    }
                    return seen.get();
                });
        List<End[]> pairs = bench.pairs(threads);
        List<Waiting<Integer>> registering =
                pairs.stream().map(pair -> Waiting.in(() -> register(pair[0], rounds))).toList();
        for (Waiting<Integer> one : registering) {
            assertThat(one.result()).isEqualTo(rounds);
        }
        assertThat(waiting.result()).isEqualTo(threads * rounds);
        for (End[] pair : pairs) {
            pair[0].close();
            pair[1].close();
        }
    }

    /// Registers again each time the waiter has unregistered.
    private int register(End end, int rounds) throws Exception {
        for (int i = 0; i < rounds; i++) {
            while (selector.keys().containsKey(end.fileobj())) {
                Thread.onSpinWait();
            }
            end.register(selector, Selector.WRITE);
        }
        return rounds;
    }

    @Test
    void aSecondWaiterFailsAtOnce() throws Exception {
        near.register(selector, Selector.WRITE);
        var inside = new CountDownLatch(1);
        var leave = new CountDownLatch(1);
        Waiting<Integer> waiting =
                Waiting.in(() ->
                        selector.select(
                                Selector.FOREVER,
                                (_, _) -> {
                                    inside.countDown();
                                    awaitQuietly(leave);
                                }));
        inside.await();
        assertThatIllegalStateException().isThrownBy(() -> selector.select());
        leave.countDown();
        assertThat(waiting.result()).isEqualTo(1);
        assertThat(selector.select()).hasSize(1);
    }

    @Test
    void aConsumerCannotWait() throws Exception {
        near.register(selector, Selector.WRITE);
        assertThatIllegalStateException()
                .isThrownBy(() -> selector.select(Selector.FOREVER, (_, _) -> selectAgain()));
    }

    private void selectAgain() {
        try {
            selector.select(Duration.ZERO);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void closeEndsTheRunningWait() throws Exception {
        near.register(selector, Selector.READ);
        var keys = selector.keys();
        Waiting<List<Ready<String>>> waiting =
                Waiting.in(() -> {
                    try {
                        return selector.select();
                    } catch (ClosedSelectorException _) {
                        return List.of(); // It was closed before this thread got there.
                    }
                });
        selector.close();
        assertThat(selector.isOpen()).isFalse();
        assertThat(waiting.result()).isEmpty();
        assertThat(keys).isEmpty();
    }

    @Test
    void closeInAConsumerDropsTheRest() throws Exception {
        near.register(selector, Selector.WRITE);
        far.register(selector, Selector.WRITE);

        int count = selector.select(Selector.FOREVER, (_, _) -> selector.close());

        assertThat(count).isEqualTo(1);
        assertThatThrownBy(() -> selector.select()).isInstanceOf(ClosedSelectorException.class);
    }

    @Test
    void closeAgainstWakeupsHarmsNobody() throws Exception {
        for (int i = 0; i < 300; i++) {
            Selector<String> fresh = bench.open();
            var started = new CountDownLatch(2);
            Waiting<Integer> waiting =
                    Waiting.in(() -> {
                        started.countDown();
                        return waitUntilClosed(fresh);
                    });
            Waiting<Integer> waking =
                    Waiting.in(() -> {
                        started.countDown();
                        int wakeups = 0;
                        for (; fresh.isOpen(); wakeups++) {
                            fresh.wakeup();
                        }
                        fresh.wakeup();
                        return wakeups;
                    });
            started.await();
            fresh.close();
            assertThat(waiting.result()).isNotNegative();
            // It is likely to get the number that the selector's waker had.
            int successor = DescriptorEnd.check(EventfdCalls.create(0, 0));
            assertThat(waking.result()).isNotNegative();
            assertThat(EventfdCalls.read(successor)).isEqualTo(-Errno.EAGAIN);
            DescriptorEnd.check(Descriptors.close(successor));
        }
    }

    private static int waitUntilClosed(Selector<String> selector) throws Exception {
        int waits = 0;
        try {
            for (; selector.isOpen(); waits++) {
                assertThat(selector.select()).isEmpty();
            }
        } catch (ClosedSelectorException _) {
            waits++; // It was closed between the question and the wait.
        }
        return waits;
    }
}
