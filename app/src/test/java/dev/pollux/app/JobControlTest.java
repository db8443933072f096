package dev.pollux.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A server that an interactive shell has started, `./pollux answer &`.
@Timeout(180)
final class JobControlTest {
    @TempDir private Path folder;

    /// One of each way to wait for a terminal.
    static Stream<String> models() {
        var ways = Stream.of("epoll", "io_uring", "blocking-threads", "nio");
        return ways.filter(Models.here().toList()::contains);
    }

    private static int serving(Shell shell, String model) {
        shell.startInBackground("answer", "--port", "0", "--model", model);
        return Integer.parseInt(shell.await("listening answer 127.0.0.1:(\\d+)").group(1));
    }

    /// The server is told of every line, too.
    private static void useTheShell(Shell shell) {
        for (int i = 0; i < 5; i++) {
            shell.type("echo $((41 + " + i + ")).\n");
            shell.await(41 + i + "\\.");
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void aServerInTheBackgroundServesAndInTheForegroundReads(String model) throws Exception {
        try (var shell = new Shell(folder)) {
            int port = serving(shell, model);
            useTheShell(shell);
            try (var one = new Client(port);
                    var two = new Client(port)) {
                one.send("anybody?\n");
                shell.await("#\\d+ " + one.name() + ": anybody\\?");
                shell.type("fg\n");
                two.send("and now?\n");
                shell.await("#\\d+ " + two.name() + ": and now\\?");
                shell.awaitForeground();
                shell.type("who\n");
                var number = shell.await("\\* #(\\d+) " + one.name() + "\\r").group(1);
                shell.type(number + " here\n");
                assertThat(one.line()).isEqualTo("here");
                shell.type(Shell.CTRL_D);
                shell.type(number + " still here\n");
                assertThat(one.line()).isEqualTo("still here");
            }
            shell.type("quit\n");
            shell.awaitEnd();
            shell.type("echo code=$?.\n");
            shell.await("code=0\\.");
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void aServerInTheBackgroundEndsWhenItIsAskedTo(String model) throws Exception {
        try (var shell = new Shell(folder)) {
            int port = serving(shell, model);
            shell.type("fg\n");
            try (var client = new Client(port)) {
                client.send("one\n");
                shell.await(client.name() + ": one");
                shell.awaitForeground();
                shell.type(Shell.CTRL_Z);
                shell.await("Stopped"); // This key throws away what is on its way to the screen.
                shell.type("bg\n");
                client.send("two\n");
                shell.await(client.name() + ": two");
            }
            useTheShell(shell);
            shell.signal("TERM");
            shell.type("wait %1; echo code=$?.\n");
            shell.await("code=0\\.");
        }
    }
}
