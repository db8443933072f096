package dev.pollux.engines;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who has the turn, and that no task is forgotten.
@Timeout(60)
final class TurnTest {
    private final Turn turn = new Turn();

    private void serve() {
        while (turn.hasTasks() && turn.tryTake()) {
            turn.runTasks();
            turn.giveBack();
        }
    }

    @Test
    void oneThreadHasItAtATime() throws Exception {
        turn.take();
        assertThat(turn.isMine()).isTrue();
        Background.run(
                        () -> {
                            assertThat(turn.tryTake()).isFalse();
                            assertThat(turn.isMine()).isFalse();
                        })
                .get(50, TimeUnit.SECONDS);
        turn.giveBack();
        assertThat(turn.isMine()).isFalse();
        Background.run(() -> assertThat(turn.tryTake()).isTrue()).get(50, TimeUnit.SECONDS);
    }

    @Test
    void tasksRunInTheirOrder() {
        List<Integer> ran = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int number = i;
            turn.post(() -> ran.add(number));
        }
        serve();
        assertThat(ran).hasSize(200).isSorted();
        assertThat(turn.hasTasks()).isFalse();
    }

    @Test
    void aTaskThatPostsItselfLetsTheInputHaveItsChance() {
        AtomicInteger runs = new AtomicInteger();
        turn.post(
                new Runnable() {
                    @Override
                    public void run() {
                        runs.incrementAndGet();
                        turn.post(this);
                    }
                });
        turn.take();
        turn.runTasks();
        turn.giveBack();
        assertThat(runs.get()).isPositive();
        assertThat(turn.hasTasks()).isTrue();
    }

    /// Each thread posts, and serves when it finds the turn free: whoever found it taken relies on
    /// the one who has it.
    @Test
    void noTaskIsForgottenByWhoFoundTheTurnTaken() throws Exception {
        int threads = 4;
        int tasks = 20_000;
        int[] ran = new int[1]; // Guarded by the turn.
        List<CompletableFuture<Void>> jobs = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            jobs.add(
                    Background.run(() -> {
                        for (int i = 0; i < tasks; i++) {
                            turn.post(() -> ran[0]++);
                            serve();
                        }
                    }));
        }
        for (CompletableFuture<Void> job : jobs) {
            job.get(50, TimeUnit.SECONDS);
        }
        assertThat(turn.hasTasks()).isFalse();
        turn.take();
        assertThat(ran[0]).isEqualTo(threads * tasks);
        turn.giveBack();
    }
}
