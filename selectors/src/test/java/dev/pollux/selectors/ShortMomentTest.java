package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A moment without heap while a selector wakes, closes or collects: what that call wanted is done
/// by the next one.
@ParameterizedClass
@EnumSource(Bench.class)
@Timeout(60)
class ShortMomentTest {
    private static final IntSupplier NO_HEAP =
            () -> {
                throw new OutOfMemoryError("as if");
            };

    private final Bench bench;

    @RegisterExtension final Scene<InjectedPoller, End> scene;
    private final InjectedPoller poller;
    private final Selector<String> selector;
    private final End near;
    private final End far;

    ShortMomentTest(Bench bench) {
        this.bench = bench;
        scene = Scene.injected(bench);
        poller = scene.poller;
        selector = scene.selector;
        near = scene.near;
        far = scene.far;
    }

    @Test
    void aWakeupThatCouldNotBeSentIsSentByTheNext() throws Exception {
        poller.onWake = NO_HEAP;
        assertThatThrownBy(selector::wakeup).isInstanceOf(OutOfMemoryError.class);
        assertThat(poller.wakes).isEqualTo(1);

        poller.onWake = null;
        selector.wakeup();
        assertThat(poller.wakes).isEqualTo(2);
        assertThat(selector.select()).isEmpty();
    }

    @Test
    void aCloseThatCouldNotWakeTheWaiterCanBeRepeated() throws Exception {
        var inside = new CountDownLatch(1);
        poller.waits.add(() -> {
            inside.countDown();
            return poller.awaitReally(-1);
        });
        Waiting<Integer> waiting = Waiting.in(() -> selector.select().size());
        inside.await();

        poller.onWake = NO_HEAP;
        assertThatThrownBy(selector::close).isInstanceOf(OutOfMemoryError.class);
        poller.onWake = null;
        selector.close();

        assertThat(waiting.result()).isZero();
    }

    @Test
    void whatCouldNotBeCollectedIsForTheNextWait() throws Exception {
        assertAllIsCollectedLater(Interest.oneShot(Selector.WRITE));
    }

    @Test
    void whatChangedAndCouldNotBeCollectedIsForTheNextWait() throws Exception {
        if (poller.whyNot(Selector.WRITE, Trigger.EDGE).isEmpty()) {
            assertAllIsCollectedLater(Interest.edge(Selector.WRITE));
        }
    }

    private void assertAllIsCollectedLater(Interest interest) throws Exception {
        End[] third = bench.pair();
        var keys =
                List.of(
                        near.register(selector, interest, "near"),
                        far.register(selector, interest, "far"),
                        third[0].register(selector, interest, "third"));
        int[] told = {0};
        poller.onReady =
                _ -> {
                    if (++told[0] == 2) {
                        throw new OutOfMemoryError("as if");
                    }
                };
        assertThatThrownBy(selector::select).isInstanceOf(OutOfMemoryError.class);

        poller.sleepless = true;
        assertThat(selector.select())
                .extracting(Ready::key)
                .containsExactlyInAnyOrderElementsOf(keys);
        assertThat(selector.statistics().events()).isEqualTo(keys.size());
        scene.assertNothing();
        third[0].close();
        third[1].close();
    }
}
