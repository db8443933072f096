package dev.pollux.engines.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs engines in simulated worlds, see [Simulation]. One run is a seed, and is the same each
/// time: a seed that has found something is replayed alone by `-Dpollux.simulation.seeds=N..N`, and
/// stays as a regression below.
class SimulationTest {
    /// Which seeds are run instead of those of every build, as `FROM..TO`.
    private static final String SEEDS = "pollux.simulation.seeds";

    private static final long SEEDS_OF_A_BUILD = 1000;
    private static final long NANOS_PER_MINUTE = 60_000_000_000L;

    @Test
    void manyWorlds() throws Exception {
        String range = System.getProperty(SEEDS);
        if (range == null) {
            long _ = run(1, SEEDS_OF_A_BUILD);
            return;
        }
        int dots = range.indexOf("..");
        long begin = System.nanoTime();
        long steps =
                run(
                        Long.parseLong(range.substring(0, dots)),
                        Long.parseLong(range.substring(dots + 2)));
        long nanos = Math.max(1, System.nanoTime() - begin);
        long rate = (long) ((double) steps * NANOS_PER_MINUTE / nanos);
        System.out.println(steps + " steps, " + rate + " per minute");
    }

    private static long run(long from, long to) throws IOException, InterruptedException {
        long steps = 0;
        for (long seed = from; seed <= to; seed++) {
            steps += Simulation.run(seed).steps();
        }
        return steps;
    }

    /// What was found, by the seed that has found it.
    @ParameterizedTest
    @ValueSource(longs = {83})
    void loopsTogetherHoldNoMoreThanTheirBudget(long seed) throws Exception {
        Simulation.Outcome _ = Simulation.run(seed);
    }

    @Test
    void aSeedIsTheSameEachTime() throws Exception {
        for (long seed = 1; seed <= 40; seed++) {
            assertThat(Simulation.run(seed)).as("seed %d", seed).isEqualTo(Simulation.run(seed));
        }
    }
}
