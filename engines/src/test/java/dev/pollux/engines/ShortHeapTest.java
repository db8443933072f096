package dev.pollux.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.models.IoModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A protocol that takes the whole heap, and holds it until it is told of its end.
@Timeout(120)
final class ShortHeapTest {
    @Test
    void aProtocolThatTakesTheWholeHeapLosesItsOwnConnectionOnly(@TempDir Path folder)
            throws Exception {
        List<String> models =
                Flavor.alone()
                        .filter(flavor -> flavor.servesAtOnce() > 1)
                        // The JDK's channels take memory for each operation: without any it ends.
                        .filter(flavor -> flavor.model() != IoModel.NIO2)
                        .map(flavor -> flavor.model().label())
                        .toList();
        List<String> options = List.of("-Xmx32m", "-XX:+UseSerialGC");
        assertThat(ChildJvm.run(folder, ShortHeapProgram.class, options, models))
                .containsExactlyElementsOf(
                        models.stream().map(model -> "survived " + model).toList());
    }
}
