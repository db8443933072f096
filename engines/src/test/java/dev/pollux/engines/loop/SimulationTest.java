package dev.pollux.engines.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs engines in simulated worlds, see [Simulation]. One run is a seed, and is the same each
/// time: a seed that has found something is replayed alone by `-Dpollux.simulation.seeds=N..N`, and
/// stays as a regression below.
class SimulationTest {
    private static final long SEEDS_OF_A_BUILD = 1000;

    @Test
    void manyWorlds() throws Exception {
        SimulatedSeeds.run(SEEDS_OF_A_BUILD, Simulation::anyKernel);
    }

    /// What was found, by the seed that has found it.
    @ParameterizedTest
    @ValueSource(longs = {83, 12875})
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
