package dev.pollux.engines.io;

import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.libc.Memory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SegmentTest {
    private final SegmentPool pool = new SegmentPool();
    private final Segment segment = pool.take();

    @AfterEach
    void giveBack() {
        pool.give(segment);
        pool.close();
    }

    private ByteBuffer content() {
        return Memory.buffer(segment.start, segment.size());
    }

    @Test
    void copiesAPartOfABufferAndLeavesItsPosition() {
        ByteBuffer from = utf8("[你好]");
        assertThat(segment.put(from, 1, 3)).isEqualTo(3);
        assertThat(segment.put(from, 4, 3)).isEqualTo(3);
        assertThat(content()).isEqualTo(utf8("你好"));
        assertThat(from).isEqualTo(utf8("[你好]"));
    }

    @Test
    void copiesFromMemoryBehindTheLastByte() {
        CountedBytes shared = CountedBytes.copyOf(utf8("世界"));
        segment.put(utf8("你好"), 0, 6);
        assertThat(segment.put(shared.address(), shared.size())).isEqualTo(6);
        assertThat(content()).isEqualTo(utf8("你好世界"));
        shared.release();
    }

    @Test
    void sharedBytesThatLeaveAtOnceAreReferredTo() {
        assertThat(Segment.copied(null, 1, false)).isZero();
        assertThat(Segment.copied(null, 100_000, false)).isZero();
        assertThat(Segment.copied(segment, 100_000, false)).isZero();
    }

    @Test
    void fewSharedBytesBehindOthersAreCopied() {
        assertThat(Segment.copied(null, 511, true)).isEqualTo(511);
        assertThat(Segment.copied(null, 512, true)).isZero();
        assertThat(Segment.copied(segment, Segment.CAPACITY + 511, false)).isEqualTo(8703);
        segment.end += Segment.CAPACITY;
        assertThat(Segment.copied(segment, 511, false)).isEqualTo(511);
        assertThat(Segment.copied(segment, 512, false)).isZero();
    }

    @Test
    void sharedBytesThatWaitFillWhatRoomThereIs() {
        segment.end += 1000;
        assertThat(Segment.copied(segment, 100_000, true)).isEqualTo(Segment.CAPACITY - 1000);
        segment.end = segment.memory + Segment.CAPACITY;
        assertThat(Segment.copied(segment, 100_000, true)).isZero();
    }

    @Test
    void takesNoMoreThanFits() {
        ByteBuffer much = ByteBuffer.allocate(Segment.CAPACITY + 1);
        assertThat(segment.put(much, 0, Segment.CAPACITY - 2)).isEqualTo(Segment.CAPACITY - 2);
        assertThat(segment.put(utf8("好"), 0, 3)).isEqualTo(2);
        assertThat(segment.room()).isZero();
        CountedBytes shared = CountedBytes.copyOf(much);
        segment.end -= 5;
        assertThat(segment.put(shared.address(), shared.size())).isEqualTo(5);
        assertThat(segment.size()).isEqualTo(Segment.CAPACITY);
        shared.release();
    }
}
