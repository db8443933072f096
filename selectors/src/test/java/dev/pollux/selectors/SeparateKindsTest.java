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

/// Hangups, errors and the end of the other side under bits of their own, where the mechanism tells
/// them.
@ParameterizedClass
@EnumSource(
        value = Bench.class,
        names = {"POLL", "EPOLL", "KQUEUE", "DEVPOLL"})
@ExtendWith(LeakCheck.class)
@Timeout(60)
class SeparateKindsTest {
    private static final Duration NOW = Duration.ZERO;
    private static final int BOTH = Selector.READ | Selector.WRITE;

    @Parameter Bench bench;

    private Selector<String> selector;
    private DescriptorEnd near;
    private DescriptorEnd far;

    @BeforeEach
    void open() {
        selector = bench.open();
        DescriptorEnd[] pair = DescriptorEnd.socketPair();
        near = pair[0];
        far = pair[1];
    }

    @AfterEach
    void close() {
        selector.close();
        near.close();
        far.close();
    }

    private int reported() throws Exception {
        int events = 0;
        for (Ready<String> ready : selector.select(NOW)) {
            events |= ready.events();
        }
        return events;
    }

    @Test
    void theEndOfTheOtherSideHasABitOfItsOwn() throws Exception {
        int wanted = Selector.READ | Selector.READ_CLOSED;
        selector.register(near, Interest.level(wanted), null);
        far.send("末");
        assertThat(reported()).isEqualTo(Selector.READ);

        far.finish();
        assertThat(reported()).isEqualTo(wanted);
        assertThat(near.receive()).isEqualTo("末");
        assertThat(reported()).isEqualTo(wanted);
    }

    @Test
    void aHangupHasABitOfItsOwn() throws Exception {
        selector.register(near, Interest.level(BOTH | Selector.HANGUP), null);
        assertThat(reported()).isEqualTo(Selector.WRITE);
        far.close();
        assertThat(reported() & Selector.HANGUP).isEqualTo(Selector.HANGUP);
    }

    @Test
    void anErrorHasABitOfItsOwn() throws Exception {
        DescriptorEnd[] pipe = DescriptorEnd.pipe();
        selector.register(pipe[1], Interest.level(Selector.WRITE | Selector.ERROR), null);
        assertThat(reported()).isEqualTo(Selector.WRITE);
        pipe[0].close();
        assertThat(reported() & Selector.ERROR).isEqualTo(Selector.ERROR);
        pipe[1].close();
    }

    @Test
    void whatTheKernelAlwaysReportsIsNeverHidden() throws Exception {
        if (bench == Bench.KQUEUE) {
            return; // It refuses such an interest.
        }
        selector.register(near, Interest.level(Selector.READ_CLOSED), null);
        assertThat(reported()).isZero();
        far.close();
        assertThat(reported()).isEqualTo(Selector.READ_CLOSED);

        selector.modify(near, Interest.level(Selector.PRIORITY), null);
        assertThat(reported()).isEqualTo(Selector.HANGUP);
    }
}
