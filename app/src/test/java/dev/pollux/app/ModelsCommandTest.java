package dev.pollux.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.models.IoModel;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class ModelsCommandTest {
    @Test
    void everyModelIsListedWithWhetherItWorksHere() {
        var out = new StringWriter();
        var err = new StringWriter();
        assertThat(Main.execute(new PrintWriter(out), new PrintWriter(err), "models")).isZero();
        var lines = out.toString().lines().toList();
        var head = lines.getFirst();
        assertThat(head).matches("MODEL +FAMILY +MECHANISM +THREADS +HERE");
        assertThat(lines).hasSize(IoModel.values().length + 4);
        for (var model : IoModel.values()) {
            var line = lines.get(1 + Arrays.asList(IoModel.values()).indexOf(model));
            assertThat(line).startsWith(model.label() + " ");
            assertThat(at(head, "FAMILY", line)).startsWith(model.family() + " ");
            assertThat(at(head, "MECHANISM", line)).startsWith(model.mechanism() + " ");
            assertThat(at(head, "THREADS", line)).startsWith(model.threads() + " ");
            assertThat(at(head, "HERE", line))
                    .isEqualTo(model.whyNot().map(why -> "no: " + why).orElse("yes"));
        }
        assertThat(lines.subList(IoModel.values().length + 2, lines.size()))
                .satisfiesExactly(
                        auto ->
                                assertThat(auto)
                                        .isEqualTo("auto is " + IoModel.choose().model().label()),
                        honest -> assertThat(honest).contains("nio2", "on Linux", "epoll"));
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void theProbeTellsWhatTheKernelCanOfWhatAModelNeeds() {
        var out = new StringWriter();
        var err = new PrintWriter(new StringWriter());
        assertThat(Main.execute(new PrintWriter(out), err, "models", "--probe")).isZero();
        var lines = out.toString().lines().toList();
        var plain = IoModel.values().length + 4;
        assertThat(lines.get(plain)).isEmpty();
        assertThat(lines.get(plain + 1)).isEqualTo("io_uring");
        assertThat(lines.subList(plain + 2, lines.size()))
                .isEqualTo(IoModel.IO_URING.findings().stream().map("  "::concat).toList())
                .hasSizeGreaterThan(1);
    }

    /// What stands under a heading, to the end of the line.
    private static String at(String head, String heading, String line) {
        return line.substring(head.indexOf(heading));
    }
}
