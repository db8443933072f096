package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// One-shot, which every mechanism has, and a clear error for the triggers it lacks.
@ParameterizedClass
@EnumSource(Bench.class)
@Timeout(60)
class TriggerTest {
    private static final Duration NOW = Duration.ZERO;
    private static final int BOTH = Selector.READ | Selector.WRITE;

    private final Bench bench;

    @RegisterExtension final Scene<Poller, End> scene;
    private final Selector<String> selector;
    private final End near;
    private final End far;

    TriggerTest(Bench bench) {
        this.bench = bench;
        scene = Scene.of(bench);
        selector = scene.selector;
        near = scene.near;
        far = scene.far;
    }

    @Test
    void oneShotIsReportedOnceUntilArmedAgain() throws Exception {
        var interest = Interest.oneShot(Selector.READ);
        var key = near.register(selector, interest, "单");
        far.send("一");
        scene.assertReported(Selector.READ);
        far.send("二");
        scene.assertNothing();
        assertThat(selector.key(near.fileobj())).isSameAs(key);

        assertThat(selector.modify(near.fileobj(), interest, "单")).isEqualTo(key);
        scene.assertReported(Selector.READ);
        scene.assertNothing();
    }

    @Test
    void oneShotOfBothIsSilentAfterEither() throws Exception {
        near.register(selector, Interest.oneShot(BOTH), null);
        scene.assertReported(Selector.WRITE);
        far.send("x");
        scene.assertNothing();

        selector.modify(near.fileobj(), Interest.oneShot(BOTH), null);
        scene.assertReported(BOTH);
        scene.assertNothing();
    }

    @Test
    void oneShotCanBecomeALevelAndBack() throws Exception {
        near.register(selector, Interest.oneShot(Selector.WRITE), null);
        scene.assertReported(Selector.WRITE);
        scene.assertNothing();

        selector.modify(near.fileobj(), Selector.WRITE);
        scene.assertReported(Selector.WRITE);
        scene.assertReported(Selector.WRITE);

        selector.modify(near.fileobj(), Interest.oneShot(Selector.WRITE), null);
        scene.assertReported(Selector.WRITE);
        scene.assertNothing();
    }

    @Test
    void aSilentOneShotCanBeUnregistered() throws Exception {
        End[] other = bench.pair();
        near.register(selector, Interest.oneShot(Selector.WRITE), null);
        other[0].register(selector, Selector.READ);
        scene.assertReported(Selector.WRITE);

        selector.unregister(near.fileobj());
        other[1].send("x");
        scene.assertReported(Selector.READ);

        near.register(selector, Interest.oneShot(Selector.WRITE), null);
        assertThat(selector.select(NOW)).hasSize(2);
        other[0].close();
        other[1].close();
    }

    @Test
    void whatTheMechanismLacksIsRefusedInWords() throws Exception {
        for (Trigger trigger : Trigger.values()) {
            if (has(trigger)) {
                continue;
            }
            var interest = new Interest(Selector.READ, trigger);
            assertThatThrownBy(() -> near.register(selector, interest, null))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining(trigger.name());
            var key = near.register(selector, Selector.READ);
            assertThatThrownBy(() -> selector.modify(near.fileobj(), interest, null))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThat(selector.key(near.fileobj())).isSameAs(key);
            selector.unregister(near.fileobj());
        }
    }

    private boolean has(Trigger trigger) {
        return switch (trigger) {
            case LEVEL, ONE_SHOT -> true;
            case EDGE -> bench == Bench.EPOLL || bench == Bench.KQUEUE;
            case EXCLUSIVE -> bench == Bench.EPOLL;
        };
    }
}
