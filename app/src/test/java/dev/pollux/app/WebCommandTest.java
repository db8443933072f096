package dev.pollux.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `web` and `serve`.
@Timeout(180)
final class WebCommandTest {
    /// The whole answer, head and body.
    private static String get(int port, String path) throws Exception {
        try (var client = new Client(port)) {
            client.send("GET " + path + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
            return client.rest();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.pollux.app.Models#here")
    void aFolderIsServed(String model, @TempDir Path folder) throws Exception {
        var large = "大文件 ".repeat(200_000);
        Files.writeString(folder.resolve("index.html"), "<p>你好</p>");
        Files.writeString(folder.resolve("large.txt"), large);
        try (var pollux = Pollux.start("web", folder.toString(), "--port", "0", "--model", model)) {
            int port = pollux.port("web");
            var index = get(port, "/");
            assertThat(index)
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("\r\nContent-Type: text/html; charset=utf-8\r\n")
                    .endsWith("\r\n\r\n<p>你好</p>");
            assertThat(get(port, "/large.txt").endsWith("\r\n\r\n" + large)).isTrue();
            assertThat(get(port, "/none")).startsWith("HTTP/1.1 404 ");
            pollux.type("quit");
            assertThat(pollux.exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.pollux.app.Models#here")
    void serveServesTheChatAndTheWebOnEveryModel(String model) throws Exception {
        try (var pollux =
                Pollux.start("serve", "--port", "0", "--web-port", "0", "--model", model)) {
            int chat = pollux.port("chat");
            int web = pollux.port("web");
            try (var ann = new Client(chat)) {
                ann.send("有人吗?\n");
                assertThat(ann.said()).isEqualTo(ann.name() + ": 有人吗?");
                ann.send("quit\n");
                assertThat(ann.rest()).isEqualTo("* good bye\n");
            }
            assertThat(get(web, "/healthz")).endsWith("\r\n\r\nok\n");
            pollux.type("quit");
            assertThat(pollux.exitCode()).isZero();
            assertThat(pollux.errors()).isEmpty();
        }
    }

    /// The shell makes the file: the JVM of the test may not be able to name it.
    @Test
    void aFileMayHaveAChineseName(@TempDir Path folder) throws Exception {
        var shell =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                "echo here >\"$0/$(printf '\\346\\226\\207').txt\"",
                                folder.toString())
                        .start();
        assertThat(shell.waitFor()).isZero();
        var environment = Map.of("LC_ALL", "C.UTF-8");
        try (var pollux =
                Pollux.startWith(
                        environment, "web", folder.toString(), "--port", "0", "--model", "poll")) {
            assertThat(get(pollux.port("web"), "/%E6%96%87.txt"))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .endsWith("\r\n\r\nhere\n");
        }
    }

    @Test
    void aFolderThatDoesNotExistIsAFailure(@TempDir Path folder) throws Exception {
        var none = folder.resolve("none").toString();
        try (var pollux = Pollux.start("web", none, "--port", "0")) {
            assertThat(pollux.exitCode()).isEqualTo(1);
            assertThat(pollux.errors()).containsExactly("pollux: there is no folder " + none);
            assertThat(pollux.rest()).isEmpty();
        }
    }

    @Test
    void serveIsTheChatAndAPageThatTellsHowToJoin() throws Exception {
        try (var pollux = Pollux.start("serve", "--port", "0", "--web-port", "0")) {
            int chat = pollux.port("chat");
            int web = pollux.port("web");
            var page = get(web, "/");
            assertThat(page)
                    .contains("nc 127.0.0.1 " + chat, "聊天")
                    .doesNotContain("{host}", "{port}");
            assertThat(get(web, "/healthz")).endsWith("\r\n\r\nok\n");
            assertThat(get(web, "/elsewhere")).startsWith("HTTP/1.1 404 ");
            try (var ann = new Client(chat);
                    var bob = new Client(chat)) {
                ann.send("hello\n");
                assertThat(ann.said()).isEqualTo(ann.name() + ": hello");
                bob.send("你好\n");
                assertThat(ann.said()).isEqualTo(bob.name() + ": 你好");
                pollux.signal("TERM");
                assertThat(ann.rest()).endsWith("* server is stopping\n");
            }
            assertThat(pollux.exitCode()).isZero();
        }
    }
}
