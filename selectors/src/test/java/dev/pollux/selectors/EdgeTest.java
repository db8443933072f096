package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Edge-triggered interest, on the mechanisms that have it.
@ParameterizedClass
@EnumSource(
        value = Bench.class,
        names = {"EPOLL", "KQUEUE"})
@ExtendWith(LeakCheck.class)
@Timeout(60)
class EdgeTest {
    private static final Duration NOW = Duration.ZERO;

    @Parameter Bench bench;

    private Selector<String> selector;
    private End near;
    private End far;

    @BeforeEach
    void open() {
        selector = bench.open();
        End[] pair = bench.pair();
        near = pair[0];
        far = pair[1];
    }

    @AfterEach
    void close() {
        selector.close();
        near.close();
        far.close();
    }

    private void assertReported(int events) throws Exception {
        assertThat(selector.select(NOW)).extracting(Ready::events).containsExactly(events);
    }

    private void assertNothing() throws Exception {
        assertThat(selector.select(NOW)).isEmpty();
    }

    @Test
    void anEdgeIsReportedOnce() throws Exception {
        selector.register(near.fileobj(), Interest.edge(Selector.READ), null);
        far.send("一");
        assertReported(Selector.READ);
        assertNothing();

        far.send("二");
        assertReported(Selector.READ);
        assertNothing();
        assertThat(near.receive()).isEqualTo("一二");
    }

    @Test
    void anEdgeCanBecomeALevel() throws Exception {
        selector.register(near.fileobj(), Interest.edge(Selector.READ), null);
        far.send("x");
        assertReported(Selector.READ);
        assertNothing();

        selector.modify(near.fileobj(), Selector.READ);
        assertReported(Selector.READ);
        assertReported(Selector.READ);
    }
}
