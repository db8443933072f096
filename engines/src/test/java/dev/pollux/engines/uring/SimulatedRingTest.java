package dev.pollux.engines.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.engines.loop.SimulatedSeeds;
import dev.pollux.engines.loop.Simulation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Runs the `io_uring` model in simulated worlds, see [Simulation]. Its rings have to be had, but
/// are never entered.
class SimulatedRingTest {
    private static final long SEEDS_OF_A_BUILD = 500;

    @BeforeEach
    void ringsCanBeHad() {
        assumeTrue(UringNeeds.whyNot().isEmpty());
    }

    @Test
    void manyWorlds() throws Exception {
        SimulatedSeeds.run(SEEDS_OF_A_BUILD, SimulatedRings::new);
    }

    @Test
    void aSeedIsTheSameEachTime() throws Exception {
        for (long seed = 1; seed <= 20; seed++) {
            Simulation.Outcome first = Simulation.run(seed, SimulatedRings::new);
            assertThat(Simulation.run(seed, SimulatedRings::new)).isEqualTo(first);
        }
    }
}
