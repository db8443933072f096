package dev.pollux.engines.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.Background;
import dev.pollux.engines.Rig;
import dev.pollux.engines.shared.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class TaskQueueTest {
    private static final int PRODUCERS = 4;
    private static final int TASKS = 50_000;

    private final List<Throwable> thrown = new ArrayList<>();
    private final TaskQueue tasks = new TaskQueue(4 << 20, thrown::add, Clock.SYSTEM);
    private final List<String> ran = new ArrayList<>();

    @Test
    void runsInOrderWhatWasOfferedUntilThen() {
        tasks.run();
        tasks.offer(() -> ran.add("a"), 0);
        tasks.offer(
                () -> {
                    ran.add("b");
                    tasks.offer(() -> ran.add("d"), 0);
                },
                0);
        tasks.offer(() -> ran.add("c"), 0);
        tasks.run();
        assertThat(ran).containsExactly("a", "b", "c");
        tasks.run();
        assertThat(ran).containsExactly("a", "b", "c", "d");
    }

    @Test
    void aClosedQueueRunsWhatItHasAndTakesNoMore() {
        assertThat(tasks.offer(() -> ran.add("kept"), 0)).isTrue();
        tasks.close();
        assertThat(ran).containsExactly("kept");
        assertThat(tasks.offer(() -> ran.add("refused"), 0)).isFalse();
        tasks.run();
        assertThat(ran).containsExactly("kept");
    }

    @Test
    void whatATaskThrowsIsToldAndTheOthersRunAllTheSame() {
        OutOfMemoryError failure = new OutOfMemoryError("no memory");
        tasks.offer(
                () -> {
                    throw failure;
                },
                0);
        tasks.offer(() -> ran.add("next"), 0);
        tasks.close();
        assertThat(ran).containsExactly("next");
        assertThat(thrown).containsExactly(failure);
    }

    @Test
    void isCongestedByTheBytesThatItsTasksCarry() {
        tasks.offer(() -> {}, (int) ((1 << 20) - 2 * TaskQueue.TASK_BYTES));
        tasks.offer(() -> {}, 0);
        assertThat(tasks.isCongested()).isFalse();
        tasks.offer(() -> {}, 0); // A task costs something itself.
        assertThat(tasks.isCongested()).isTrue();
        tasks.run();
        assertThat(tasks.isCongested()).isFalse();
    }

    @Test
    void theMostThatATaskCanCarryIsCounted() {
        tasks.offer(() -> {}, Integer.MAX_VALUE);
        tasks.offer(() -> {}, Integer.MAX_VALUE);
        assertThat(tasks.carried()).isEqualTo(2 * (Integer.MAX_VALUE + TaskQueue.TASK_BYTES));
        tasks.run();
        assertThat(tasks.carried()).isZero();
    }

    @Test
    void aThreadWaitsUntilACongestedLoopHasCaughtUp() throws Exception {
        tasks.awaitCaughtUp(Long.MAX_VALUE); // There is nothing to wait for.
        tasks.offer(() -> {}, 1 << 20);
        tasks.awaitCaughtUp(1);
        Thread waiting = new Thread(() -> tasks.awaitCaughtUp(Long.MAX_VALUE));
        waiting.start();
        Rig.eventually("it waits", () -> waiting.getState() == Thread.State.TIMED_WAITING);
        tasks.run();
        waiting.join();
    }

    @Test
    void aThreadThatIsInterruptedWaitsNoLonger() {
        tasks.offer(() -> {}, 1 << 20);
        Thread.currentThread().interrupt();
        tasks.awaitCaughtUp(Long.MAX_VALUE);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void nobodyWaitsForALoopThatHasEnded() {
        tasks.close();
        assertThat(tasks.offer(() -> {}, 1 << 20)).isFalse();
        tasks.awaitCaughtUp(Long.MAX_VALUE);
    }

    @Test
    void whoFallsAsleepIsToldOfWhatWasOfferedBefore() {
        assertThat(tasks.sleeps()).isFalse();
        assertThat(tasks.fallAsleep()).isTrue();
        assertThat(tasks.sleeps()).isTrue();
        tasks.awake();
        assertThat(tasks.sleeps()).isFalse();
        tasks.offer(() -> {}, 0);
        assertThat(tasks.fallAsleep()).isFalse();
        assertThat(tasks.sleeps()).isFalse();
    }

    /// Producers wake the consumer only when it says that it sleeps; a wakeup that was lost would
    /// leave it asleep for ever.
    @Test
    void noWakeupIsLostAndNoTaskForgotten() throws Exception {
        Semaphore wakeups = new Semaphore(0);
        int[] next = new int[PRODUCERS];
        int[] left = {PRODUCERS * TASKS};
        List<CompletableFuture<Void>> producers = new ArrayList<>();
        for (int p = 0; p < PRODUCERS; p++) {
            int producer = p;
            producers.add(Background.run(() -> produce(producer, next, left, wakeups)));
        }
        while (left[0] > 0) {
            if (tasks.fallAsleep()) {
                wakeups.acquire();
                wakeups.drainPermits();
            }
            tasks.awake();
            tasks.run();
        }
        for (CompletableFuture<Void> producer : producers) {
            producer.get();
        }
        assertThat(next).containsOnly(TASKS);
    }

    private void produce(int producer, int[] next, int[] left, Semaphore wakeups) {
        for (int i = 0; i < TASKS; i++) {
            int number = i;
            tasks.offer(
                    () -> {
                        assertThat(next[producer]++).isEqualTo(number);
                        left[0]--;
                    },
                    1);
            if (tasks.sleeps()) {
                wakeups.release();
            }
        }
    }
}
