package dev.pollux.engines.nio2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.Background;
import dev.pollux.engines.Rig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class CompletionQueueTest {
    private static final int PRODUCERS = 4;
    private static final int COMPLETIONS = 50_000;
    private static final int WAKEUPS = 20_000;

    private final CompletionQueue queue = new CompletionQueue();
    private final List<String> ran = new ArrayList<>();

    private void runAll() {
        for (Runnable next = queue.next(); next != null; next = queue.next()) {
            next.run();
        }
    }

    @Test
    void bringsInOrderWhatWasThereAtTheEndOfTheWait() {
        queue.add(() -> ran.add("a"));
        queue.add(() -> {
            ran.add("b");
            queue.add(() -> ran.add("d"));
        });
        assertThat(queue.next()).as("before a wait").isNull();
        queue.await(-1);
        queue.add(() -> ran.add("c"));
        runAll();
        assertThat(ran).containsExactly("a", "b");
        queue.await(-1);
        runAll();
        assertThat(ran).containsExactly("a", "b", "c", "d");
    }

    @Test
    void whatWasNotRunIsThereAfterTheNextWait() {
        queue.add(() -> ran.add("a"));
        queue.add(() -> ran.add("b"));
        queue.await(0);
        Runnable first = queue.next();
        assertThat(first).isNotNull();
        queue.add(() -> ran.add("c"));
        queue.await(-1);
        runAll();
        assertThat(ran).containsExactly("b");
        queue.await(-1);
        runAll();
        assertThat(ran).containsExactly("b", "c");
    }

    @Test
    void aWaitOfNothingOnlyLooks() {
        queue.await(0);
        assertThat(queue.next()).isNull();
        queue.add(() -> ran.add("a"));
        queue.await(0);
        runAll();
        assertThat(ran).containsExactly("a");
    }

    @Test
    void aWaitEndsInTime() {
        Duration timeout = Duration.ofMillis(20);
        long begin = System.nanoTime();
        queue.await(timeout.toNanos());
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(timeout.toNanos());
        assertThat(queue.next()).isNull();
    }

    @Test
    void aWakeupEndsTheNextWaitAndNoFurtherOne() {
        queue.wakeup();
        queue.wakeup();
        queue.await(-1);
        assertThat(queue.next()).isNull();
        long begin = System.nanoTime();
        queue.await(1_000_000);
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(1_000_000);
    }

    @Test
    void anInterruptNeitherEndsTheWaitNorIsLeft() {
        Thread waiting = Thread.currentThread();
        Background.run(() -> {
            awaitParked(waiting);
            waiting.interrupt();
            Rig.eventually("the interrupt taken", () -> !waiting.isInterrupted());
            awaitParked(waiting);
            queue.add(() -> ran.add("after"));
        });
        queue.await(-1);
        runAll();
        assertThat(ran).containsExactly("after");
        assertThat(waiting.isInterrupted()).isFalse();
    }

    private static void awaitParked(Thread thread) {
        Rig.eventually("a wait", () -> thread.getState() == Thread.State.WAITING);
    }

    @Test
    void nothingThatIsAddedIsLost() throws Exception {
        List<CompletableFuture<Void>> producers = new ArrayList<>();
        int[] next = new int[PRODUCERS];
        int[] count = {0};
        for (int p = 0; p < PRODUCERS; p++) {
            int producer = p;
            producers.add(
                    Background.run(() -> {
                        for (int i = 0; i < COMPLETIONS; i++) {
                            int number = i;
                            queue.add(() -> {
                                assertThat(number).isEqualTo(next[producer]++);
                                count[0]++;
                            });
                        }
                    }));
        }
        while (count[0] < PRODUCERS * COMPLETIONS) {
            queue.await(-1);
            runAll();
        }
        for (CompletableFuture<Void> producer : producers) {
            producer.get();
        }
    }

    @Test
    void noWakeupIsLost() throws Exception {
        Semaphore awake = new Semaphore(0);
        CompletableFuture<Void> waker =
                Background.run(() -> {
                    for (int i = 0; i < WAKEUPS; i++) {
                        queue.wakeup();
                        awake.acquire();
                    }
                });
        for (int i = 0; i < WAKEUPS; i++) {
            queue.await(-1);
            awake.release();
        }
        waker.get();
    }
}
