package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What is to be reported once is armed for something else by one thread, in the moment in which
/// another is told of what it was armed for before.
@ParameterizedClass
@EnumSource(Bench.class)
@Timeout(60)
class RearmingTest {
    private static final int ROUNDS = 4_000;

    @RegisterExtension final Scene<Poller, End> scene;
    private final Selector<String> selector;
    private final End near;
    private final End far;

    RearmingTest(Bench bench) {
        scene = Scene.of(bench);
        selector = scene.selector;
        near = scene.near;
        far = scene.far;
    }

    @Test
    void whatItIsArmedForLastIsReported() throws Exception {
        var writable = new Semaphore(0);
        ReadyConsumer<String> consumer =
                (_, events) -> {
                    if ((events & Selector.WRITE) != 0) {
                        writable.release();
                    }
                };
        Waiting<Integer> waiting =
                Waiting.in(() -> {
                    int waits = 0;
                    while (selector.isOpen()) {
                        selector.select(Selector.FOREVER, consumer);
                        waits++;
                    }
                    return waits;
                });
        for (int round = 0; round < ROUNDS; round++) {
            near.register(selector, Interest.oneShot(Selector.READ), "reads");
            far.send("x");
            for (int spin = round % 400; spin > 0; spin--) {
                Thread.onSpinWait();
            }
            selector.modify(near.fileobj(), Interest.oneShot(Selector.WRITE), "writes");
            assertThat(writable.tryAcquire(10, TimeUnit.SECONDS)).as("round " + round).isTrue();
            selector.unregister(near.fileobj());
            assertThat(near.receive()).isEqualTo("x");
            assertThat(writable.availablePermits()).as("reported once").isZero();
        }
        selector.close();
        assertThat(waiting.result()).isPositive();
    }
}
