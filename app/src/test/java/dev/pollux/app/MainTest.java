package dev.pollux.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int pollux(String... args) {
        return Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    @Test
    void versionNamesTheProjectTheJavaAndTheSystem() {
        assertThat(pollux("version")).isZero();
        assertThat(out.toString())
                .matches("pollux \\d+\\.\\d+\\.\\d+(-SNAPSHOT)? \\(Java .+, .+ .+ .+\\)\\R");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void theVersionOptionSaysTheSame() {
        pollux("version");
        var said = out.toString();
        out.getBuffer().setLength(0);
        assertThat(pollux("--version")).isZero();
        assertThat(out.toString()).isEqualTo(said);
    }

    @Test
    void helpListsTheCommands() {
        assertThat(pollux("--help")).isZero();
        assertThat(out.toString()).contains("Usage: pollux").contains("version");
    }

    @Test
    void noCommandIsAUsageErrorThatShowsTheUsage() {
        assertThat(pollux()).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).startsWith("pollux: which command?").contains("Usage: pollux");
    }

    @Test
    void anUnknownCommandIsOneClearLineAndAHint() {
        assertThat(pollux("srve")).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines())
                .containsExactly(
                        "pollux: Unmatched argument at index 0: 'srve'", "Try: ./pollux --help");
    }

    @Test
    void anUnknownOptionOfACommandPointsAtThatCommandsHelp() {
        assertThat(pollux("version", "--colour")).isEqualTo(2);
        assertThat(err.toString()).contains("--colour").contains("Try: ./pollux version --help");
    }
}
