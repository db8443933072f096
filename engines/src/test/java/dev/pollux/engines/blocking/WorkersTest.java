package dev.pollux.engines.blocking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.engines.Rig;
import dev.pollux.engines.shared.Uninterrupted;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class WorkersTest {
    /// How many threads the system still gives.
    private final AtomicInteger threads = new AtomicInteger();

    private Workers workers(int most, int given) {
        threads.set(given);
        return new Workers(
                most,
                work -> {
                    if (threads.getAndDecrement() <= 0) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    return new Thread(work);
                });
    }

    /// It refused all further work, though its thread was idle.
    @Test
    void whereTheSystemGivesFewerThreadsWorkWaitsForThoseThereAre() throws Exception {
        Workers workers = workers(50, 1);
        int jobs = 20;
        CountDownLatch hold = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(jobs);
        for (int i = 0; i < jobs; i++) {
            workers.execute(() -> {
                Uninterrupted.await(hold::await);
                done.countDown();
            });
        }
        Rig.eventually("one is at work", () -> workers.waiting() == jobs - 1);
        hold.countDown();
        assertThat(done.await(50, TimeUnit.SECONDS)).isTrue();
        assertThat(workers.waiting()).isZero();
        workers.close();
    }

    @Test
    void withoutAnyThreadTheWorkIsRefused() {
        Workers workers = workers(2, 0);
        assertThatThrownBy(() -> workers.execute(() -> {})).isInstanceOf(OutOfMemoryError.class);
        assertThat(workers.waiting()).isZero();
        workers.close();
    }

    @Test
    void whatIsDismissedIsNotDone() throws Exception {
        Workers workers = workers(1, 1);
        CountDownLatch hold = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        workers.execute(() -> Uninterrupted.await(hold::await));
        workers.execute(done::incrementAndGet);
        Rig.eventually("one waits", () -> workers.waiting() == 1);
        assertThat(workers.dismissWaiting()).hasSize(1);
        hold.countDown();
        workers.close();
        assertThat(done).hasValue(0);
    }
}
