package dev.pollux.engines.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.libc.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class UptakeTest {
    private final Uptake uptake = new Uptake();

    @Test
    void whatFallsIsTaken() {
        uptake.isSeen(100);
        assertThat(uptake.isSeen(100)).isFalse();
        assertThat(uptake.isSeen(99)).isTrue();
        assertThat(uptake.isSeen(99)).isFalse();
    }

    @Test
    void whatGrowsWasSent() {
        uptake.isSeen(100);
        assertThat(uptake.isSeen(200)).isFalse();
        assertThat(uptake.isSeen(150)).as("less than at the last look").isTrue();
    }

    @Test
    void theFirstLookKnowsNothingAndIsInFavourOfThePeer() {
        assertThat(uptake.isSeen(100)).isTrue();
        uptake.forget();
        assertThat(uptake.isSeen(100)).isTrue();
    }

    @Test
    void whereNobodyKnowsNothingIsSeen() {
        assertThat(uptake.isSeen(-Errno.EOPNOTSUPP)).isFalse();
        assertThat(uptake.isSeen(-Errno.EOPNOTSUPP)).isFalse();
    }
}
