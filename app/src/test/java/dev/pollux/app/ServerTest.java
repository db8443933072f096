package dev.pollux.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Timeout(60)
final class ServerTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Command(name = "server")
    private static final class AnyCommand {
        @Mixin private ServerOptions options = new ServerOptions();
    }

    private Server server() throws IOException {
        var command = new AnyCommand();
        new CommandLine(command).parseArgs("--model", "poll");
        return new Server(command.options, new PrintWriter(out), new PrintWriter(err));
    }

    @Test
    void anEngineThatEndsUnaskedIsAFailure() throws Exception {
        try (var server = server()) {
            server.engine().stop(Duration.ZERO);
            assertThatThrownBy(server::awaitStop)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("failed");
        }
    }

    @Test
    void oneThatWasAskedToEndsInSilence() throws Exception {
        try (var server = server()) {
            server.stop();
            server.awaitStop();
        }
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).isEmpty();
    }
}
