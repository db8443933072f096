package dev.pollux.engines.io;

import static dev.pollux.engines.Texts.pattern;
import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.engines.Background;
import dev.pollux.engines.Texts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class CountedBytesTest {
    private static void assertFreed(CountedBytes shared) {
        assertThatThrownBy(shared::release).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(shared::retain).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(shared::view).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(shared::release).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void copiesAndConsumesWhatItIsMadeFrom() {
        for (ByteBuffer bytes :
                List.of(utf8("[你好]"), direct("[你好]"), direct("[你好]").asReadOnlyBuffer())) {
            bytes.position(1).limit(7);
            try (CountedBytes shared = CountedBytes.copyOf(bytes)) {
                assertThat(bytes.hasRemaining()).isFalse();
                assertThat(shared.size()).isEqualTo(6);
                assertThat(Texts.text(shared.view())).isEqualTo("你好");
            }
        }
    }

    private static ByteBuffer direct(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    @Test
    void whatItWasMadeFromMayChange() {
        ByteBuffer bytes = utf8("old");
        try (CountedBytes shared = CountedBytes.copyOf(bytes)) {
            bytes.put(0, (byte) 'X');
            assertThat(Texts.text(shared.view())).isEqualTo("old");
        }
    }

    @Test
    void aViewCannotChangeIt() {
        try (CountedBytes shared = CountedBytes.copyOf(utf8("x"))) {
            assertThat(shared.view().isReadOnly()).isTrue();
            shared.view().get();
            assertThat(shared.view().remaining()).as("each view is its own").isOne();
        }
    }

    @Test
    void theLastReleaseFreesIt() {
        CountedBytes shared = CountedBytes.copyOf(ByteBuffer.wrap(pattern(100_000)));
        assertThat(shared.retain()).isSameAs(shared);
        shared.retain().release();
        shared.release();
        assertThat(shared.view().remaining()).isEqualTo(100_000);
        shared.release();
        assertFreed(shared);
    }

    @Test
    void nothingIsSharedToo() {
        CountedBytes nothing = CountedBytes.copyOf(ByteBuffer.allocate(0));
        assertThat(nothing.size()).isZero();
        assertThat(nothing.view().hasRemaining()).isFalse();
        nothing.close();
        assertFreed(nothing);
    }

    @Test
    void itsOnlyOwnerMayFillItAgain() {
        CountedBytes shared = CountedBytes.copyOf(utf8("第一行"));
        try (CountedBytes other = CountedBytes.copyOf(utf8("第二"));
                CountedBytes longer = CountedBytes.copyOf(utf8("第三行！"))) {
            shared.retain();
            assertThat(shared.refill(other.address(), other.size())).as("two owners").isFalse();
            shared.release();
            assertThat(shared.refill(longer.address(), longer.size())).as("no room").isFalse();
            assertThat(Texts.text(shared.view())).isEqualTo("第一行");
            assertThat(shared.refill(other.address(), other.size())).isTrue();
            assertThat(Texts.text(shared.view())).isEqualTo("第二");
            assertThat(shared.size()).isEqualTo(6);
            shared.release();
            assertThat(shared.refill(other.address(), other.size())).as("freed").isFalse();
        }
    }

    @Test
    void countsFromManyThreads() throws Exception {
        CountedBytes shared = CountedBytes.copyOf(utf8("共享"));
        List<CompletableFuture<Void>> jobs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            jobs.add(
                    Background.run(() -> {
                        for (int round = 0; round < 50_000; round++) {
                            shared.retain();
                            shared.release();
                        }
                    }));
        }
        for (CompletableFuture<Void> job : jobs) {
            job.get();
        }
        assertThat(shared.view().remaining()).isEqualTo(6);
        shared.release();
        assertFreed(shared);
    }
}
