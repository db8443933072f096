package dev.pollux.engines.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Memory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class IovecsTest {
    private final SegmentPool pool = new SegmentPool();
    private final Iovecs iovecs = new Iovecs();

    /// Linked, the last to the first; each holds one byte more than the one before, the first 1.
    private final List<Segment> segments = new ArrayList<>();

    @BeforeEach
    void link() {
        for (int i = 0; i < 100; i++) {
            Segment segment = pool.take();
            segment.end += i + 1;
            if (i > 0) {
                segments.getLast().next = segment;
            }
            segments.add(segment);
        }
        segments.getLast().next = segments.getFirst();
    }

    @AfterEach
    void giveBack() {
        iovecs.free();
        segments.forEach(segment -> segment.next = null);
        segments.forEach(pool::give);
        pool.close();
    }

    private long base(int index) {
        return Memory.getLong(iovecs.address() + (long) index * Descriptors.IOVEC_BYTES);
    }

    private long length(int index) {
        return Memory.getLong(
                iovecs.address() + (long) index * Descriptors.IOVEC_BYTES + Long.BYTES);
    }

    @Test
    void gathersAtMostSixtyFour() {
        iovecs.gather(segments.getFirst());
        assertThat(iovecs.count()).isEqualTo(64);
        assertThat(iovecs.bytes()).isEqualTo(64 * 65 / 2);
        assertThat(base(0)).isEqualTo(segments.getFirst().start);
        assertThat(length(0)).isEqualTo(1);
        assertThat(base(63)).isEqualTo(segments.get(63).start);
        assertThat(length(63)).isEqualTo(64);
    }

    @Test
    void beginsWithWhatIsNotYetSent() {
        Segment last = segments.getLast();
        last.start += 10;
        last.next = segments.get(98); // A chain of two.
        iovecs.gather(segments.get(98));
        assertThat(iovecs.count()).isEqualTo(2);
        assertThat(iovecs.bytes()).isEqualTo(99 + 90);
        assertThat(base(1)).isEqualTo(last.start);
        assertThat(length(1)).isEqualTo(90);
    }

    @Test
    void keepsItsMemoryUntilItIsFreed() {
        assertThat(iovecs.address()).isZero();
        iovecs.gather(segments.get(0));
        long address = iovecs.address();
        assertThat(address).isNotZero();
        iovecs.gather(segments.get(50));
        assertThat(iovecs.address()).isEqualTo(address);
        iovecs.free();
        assertThat(iovecs.address()).isZero();
    }
}
