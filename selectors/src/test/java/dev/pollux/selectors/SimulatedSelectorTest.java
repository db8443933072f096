package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs selectors in simulated worlds, see [Simulation]. One run is a seed, and is the same each
/// time: a seed that has found something is replayed alone by `-Dpollux.simulation.seeds=N..N`.
class SimulatedSelectorTest {
    /// Which seeds are run instead of those of every build, as `FROM..TO`.
    private static final String ASKED_FOR = "pollux.simulation.seeds";

    private static final String OF_A_BUILD = "1..1000";
    private static final String TWICE = "40";

    @TempDir Path folder;

    private String run(Class<?> program, String... arguments) throws Exception {
        Path substitutes = Files.createDirectory(folder.resolve("substitutes"));
        Substitution.make(substitutes);
        return ChildJvm.runOver(folder, substitutes, program, arguments);
    }

    /// Signals were lost, and then one of another kind interrupts the look at everything.
    @Test
    void whatIsLevelTriggeredIsFoundThoughTheLookAtItIsInterrupted() throws Exception {
        assertThat(run(LostSignals.class)).contains("found, whichever wait was interrupted");
    }

    @Test
    void manyWorlds() throws Exception {
        String asked = System.getProperty(ASKED_FOR);
        String[] seeds = (asked == null ? OF_A_BUILD : asked).split("\\.\\.");
        String printed = run(SimulatedWorlds.class, seeds[0], seeds[1], TWICE);
        assertThat(printed).contains("per minute");
        if (asked != null) {
            System.out.println(printed);
        }
    }
}
