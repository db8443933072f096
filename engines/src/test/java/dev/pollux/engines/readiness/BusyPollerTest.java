package dev.pollux.engines.readiness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.pollux.engines.IdleStrategy;
import dev.pollux.selectors.Selector;
import dev.pollux.selectors.Trigger;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every round reports everything; no descriptor is ever asked about, so any number will do.
@Timeout(60)
final class BusyPollerTest {
    private static final int MANY = 100;

    private final BusyPoller poller = new BusyPoller(IdleStrategy.SPIN);

    @Test
    void everyRoundReportsAllForAllTheyAreWatchedFor() {
        for (int fd = 0; fd < MANY; fd++) {
            assertThat(poller.add(fd, fd % 2 + 1, Trigger.LEVEL, fd + 1_000)).isZero();
        }
        for (int round = 0; round < 3; round++) {
            assertThat(poller.await(0)).isEqualTo(MANY);
            for (int i = 0; i < MANY; i++) {
                int fd = poller.readyFd(i);
                assertThat(poller.readyEvents(i)).isEqualTo(fd % 2 + 1);
                assertThat(poller.readyGeneration(i)).isEqualTo(fd + 1_000);
            }
        }
    }

    @Test
    void aChangeCountsFromTheNextRound() {
        poller.add(5, Selector.READ, Trigger.LEVEL, 1);
        poller.add(6, Selector.READ, Trigger.LEVEL, 2);
        poller.addMaybeFile(7, Selector.READ, Trigger.LEVEL, 3);
        assertThat(poller.await(0)).isEqualTo(3);
        poller.remove(5);
        poller.modify(7, Selector.WRITE, Trigger.LEVEL, 4);
        assertThat(poller.readyFd(0)).as("the round that is being reported").isEqualTo(5);
        assertThat(poller.await(0)).isEqualTo(2);
        assertThat(poller.readyFd(0)).isEqualTo(7);
        assertThat(poller.readyEvents(0)).isEqualTo(Selector.WRITE);
        assertThat(poller.readyGeneration(0)).isEqualTo(4);
        assertThat(poller.readyFd(1)).isEqualTo(6);
        assertThatIllegalStateException().isThrownBy(() -> poller.remove(5));
    }

    @Test
    void aWakeupIsOneMoreEventUntilItIsNoted() {
        poller.add(5, Selector.READ, Trigger.LEVEL, 1);
        poller.wake();
        assertThat(poller.await(-1)).isEqualTo(2);
        assertThat(poller.readyFd(1)).isEqualTo(poller.wakeFd());
        assertThat(poller.readyEvents(1)).isEqualTo(Selector.READ);
        assertThat(poller.await(-1)).isEqualTo(2);
        poller.drainWake();
        assertThat(poller.await(-1)).isEqualTo(1);
    }

    /// A selector takes anything but "readable" for a waker that somebody has closed.
    @Test
    void aWakeupEndsAWaitInWhichNothingElseHappens() throws Exception {
        try (Selector<String> selector = Selector.over(new BusyPoller(IdleStrategy.PARK))) {
            selector.wakeup();
            assertThat(selector.select()).isEmpty();
        }
    }

    @Test
    void nothingIsWatchedAndTheTimeIsKept() throws Exception {
        try (Selector<String> selector = Selector.over(new BusyPoller(IdleStrategy.PARK))) {
            long begin = System.nanoTime();
            assertThat(selector.select(Duration.ofMillis(30))).isEmpty();
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(30_000_000);
            assertThat(selector.name()).isEqualTo("nonblocking");
        }
    }

    @Test
    void anEdgeHasNoMeaning() {
        assertThat(poller.whyNot(Selector.READ, Trigger.LEVEL)).isEmpty();
        assertThat(poller.whyNot(Selector.READ, Trigger.EDGE)).get().asString().contains("EDGE");
        assertThat(poller.systemCalls()).isEmpty();
        assertThat(poller.watchesDescriptors()).isFalse();
        poller.close();
    }
}
