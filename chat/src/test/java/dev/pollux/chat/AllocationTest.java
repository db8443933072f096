package dev.pollux.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.pollux.engines.Group;
import dev.pollux.engines.Transport;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is said costs no memory: not whole lines, not split ones, in any script.
@Timeout(60)
final class AllocationTest {
    private static final int ROUNDS = 1_000;
    private static final int BATCHES_MAX = 50;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private long delivered;

    /// Takes what is said, and keeps nothing of it.
    private final class Counter implements Group {
        @Override
        public void join(Transport transport) {}

        @Override
        public void leave(Transport transport) {}

        @Override
        public void broadcast(ByteBuffer bytes, @Nullable Transport except) {
            delivered += bytes.remaining();
            bytes.position(bytes.limit());
        }

        @Override
        public boolean isBehind() {
            return false;
        }

        @Override
        public void whenCaughtUp(Transport speaker, Runnable task) {}

        @Override
        public int size() {
            return 1;
        }
    }

    @Test
    void thousandsOfLinesAllocateNothing() {
        var now = Instant.parse("2026-11-21T00:00:00Z");
        var hub = new Hub(new Counter(), () -> now, ZoneId.of("UTC"));
        var protocol = new ChatProtocol(hub);
        protocol.connected(new FakeTransport(1001));
        var bytes = direct("hello everyone\r\n你好, 大家\nnot yet a li");
        var rest = direct("ne, but now 😀\n");
        long allocated = Long.MAX_VALUE;
        for (int batch = 0; batch < BATCHES_MAX && allocated > 0; batch++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ROUNDS; i++) {
                protocol.received(bytes.rewind());
                protocol.received(rest.rewind());
            }
            allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(allocated).as("bytes, once linked and compiled").isZero();
        assertThat(delivered).isPositive();
    }

    private static ByteBuffer direct(String text) {
        var bytes = text.getBytes(UTF_8);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
