package dev.pollux.engines.blocking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.Background;
import dev.pollux.engines.shared.Troubles;
import dev.pollux.engines.shared.Uninterrupted;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who has the turn, and that no task is forgotten.
@Timeout(60)
final class StrandTest {
    private final Queue<String> troubles = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
    private final Threads threads =
            new Threads(
                    "blocking",
                    Serving.BY_ACCEPTOR,
                    1,
                    new Troubles((line, _) -> troubles.add(line)),
                    Thread::start);

    /// What nobody else has seen to; run by the test.
    private final Queue<Runnable> errands = new ConcurrentLinkedQueue<>();

    private final Strand strand = new Strand(errands::add, thrown::add);

    @AfterEach
    void end() throws InterruptedException {
        threads.close();
        threads.join();
        assertThat(troubles).isEmpty();
    }

    /// Runs a job in a thread of the engine's.
    private CompletableFuture<Void> inThreads(Background.Job job) {
        return Background.run(() -> {
            Cork.enlist(threads);
            job.run();
        });
    }

    private static void await(CompletableFuture<Void> job) throws Exception {
        job.get(50, TimeUnit.SECONDS);
    }

    private void runErrands() {
        for (Runnable errand = errands.poll(); errand != null; errand = errands.poll()) {
            errand.run();
        }
    }

    @Test
    void oneThreadHasItAtATime() throws Exception {
        List<String> done = new ArrayList<>(); // Guarded by the turn.
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch going = new CountDownLatch(1);
        CompletableFuture<Void> first =
                inThreads(() ->
                        strand.run(() -> {
                            taken.countDown();
                            Uninterrupted.await(going::await);
                            done.add("first");
                        }));
        taken.await();
        Thread[] waiting = new Thread[1];
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Void> second =
                inThreads(() -> {
                    waiting[0] = Thread.currentThread();
                    begun.countDown();
                    strand.run(() -> done.add("second"));
                });
        begun.await();
        while (waiting[0].getState() != Thread.State.WAITING) {
            assertThat(second).isNotDone();
            Thread.onSpinWait();
        }
        going.countDown();
        await(first);
        await(second);
        assertThat(done).containsExactly("first", "second");
    }

    @Test
    void tasksRunInTheirOrder() throws Exception {
        List<Integer> ran = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int number = i;
            strand.post(() -> ran.add(number));
        }
        assertThat(ran).isEmpty();
        await(inThreads(this::runErrands));
        assertThat(ran).hasSize(200).isSorted();
    }

    @Test
    void whatATaskThrowsIsToldAndTheTurnIsGivenBack() throws Exception {
        List<String> ran = new ArrayList<>();
        OutOfMemoryError failure = new OutOfMemoryError("no memory");
        strand.post(() -> {
            throw failure;
        });
        strand.post(() -> ran.add("next"));
        await(inThreads(this::runErrands));
        await(inThreads(() -> strand.run(() -> ran.add("another thread"))));
        assertThat(ran).containsExactly("next", "another thread");
        assertThat(thrown).containsExactly(failure);
    }

    @Test
    void whoHasTheTurnRunsWhatItPosted() throws Exception {
        List<String> order = new ArrayList<>();
        await(
                inThreads(() ->
                        strand.run(() -> {
                            strand.post(() -> order.add("task"));
                            strand.inOrder(() -> order.add("change"));
                            order.add("callback");
                        })));
        assertThat(order).containsExactly("change", "callback", "task");
        assertThat(errands).as("nobody else is needed").isEmpty();
    }

    @Test
    void aChangeFromElsewhereTakesEffectBehindTheCallback() throws Exception {
        List<String> order = new ArrayList<>();
        await(
                inThreads(() ->
                        strand.run(() -> {
                            Background.run(() -> strand.inOrder(() -> order.add("change"))).join();
                            order.add("callback");
                        })));
        assertThat(order).containsExactly("callback", "change");
        await(inThreads(this::runErrands));
        assertThat(order).as("once").hasSize(2);
    }

    @Test
    void aTaskThatPostsItselfLetsTheInputHaveItsChance() throws Exception {
        int[] runs = new int[1];
        strand.post(
                new Runnable() {
                    @Override
                    public void run() {
                        runs[0]++;
                        strand.post(this);
                    }
                });
        await(inThreads(() -> errands.remove().run()));
        assertThat(runs[0]).isPositive();
        assertThat(errands).as("goes on later").hasSize(1);
    }

    /// Each thread posts, and the engine's own take turns meanwhile: whoever finds the turn taken
    /// relies on the one who has it.
    @Test
    void noTaskIsForgottenByWhoFoundTheTurnTaken() throws Exception {
        int threads = 4;
        int tasks = 20_000;
        int[] ran = new int[1]; // Guarded by the turn.
        List<CompletableFuture<Void>> jobs = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            jobs.add(
                    inThreads(() -> {
                        for (int i = 0; i < tasks; i++) {
                            strand.post(() -> ran[0]++);
                            runErrands();
                        }
                    }));
        }
        for (CompletableFuture<Void> job : jobs) {
            await(job);
        }
        assertThat(errands).isEmpty();
        int[] seen = new int[1];
        await(inThreads(() -> strand.run(() -> seen[0] = ran[0])));
        assertThat(seen[0]).isEqualTo(threads * tasks);
    }
}
