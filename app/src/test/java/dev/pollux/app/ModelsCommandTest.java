package dev.pollux.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.IoModel;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class ModelsCommandTest {
    @Test
    void everyModelIsListedWithWhetherItWorksHere() {
        var out = new StringWriter();
        var err = new StringWriter();
        assertThat(Main.execute(new PrintWriter(out), new PrintWriter(err), "models")).isZero();
        var lines = out.toString().lines().toList();
        assertThat(lines.getFirst()).matches("model +family +mechanism +threads +here");
        assertThat(lines).hasSize(1 + IoModel.values().length);
        for (var model : IoModel.values()) {
            var here = model.whyNot().map(why -> "no: " + why).orElse("yes");
            assertThat(lines)
                    .anyMatch(line ->
                            line.startsWith(model.label() + " ")
                                    && line.contains(" " + model.family() + " ")
                                    && line.endsWith(" " + here));
        }
        assertThat(err.toString()).isEmpty();
    }
}
