package dev.pollux.engines.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class UninterruptedTest {
    @Test
    void anInterruptIsKeptForAfterwards() {
        AtomicInteger waits = new AtomicInteger();
        Thread.currentThread().interrupt();
        Uninterrupted.await(() -> {
            if (waits.incrementAndGet() < 3) {
                throw new InterruptedException();
            }
        });
        assertThat(Thread.interrupted()).isTrue();
        assertThat(waits).hasValue(3);
    }

    @Test
    void waitsToTheEndAllTheSame() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(2);
        boolean[] interrupted = new boolean[1];
        Thread waiting =
                Thread.ofPlatform()
                        .start(() -> {
                            Uninterrupted.await(() -> {
                                begun.countDown();
                                over.await();
                            });
                            interrupted[0] = Thread.interrupted();
                        });
        waiting.interrupt();
        assertThat(begun.await(50, TimeUnit.SECONDS)).as("waits again").isTrue();
        assertThat(waiting.isAlive()).isTrue();
        over.countDown();
        waiting.join();
        assertThat(interrupted[0]).isTrue();
    }

    @Test
    void nothingIsMadeUpWhereNobodyInterrupts() {
        Uninterrupted.await(() -> {});
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
}
