package dev.pollux.engines.io;

import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SegmentChainTest {
    private static final int MUCH = 64 << 20;

    private final SegmentPool pool = new SegmentPool();
    private final SegmentChain chain = new SegmentChain(pool);

    @AfterEach
    void giveBack() {
        chain.clear();
        assertThat(pool.used()).isZero();
        pool.close();
    }

    @Test
    void countsMoreThanAnIntHolds() {
        try (CountedBytes shared = CountedBytes.copyOf(ByteBuffer.allocateDirect(MUCH))) {
            for (int i = 0; i < 40; i++) {
                chain.append(shared, false);
            }
        }
        assertThat(chain.bytes()).isEqualTo(40L * MUCH);
        assertThat(chain.cost()).isEqualTo(40 * (MUCH + Segment.OVERHEAD_BYTES));
    }

    @Test
    void whatThrowsInTheMiddleHasAppendedNothing() {
        ByteBuffer bytes = ByteBuffer.allocate(3 * Segment.CAPACITY);
        assertThatThrownBy(() -> chain.append(bytes, 1, bytes.limit()))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(chain.isEmpty()).isTrue();
        chain.append(utf8("before"), 0, 6);
        long before = pool.used();
        assertThatThrownBy(() -> chain.append(bytes, 1, bytes.limit()))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(pool.used()).isEqualTo(before);
        assertThat(chain.bytes()).isEqualTo(6);
        assertThat(chain.first().size()).isEqualTo(6);
        assertThat(chain.first().next).isNull();
        assertThat(chain.cost()).isEqualTo(6 + Segment.OVERHEAD_BYTES);
    }
}
