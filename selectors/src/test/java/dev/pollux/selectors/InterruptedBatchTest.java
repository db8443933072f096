package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A consumer throws while a wakeup is in the same batch, before it or behind it.
@ParameterizedClass
@EnumSource(Bench.class)
@Timeout(60)
class InterruptedBatchTest {
    @RegisterExtension final Scene<InjectedPoller, End> scene;
    private final InjectedPoller poller;
    private final Selector<String> selector;
    private final End near;
    private final End far;

    InterruptedBatchTest(Bench bench) {
        scene = Scene.injected(bench);
        poller = scene.poller;
        selector = scene.selector;
        near = scene.near;
        far = scene.far;
    }

    /// The consumer takes what has come, and throws; a wakeup is in the same batch.
    private void interruptABatch() throws Exception {
        near.register(selector, Selector.READ);
        far.send("x");
        selector.wakeup();
        assertThatThrownBy(() -> selector.select(Selector.FOREVER, (_, _) -> receiveAndThrow()))
                .isInstanceOf(UncheckedTestException.class);
        poller.sleepless = true;
    }

    private void receiveAndThrow() {
        near.receive();
        throw new UncheckedTestException();
    }

    private static final class UncheckedTestException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @Test
    void aWakeupBeforeItEndsTheNextWaitAndNoOther() throws Exception {
        interruptABatch();
        assertThat(selector.select()).isEmpty();

        poller.sleepless = false;
        long start = System.nanoTime();
        assertThat(selector.select(Duration.ofMillis(20))).isEmpty();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
    }

    @Test
    void aWakeupAfterItEndsTheNextWait() throws Exception {
        interruptABatch();
        selector.wakeup();
        assertThat(selector.select()).isEmpty();
    }

    /// Whoever closes sees a signal under way, and so sends none.
    @Test
    void closingWhileTheRestIsTakenEndsTheWait() throws Exception {
        interruptABatch();
        poller.onDrain =
                () -> {
                    poller.onDrain = () -> {};
                    close();
                };
        assertThat(selector.select()).isEmpty();
    }

    private void close() {
        try {
            Waiting.in(
                            () -> {
                                selector.close();
                                return true;
                            })
                    .result();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void noWakeupIsLostThoughConsumersThrow() throws Exception {
        int rounds = 5_000;
        var done = new Semaphore(0);
        near.register(selector, Selector.READ);
        Waiting<Integer> waiting =
                Waiting.in(() -> {
                    for (int ended = 0; ended < rounds; ) {
                        try {
                            if (selector.select(Selector.FOREVER, (_, _) -> receiveAndThrow())
                                    == 0) {
                                ended++;
                                done.release();
                            }
                        } catch (UncheckedTestException _) {
                            Thread.onSpinWait(); // The wakeup is still to come.
                        }
                    }
                    return rounds;
                });
        for (int i = 0; i < rounds; i++) {
            far.send("x");
            selector.wakeup();
            done.acquire();
        }
        assertThat(waiting.result()).isEqualTo(rounds);
    }
}
