package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Both kinds of waker; Linux itself would only ever use the eventfd.
@ExtendWith(LeakCheck.class)
@Timeout(60)
class WakerTest {
    private static void assertWakes(Waker waker) throws Exception {
        try (Selector<String> selector = Mechanism.POLL.open()) {
            selector.register(waker.fd(), Selector.READ);
            for (int signals : new int[] {1, 3, 64, 100}) {
                for (int i = 0; i < signals; i++) {
                    assertThat(waker.signal()).isZero();
                }
                assertThat(selector.select()).hasSize(1);
                waker.drain();
                assertThat(selector.select(Duration.ZERO)).as("drained").isEmpty();
            }
            assertThat(waker.writes()).isEqualTo(168);
            assertThat(waker.reads()).isGreaterThanOrEqualTo(4);
        }
        waker.close();
    }

    @Test
    void anEventfdWakes() throws Exception {
        Waker waker = Waker.overEventfd();
        assertThat(waker.isEventfd()).isTrue();
        assertWakes(waker);
    }

    @Test
    void aPipeWakes() throws Exception {
        Waker waker = Waker.overPipe();
        assertThat(waker.isEventfd()).isFalse();
        assertWakes(waker);
    }

    @Test
    void aFullPipeIsAWokenOne() throws Exception {
        Waker waker = Waker.overPipe();
        for (int i = 0; i < 100_000; i++) {
            assertThat(waker.signal()).isZero();
        }
        waker.drain();
        assertThat(waker.signal()).isZero();
        waker.close();
    }
}
