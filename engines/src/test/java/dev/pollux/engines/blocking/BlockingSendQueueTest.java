package dev.pollux.engines.blocking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.Rig;
import dev.pollux.engines.Scripted;
import dev.pollux.engines.io.CountedBytes;
import dev.pollux.engines.io.Segment;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class BlockingSendQueueTest {
    private static final int MUCH = 64 << 20;

    @Test
    void countsMoreThanAnIntHolds() {
        BlockingEngine engine =
                new BlockingEngine(
                        "blocking-threads", Serving.BY_THREAD, Rig.PATIENT, 1, (_, _) -> {});
        var wire = new ScriptedBlockingWire(true);
        var connection = new BlockingConnection(engine, wire, new Scripted());
        var segments = new SharedSegments();
        var queue = new BlockingSendQueue(connection, wire, segments, Rig.PATIENT);
        try (CountedBytes shared = CountedBytes.copyOf(ByteBuffer.allocateDirect(MUCH))) {
            for (int i = 0; i < 40; i++) {
                queue.append(shared);
            }
        }
        assertThat(queue.bytes()).isEqualTo(40L * MUCH);
        assertThat(queue.cost()).isEqualTo(40 * (MUCH + Segment.OVERHEAD_BYTES));
        queue.end();
        assertThat(queue.cost()).isZero();
        assertThat(segments.used()).isZero();
        segments.close();
        engine.close();
    }
}
