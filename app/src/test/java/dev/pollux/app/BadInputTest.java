package dev.pollux.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.models.IoModel;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// One clear line, and the right exit code.
@Timeout(60)
final class BadInputTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int pollux(String... args) {
        return Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    @ParameterizedTest
    @MethodSource("dev.pollux.app.Models#here")
    void aPortInUseIsAFailure(String model) throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            var port = String.valueOf(taken.getLocalPort());
            assertThat(pollux("chat", "--port", port, "--model", model)).isEqualTo(1);
            assertThat(err.toString())
                    .isEqualTo(
                            "pollux: cannot listen on 127.0.0.1:"
                                    + port
                                    + ": the port is in use"
                                    + System.lineSeparator());
            assertThat(out.toString()).isEmpty();
        }
    }

    @Test
    void anUnknownModelIsMisuseAndTheNamesAreListed() {
        assertThat(pollux("echo", "--model", "epol")).isEqualTo(2);
        assertThat(err.toString().lines().findFirst().orElseThrow())
                .startsWith("pollux: unknown model epol; there are: auto, ")
                .contains(Arrays.stream(IoModel.values()).map(IoModel::label).toList());
    }

    @Test
    void aHostThatDoesNotExistIsAFailure() {
        assertThat(pollux("chat", "--model", "poll", "--host", "no.such.host.invalid"))
                .isEqualTo(1);
        assertThat(err.toString())
                .isEqualTo(
                        "pollux: there is no host no.such.host.invalid" + System.lineSeparator());
    }

    @Test
    void aHostThatIsNotOursIsAFailure() {
        assertThat(pollux("chat", "--model", "poll", "--port", "0", "--host", "192.0.2.1"))
                .isEqualTo(1);
        assertThat(err.toString())
                .startsWith("pollux: cannot listen on 192.0.2.1:0: ")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "--port, 65536, '65536' is no port (0 to 65535)",
                "--port, -1, '-1' is no port (0 to 65535)",
                "--port, http, 'http' is no port (0 to 65535)",
                "--port, '', '' is no port (0 to 65535)",
                "--port, +80, '+80' is no port (0 to 65535)",
                "--port, ８０, '８０' is no port (0 to 65535)",
                "--port, ٨٠, '٨٠' is no port (0 to 65535)",
                "--threads, 0, `--threads must be 1 to 1024, not 0`",
                "--threads, many, 'many' is no number (0 to 2147483647)",
                "--threads, ２, '２' is no number (0 to 2147483647)",
                "--connections-max, ٣, '٣' is no number (0 to 2147483647)",
                "--connections-max, 3000000000, '3000000000' is no number (0 to 2147483647)",
                "--connections-max, 0, `--connections-max must be 1 to 2147483647, not 0`",
                "--reply, loud, 'loud'"
            })
    void aBadOptionIsMisuse(String option, String value, String said) {
        assertThat(pollux("echo", "--model", "poll", option, value)).isEqualTo(2);
        assertThat(err.toString()).startsWith("pollux: ").contains(said);
    }

    /// As from a variable of a script that is not set; the JDK takes it for something.
    @ParameterizedTest
    @CsvSource({
        "echo --port 0 --model poll --host=, --host needs an address",
        "web '' --port 0 --model poll, DIR is empty",
        "connect '' 1, HOST is empty"
    })
    void anEmptyNameIsMisuse(String words, String said) {
        var args = words.replace("''", "\0").split(" ");
        Arrays.setAll(args, i -> args[i].replace("\0", ""));
        assertThat(pollux(args)).isEqualTo(2);
        assertThat(err.toString()).startsWith("pollux: " + said);
        assertThat(out.toString()).isEmpty();
    }

    /// picocli would read words from a file of the name behind it.
    @Test
    void aNameThatBeginsWithAnAtSignIsAName(@TempDir Path folder) {
        assertThat(pollux("web", "@" + folder)).isEqualTo(1);
        assertThat(err.toString())
                .isEqualTo("pollux: there is no folder @" + folder + System.lineSeparator());
    }

    @Test
    void moreConnectionsThanTheModelCanHoldAreAFailure() {
        assertThat(pollux("echo", "--model", "epoll", "--connections-max", "2000000000"))
                .isEqualTo(1);
        assertThat(err.toString())
                .startsWith("pollux: the model epoll holds ")
                .contains("connections at most here (ulimit -n), not 2000000000")
                .hasLineCount(1);
    }

    @Test
    void aServerThatRefusesIsAFailure() throws Exception {
        int port;
        try (var closed = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = closed.getLocalPort();
        }
        assertThat(pollux("connect", "127.0.0.1", String.valueOf(port))).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("pollux: cannot connect to 127.0.0.1 port " + port + ": ")
                .hasLineCount(1);
    }

    @Test
    void debugShowsWhere() {
        assertThat(pollux("connect", "no.such.host.invalid", "1", "--debug")).isEqualTo(1);
        assertThat(err.toString()).contains("\tat dev.pollux.");
    }
}
