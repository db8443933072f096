package dev.pollux.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Executors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(180)
final class EchoCommandTest {
    @ParameterizedTest
    @CsvSource({
        "same, 'héllo 你好'",
        "upper, 'HéLLO 你好'",
        "upper_SB, 'HéLLO 你好_SB'",
        "notes, 'Your msg = héllo 你好 ~~~~'",
        "UPPER_sb, 'HéLLO 你好_SB'"
    })
    void aChunkComesBack(String reply, String expected) throws Exception {
        try (var pollux = Pollux.start("echo", "--port", "0", "--reply", reply);
                var client = new Client(pollux.port("echo"))) {
            client.send("héllo 你好");
            client.finish();
            assertThat(client.rest()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.pollux.app.Models#here")
    void aClientThatSendsMuchBeforeItReadsGetsItAll(String model) throws Exception {
        var megabytes = "0123456789abcdef".repeat(64 * 1024 * 8);
        try (var pollux = Pollux.start("echo", "--port", "0", "--model", model);
                var client = new Client(pollux.port("echo"));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var sent =
                    threads.submit(() -> {
                        client.send(megabytes);
                        client.finish();
                        return true;
                    });
            assertThat(client.rest().equals(megabytes)).isTrue();
            assertThat(sent.get()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.pollux.app.Models#here")
    void beyondConnectionsMaxTheNextWaits(String model) throws Exception {
        try (var pollux =
                Pollux.start("echo", "--port", "0", "--model", model, "--connections-max", "1")) {
            int port = pollux.port("echo");
            try (var first = new Client(port);
                    var second = new Client(port)) {
                first.send("一\n");
                assertThat(first.line()).isEqualTo("一");
                second.send("二\n");
                first.send("三\n");
                assertThat(first.line()).isEqualTo("三");
                first.finish();
                assertThat(second.line()).isEqualTo("二");
            }
        }
    }
}
