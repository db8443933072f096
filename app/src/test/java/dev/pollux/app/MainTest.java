package dev.pollux.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
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

    /// Its port has a variable of its own, and its folder is this one.
    @Test
    void helpOfTheWebNamesItsVariableAndWhatMayBeLeftOut() {
        assertThat(pollux("web", "--help")).isZero();
        assertThat(out.toString()).contains("POLLUX_WEB_PORT", "[DIR]");
    }

    @Test
    void helpListsTheCommands() {
        assertThat(pollux("--help")).isZero();
        assertThat(out.toString()).contains("Usage: pollux", "version", "example");
        assertThat(pollux("version", "--help")).isZero();
        assertThat(out.toString()).containsOnlyOnce("example");
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
                .containsExactly("pollux: there is no command 'srve'", "Try: ./pollux --help");
    }

    @Test
    void aWordTooManyIsNamed() {
        assertThat(pollux("version", "now")).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "pollux: 'now' is one word too many", "Try: ./pollux version --help");
    }

    @Test
    void whatCannotBePrintedIsAFailure() {
        var full = new PrintWriter(new FullWriter(), true);
        assertThat(Main.execute(full, new PrintWriter(err, true), "models")).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly("pollux: standard output did not take everything");
    }

    /// A disk without room.
    private static final class FullWriter extends Writer {
        @Override
        public void write(char[] text, int from, int length) throws IOException {
            throw new IOException("no space left on device");
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    void anUnknownOptionOfACommandPointsAtThatCommandsHelp() {
        assertThat(pollux("version", "--colour")).isEqualTo(2);
        assertThat(err.toString()).contains("--colour").contains("Try: ./pollux version --help");
    }
}
