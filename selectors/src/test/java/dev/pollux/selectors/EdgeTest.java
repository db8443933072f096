package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Edge-triggered interest, on the mechanisms that have it.
@ParameterizedClass
@EnumSource(
        value = Bench.class,
        names = {"EPOLL", "KQUEUE"})
@Timeout(60)
class EdgeTest {
    @RegisterExtension final Scene<Poller, End> scene;
    private final Selector<String> selector;
    private final End near;
    private final End far;

    EdgeTest(Bench bench) {
        scene = Scene.of(bench);
        selector = scene.selector;
        near = scene.near;
        far = scene.far;
    }

    @Test
    void anEdgeIsReportedOnce() throws Exception {
        near.register(selector, Interest.edge(Selector.READ), null);
        far.send("一");
        scene.assertReported(Selector.READ);
        scene.assertNothing();

        far.send("二");
        scene.assertReported(Selector.READ);
        scene.assertNothing();
        assertThat(near.receive()).isEqualTo("一二");
    }

    @Test
    void theEdgesOfBothEndsAreAHangup() throws Exception {
        int both = Selector.READ | Selector.WRITE;
        near.register(selector, Interest.edge(both | Selector.HANGUP), null);
        near.finish();
        assertThat(scene.reported()).isEqualTo(Selector.WRITE);
        far.finish();
        assertThat(scene.reported() & Selector.HANGUP).isEqualTo(Selector.HANGUP);
        scene.assertNothing();
    }

    @Test
    void anEdgeCanBecomeALevel() throws Exception {
        near.register(selector, Interest.edge(Selector.READ), null);
        far.send("x");
        scene.assertReported(Selector.READ);
        scene.assertNothing();

        selector.modify(near.fileobj(), Selector.READ);
        scene.assertReported(Selector.READ);
        scene.assertReported(Selector.READ);
    }
}
