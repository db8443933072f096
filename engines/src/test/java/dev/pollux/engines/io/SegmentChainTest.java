package dev.pollux.engines.io;

import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.libc.Memory;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SegmentChainTest {
    private static final int MUCH = 3 * Segment.CAPACITY;

    private final SegmentPool pool = new SegmentPool();
    private final CountedBytes shared = CountedBytes.copyOf(ByteBuffer.allocate(MUCH));
    private @Nullable Segment last;

    @AfterEach
    void giveBack() {
        SegmentChain.clear(pool, last);
        shared.release();
        assertThat(pool.used()).isZero();
        pool.close();
    }

    private void append(ByteBuffer bytes) {
        last = SegmentChain.append(pool, last, bytes, bytes.position(), bytes.remaining());
    }

    private ByteBuffer firstContent() {
        Segment first = SegmentChain.first(last);
        return Memory.buffer(first.start, first.size());
    }

    @Test
    void anEmptyOneHasNoSegment() {
        assertThat(SegmentChain.pieces(null)).isZero();
        assertThat(SegmentChain.append(pool, null, utf8("no"), 0, 0)).isNull();
        assertThat(SegmentChain.drop(pool, null, 0)).isNull();
    }

    @Test
    void whatFollowsFillsTheLastSegmentFirst() {
        append(ByteBuffer.allocate(Segment.CAPACITY - 1));
        append(utf8("ab"));
        assertThat(SegmentChain.pieces(last)).isEqualTo(2);
        last = SegmentChain.drop(pool, last, Segment.CAPACITY);
        assertThat(SegmentChain.pieces(last)).isEqualTo(1);
        assertThat(firstContent()).isEqualTo(utf8("b"));
    }

    @Test
    void droppingAPartOfTheFirstLeavesTheRest() {
        append(utf8("hello"));
        last = SegmentChain.append(pool, last, shared, 0, MUCH, false);
        last = SegmentChain.drop(pool, last, 2);
        assertThat(firstContent()).isEqualTo(utf8("llo"));
        last = SegmentChain.drop(pool, last, 3 + 1);
        assertThat(SegmentChain.pieces(last)).isEqualTo(1);
        assertThat(SegmentChain.first(last).size()).isEqualTo(MUCH - 1);
        last = SegmentChain.drop(pool, last, MUCH - 1);
        assertThat(last).isNull();
    }

    @Test
    void piecesAreCountedWhateverHasLeft() {
        for (int i = 0; i < 10; i++) {
            last = SegmentChain.append(pool, last, shared, i, 512, false);
            assertThat(SegmentChain.pieces(last)).isEqualTo(i < 3 ? i + 1 : 4);
            if (i >= 3) {
                last = SegmentChain.drop(pool, last, 512);
            }
        }
    }

    @Test
    void whatThrowsInTheMiddleHasAppendedNothing() {
        ByteBuffer bytes = ByteBuffer.allocate(MUCH);
        assertThatThrownBy(() -> SegmentChain.append(pool, null, bytes, 1, MUCH))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(pool.used()).isZero();
        append(utf8("before"));
        long before = pool.used();
        assertThatThrownBy(() -> SegmentChain.append(pool, last, bytes, 1, MUCH))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(pool.used()).isEqualTo(before);
        assertThat(SegmentChain.pieces(last)).isEqualTo(1);
        assertThat(firstContent()).isEqualTo(utf8("before"));
    }

    @Test
    void whatHasNoMemoryForItsReferenceHasAppendedNothing() {
        append(utf8("before"));
        Segments full = new WithoutReferences(pool);
        assertThatThrownBy(() -> SegmentChain.append(full, last, shared, 0, MUCH, true))
                .isInstanceOf(OutOfMemoryError.class);
        assertThat(SegmentChain.pieces(last)).isEqualTo(1);
        assertThat(firstContent()).isEqualTo(utf8("before"));
    }

    private record WithoutReferences(SegmentPool pool) implements Segments {
        @Override
        public Segment take() {
            return pool.take();
        }

        @Override
        public Segment refer(CountedBytes bytes, int from, int size) {
            throw new OutOfMemoryError("for a test");
        }

        @Override
        public void give(Segment segment) {
            pool.give(segment);
        }
    }
}
