package dev.pollux.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.models.IoModel;
import dev.pollux.engines.models.Threading;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The options that fit some models only.
@Timeout(60)
final class ModelOptionsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int echo(String... args) {
        var words = new java.util.ArrayList<>(List.of("echo"));
        words.addAll(List.of(args));
        return Main.execute(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                words.toArray(String[]::new));
    }

    private static Predicate<IoModel> takes(String option) {
        return switch (option) {
            case "--threads" -> model -> model.threading() == Threading.LOOPS;
            case "--pool" -> model -> model.threading() == Threading.WORKERS;
            default -> model -> model == IoModel.NONBLOCKING;
        };
    }

    private static String value(String option) {
        return option.equals("--idle") ? "yield" : "2";
    }

    /// One that is taken gets as far as the door, which somebody else has.
    @ParameterizedTest
    @EnumSource
    void eachModelTakesItsOptionsAndNamesTheModelsOfTheOthers(IoModel model) throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            var port = String.valueOf(taken.getLocalPort());
            for (var option : List.of("--threads", "--pool", "--idle")) {
                err.getBuffer().setLength(0);
                int code = echo("--port", port, "--model", model.label(), option, value(option));
                if (takes(option).test(model)) {
                    assertThat(code).isEqualTo(1);
                    assertThat(err.toString())
                            .contains(model.whyNot().orElse("the port is in use"));
                } else {
                    assertThat(code).isEqualTo(2);
                    assertThat(err.toString().lines().findFirst())
                            .hasValue(
                                    "pollux: "
                                            + option
                                            + " is not for the model "
                                            + model.label()
                                            + "; it is for: "
                                            + names(takes(option)));
                }
                assertThat(out.toString()).isEmpty();
            }
        }
    }

    private static String names(Predicate<IoModel> those) {
        var names = Arrays.stream(IoModel.values()).filter(those).map(IoModel::label).toList();
        return String.join(", ", names);
    }

    @Test
    void whatAutoPicksMayNotTakeTheOptionEither() {
        assertThat(echo("--idle", "park")).isEqualTo(2);
        assertThat(err.toString())
                .contains(
                        "pollux: --idle is not for the model " + IoModel.choose().model().label());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "nonblocking, --idle, snore, [SPIN, YIELD, PARK]",
                "poll, --threads, 0, `--threads must be 1 to 1024, not 0`",
                "poll, --threads, 1025, `--threads must be 1 to 1024, not 1025`",
                "poll, --threads, many, 'many' is no number",
                "poll, --pool, many, 'many' is no number"
            })
    void aBadValueIsMisuse(String model, String option, String value, String said) {
        assertThat(echo("--model", model, option, value)).isEqualTo(2);
        assertThat(err.toString()).startsWith("pollux: ").contains(said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"spin", "yield", "PARK"})
    void aLoopThatDoesNotWaitIdlesAsItIsTold(String how) throws Exception {
        try (var pollux =
                Pollux.start("echo", "--port", "0", "--model", "nonblocking", "--idle", how)) {
            try (var client = new Client(pollux.port("echo"))) {
                client.send("空闲 " + how + "\n");
                assertThat(client.line()).isEqualTo("空闲 " + how);
            }
            pollux.type("quit");
            assertThat(pollux.exitCode()).isZero();
        }
    }

    @Test
    void inTheEnvironmentWhatDoesNotFitTheModelIsPassedOver() throws Exception {
        var environment = Map.of("POLLUX_IDLE", "spin", "POLLUX_POOL", "3", "POLLUX_PORT", "0");
        try (var pollux = Pollux.startWith(environment, "echo", "--model", "poll")) {
            pollux.port("echo");
            pollux.type("quit");
            assertThat(pollux.exitCode()).isZero();
            assertThat(pollux.errors()).isEmpty();
        }
    }
}
