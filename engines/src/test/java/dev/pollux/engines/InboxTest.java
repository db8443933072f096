package dev.pollux.engines;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class InboxTest {
    private static final int PRODUCERS = 4;
    private static final int TASKS = 50_000;

    private final List<Throwable> thrown = new ArrayList<>();
    private final Inbox inbox = new Inbox(4 << 20, thrown::add, Clock.SYSTEM);
    private final List<String> ran = new ArrayList<>();

    @Test
    void runsInOrderWhatWasOfferedUntilThen() {
        inbox.run();
        inbox.offer(() -> ran.add("a"), 0);
        inbox.offer(
                () -> {
                    ran.add("b");
                    inbox.offer(() -> ran.add("d"), 0);
                },
                0);
        inbox.offer(() -> ran.add("c"), 0);
        inbox.run();
        assertThat(ran).containsExactly("a", "b", "c");
        inbox.run();
        assertThat(ran).containsExactly("a", "b", "c", "d");
    }

    @Test
    void aClosedInboxRunsWhatItHasAndTakesNoMore() {
        assertThat(inbox.offer(() -> ran.add("kept"), 0)).isTrue();
        inbox.close();
        assertThat(ran).containsExactly("kept");
        assertThat(inbox.offer(() -> ran.add("refused"), 0)).isFalse();
        inbox.run();
        assertThat(ran).containsExactly("kept");
    }

    @Test
    void whatATaskThrowsIsToldAndTheOthersRunAllTheSame() {
        OutOfMemoryError failure = new OutOfMemoryError("no memory");
        inbox.offer(
                () -> {
                    throw failure;
                },
                0);
        inbox.offer(() -> ran.add("next"), 0);
        inbox.close();
        assertThat(ran).containsExactly("next");
        assertThat(thrown).containsExactly(failure);
    }

    @Test
    void isCongestedByTheBytesThatItsTasksCarry() {
        inbox.offer(() -> {}, (1 << 20) - 2 * Inbox.TASK_BYTES);
        inbox.offer(() -> {}, 0);
        assertThat(inbox.isCongested()).isFalse();
        inbox.offer(() -> {}, 0); // A task costs something itself.
        assertThat(inbox.isCongested()).isTrue();
        inbox.run();
        assertThat(inbox.isCongested()).isFalse();
    }

    @Test
    void aThreadWaitsUntilACongestedLoopHasCaughtUp() throws Exception {
        inbox.awaitCaughtUp(Long.MAX_VALUE); // There is nothing to wait for.
        inbox.offer(() -> {}, 1 << 20);
        inbox.awaitCaughtUp(1);
        Thread waiting = new Thread(() -> inbox.awaitCaughtUp(Long.MAX_VALUE));
        waiting.start();
        Rig.eventually("it waits", () -> waiting.getState() == Thread.State.TIMED_WAITING);
        inbox.run();
        waiting.join();
    }

    @Test
    void aThreadThatIsInterruptedWaitsNoLonger() {
        inbox.offer(() -> {}, 1 << 20);
        Thread.currentThread().interrupt();
        inbox.awaitCaughtUp(Long.MAX_VALUE);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void nobodyWaitsForALoopThatHasEnded() {
        inbox.close();
        assertThat(inbox.offer(() -> {}, 1 << 20)).isFalse();
        inbox.awaitCaughtUp(Long.MAX_VALUE);
    }

    @Test
    void whoFallsAsleepIsToldOfWhatWasOfferedBefore() {
        assertThat(inbox.sleeps()).isFalse();
        assertThat(inbox.fallAsleep()).isTrue();
        assertThat(inbox.sleeps()).isTrue();
        inbox.awake();
        assertThat(inbox.sleeps()).isFalse();
        inbox.offer(() -> {}, 0);
        assertThat(inbox.fallAsleep()).isFalse();
        assertThat(inbox.sleeps()).isFalse();
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
            if (inbox.fallAsleep()) {
                wakeups.acquire();
                wakeups.drainPermits();
            }
            inbox.awake();
            inbox.run();
        }
        for (CompletableFuture<Void> producer : producers) {
            producer.get();
        }
        assertThat(next).containsOnly(TASKS);
    }

    private void produce(int producer, int[] next, int[] left, Semaphore wakeups) {
        for (int i = 0; i < TASKS; i++) {
            int number = i;
            inbox.offer(
                    () -> {
                        assertThat(next[producer]++).isEqualTo(number);
                        left[0]--;
                    },
                    1);
            if (inbox.sleeps()) {
                wakeups.release();
            }
        }
    }
}
