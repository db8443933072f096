package dev.pollux.engines.io;

import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.libc.Memory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SegmentPoolTest {
    private final SegmentPool pool = new SegmentPool();

    @AfterEach
    void giveBack() {
        pool.close();
    }

    @Test
    void whatIsGivenBackIsTakenAgainEmpty() {
        Segment segment = pool.take();
        assertThat(segment.size()).isZero();
        assertThat(segment.room()).isEqualTo(Segment.CAPACITY);
        segment.end += 100;
        segment.start += 10;
        assertThat(segment.size()).isEqualTo(90);
        assertThat(segment.room()).isEqualTo(Segment.CAPACITY - 100);
        pool.give(segment);
        Segment again = pool.take();
        assertThat(again).isSameAs(segment);
        assertThat(again.size()).isZero();
        assertThat(again.next).isNull();
        pool.give(again);
    }

    @Test
    void aReferenceHoldsTheSharedBytesUntilItIsGivenBack() {
        CountedBytes shared = CountedBytes.copyOf(utf8("[共享]"));
        Segment reference = pool.refer(shared, 1, 6);
        shared.release();
        assertThat(reference.size()).isEqualTo(6);
        assertThat(reference.room()).isZero();
        assertThat(Memory.getByte(reference.start)).isEqualTo(utf8("共").get(0));
        pool.give(reference);
        assertThatThrownBy(shared::retain).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void countsTheMemoryThatIsInUse() {
        Segment segment = pool.take();
        assertThat(pool.used()).isEqualTo(Segment.CAPACITY + Segment.OVERHEAD_BYTES);
        CountedBytes foreign = CountedBytes.copyOf(ByteBuffer.allocate(5000));
        Segment one = pool.refer(foreign, 0, 5000);
        Segment two = pool.refer(foreign, 4000, 1000); // Ten bytes of it keep as much as all.
        foreign.release();
        pool.give(segment);
        assertThat(pool.used()).isEqualTo(2 * (5000 + Segment.OVERHEAD_BYTES));
        pool.give(one);
        pool.give(two);
        assertThat(pool.used()).isZero();
    }

    @Test
    void countsOnceWhatManyReferTo() {
        CountedBytes shared = CountedBytes.countedOnce(ByteBuffer.allocate(5000));
        pool.count(shared);
        Segment one = pool.refer(shared, 0, 5000);
        Segment two = pool.refer(shared, 100, 4900);
        assertThat(pool.used()).isEqualTo(5000 + 3 * Segment.OVERHEAD_BYTES);
        pool.give(one);
        pool.release(shared);
        assertThat(pool.used()).isEqualTo(5000 + 2 * Segment.OVERHEAD_BYTES);
        pool.give(two);
        assertThat(pool.used()).isZero();
    }

    @Test
    void moreThanItKeepsIsFreed() {
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            segments.add(pool.take());
        }
        segments.forEach(pool::give);
        List<Segment> again = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            again.add(pool.take());
        }
        assertThat(again).filteredOn(segments::contains).hasSize(512);
        again.forEach(pool::give);
    }
}
