package dev.pollux.descriptors;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Reading, writing, counting and taking allocate nothing once they are compiled.
@Timeout(120)
@ExtendWith(LeakCheck.class)
final class AllocationTest {
    private static final int TIMES = 10_000;
    private static final int BATCHES_MAX = 500;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private interface Work {
        void run() throws Exception;
    }

    private static void assertAllocatesNothing(Work work) throws Exception {
        assertAllocatesAtMost(0, work);
    }

    private static void assertAllocatesAtMost(int bytes, Work work) throws Exception {
        long bound = (long) bytes * TIMES;
        long allocated = Long.MAX_VALUE;
        for (int batch = 0; batch < BATCHES_MAX && allocated > bound; batch++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < TIMES; i++) {
                work.run();
            }
            allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(allocated).as("bytes, once linked and compiled").isLessThanOrEqualTo(bound);
    }

    private static ByteBuffer buffer(boolean direct) {
        return direct ? ByteBuffer.allocateDirect(4096) : ByteBuffer.allocate(4096);
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void aStreamIsReadAndWritten(boolean direct, boolean blocking) throws Exception {
        try (Pair<StreamSocket> pair = StreamSocket.pair()) {
            pair.first().setBlocking(blocking);
            pair.second().setBlocking(blocking);
            ByteBuffer buffer = buffer(direct);
            assertAllocatesNothing(() -> {
                pair.first().write(buffer.clear());
                pair.second().read(buffer.clear());
            });
        }
    }

    /// A segment tells a direct buffer's address; the compiler makes it vanish, or does not where
    /// several come in a loop, from run to run.
    @Test
    void severalBuffersTakeNoMoreThanWhatNamesThem() throws Exception {
        int segment = 40;
        try (Pair<StreamSocket> pair = StreamSocket.pair()) {
            ByteBuffer[] parts = {buffer(true), buffer(false), buffer(true)};
            assertAllocatesAtMost(
                    4 * segment,
                    () -> {
                        clear(parts);
                        pair.first().write(parts, 0, parts.length);
                        clear(parts);
                        pair.second().read(parts, 0, parts.length);
                    });
        }
    }

    private static void clear(ByteBuffer[] parts) {
        for (ByteBuffer each : parts) {
            each.clear();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDatagramIsReadAndWritten(boolean direct) throws Exception {
        try (Pair<DatagramSocket> pair = DatagramSocket.pair()) {
            ByteBuffer buffer = buffer(direct);
            assertAllocatesNothing(() -> {
                pair.first().write(buffer.clear());
                pair.second().read(buffer.clear());
            });
        }
    }

    @Test
    void counterAndTimerAreAskedAndSet() throws Exception {
        Duration hour = Duration.ofHours(1);
        try (EventFd counter = EventFd.open();
                TimerFd timer = TimerFd.open()) {
            assertAllocatesNothing(() -> {
                counter.add(2);
                counter.take();
                counter.take();
                timer.start(hour);
                timer.take();
            });
        }
    }
}
