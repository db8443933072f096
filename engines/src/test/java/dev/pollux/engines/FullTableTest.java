package dev.pollux.engines;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A process that runs out of descriptors: its newcomers are turned away or wait, nobody else
/// notices, and nothing spins.
@Timeout(120)
final class FullTableTest {
    @Test
    void everyModelSurvivesAFullDescriptorTable(@TempDir Path folder) throws Exception {
        List<String> models =
                Flavor.alone()
                        .filter(flavor -> flavor.servesAtOnce() > 1)
                        .map(flavor -> flavor.model().label())
                        .toList();
        assertThat(ChildJvm.run(folder, FullTableProgram.class, List.of(), models))
                .containsExactlyElementsOf(
                        models.stream().map(model -> "survived " + model).toList());
    }
}
