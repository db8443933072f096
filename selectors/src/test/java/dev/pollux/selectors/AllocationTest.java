package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Waiting with a consumer allocates nothing: not ready, ready, or woken.
@ParameterizedClass
@EnumSource(
        value = Bench.class,
        names = {"SELECT", "POLL", "EPOLL"})
@ExtendWith(LeakCheck.class)
@Timeout(60)
class AllocationTest {
    private static final int WAITS = 10_000;
    private static final int BATCHES_MAX = 500;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Parameter Bench bench;

    private long seen;
    private final ReadyConsumer<String> consumer = (key, events) -> seen += key.fd() + events;

    private interface Work {
        void run() throws Exception;
    }

    private static void assertAllocatesNothing(Work work) throws Exception {
        long allocated = Long.MAX_VALUE;
        for (int batch = 0; batch < BATCHES_MAX && allocated > 0; batch++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            work.run();
            allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(allocated).as("bytes, once linked and compiled").isZero();
    }

    @Test
    void waitsThatBringSomethingAllocateNothing() throws Exception {
        DescriptorEnd[] pair = DescriptorEnd.socketPair();
        try (Selector<String> selector = bench.open()) {
            selector.onSpin(_ -> {});
            selector.register(pair[0], Selector.READ | Selector.WRITE, "both");
            selector.register(pair[1], Selector.READ, "silent");
            assertAllocatesNothing(() -> busy(selector));
            assertThat(seen).isPositive();
        }
        pair[0].close();
        pair[1].close();
    }

    private void busy(Selector<String> selector) throws Exception {
        for (int i = 0; i < WAITS; i++) {
            selector.select(0, consumer);
            if (i % 10 == 0) {
                selector.wakeup();
                selector.select(1_000, consumer);
            }
        }
    }

    @Test
    void waitsThatBringNothingAllocateNothing() throws Exception {
        try (Selector<String> selector = bench.open()) {
            assertAllocatesNothing(() -> idle(selector));
        }
    }

    private void idle(Selector<String> selector) throws Exception {
        for (int i = 0; i < WAITS; i++) {
            selector.select(0, consumer);
        }
    }
}
