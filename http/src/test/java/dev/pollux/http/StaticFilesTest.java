package dev.pollux.http;

import static dev.pollux.http.Exchange.request;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StaticFilesTest {
    private static final Instant MODIFIED = Instant.parse("2026-11-20T10:00:00.123456789Z");

    @TempDir private Path outside;

    private final Services services = new Services();
    private Path folder = Path.of("");
    private HttpService service = Services.echo();

    @BeforeEach
    void fill() throws IOException {
        folder = Files.createDirectories(outside.resolve("site"));
        write(outside.resolve("secret.txt"), "secret");
        write(folder.resolve("index.html"), "<p>home</p>");
        write(folder.resolve("a.txt"), "hello");
        write(folder.resolve("empty.css"), "");
        write(folder.resolve(".hidden"), "secret");
        write(folder.resolve(".git/config"), "secret");
        write(folder.resolve("sub/index.html"), "<p>sub</p>");
        write(folder.resolve("sub/a b+c%d.js"), "1");
        write(folder.resolve("sub/.hidden/x.txt"), "secret");
        write(folder.resolve("bare/x.bin"), "x");
        write(folder.resolve("中文/你好.txt"), "世界");
        Files.createSymbolicLink(folder.resolve("inside"), Path.of("a.txt"));
        Files.createSymbolicLink(folder.resolve("escape"), Path.of("../secret.txt"));
        Files.createSymbolicLink(folder.resolve("escapes"), outside);
        Files.createSymbolicLink(folder.resolve("reveals"), Path.of(".hidden"));
        Files.createSymbolicLink(folder.resolve("dangling"), Path.of("nowhere"));
        Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        service = services.make(StaticFiles.of(folder), HttpLimits.DEFAULT);
    }

    @AfterEach
    void everyFileIsClosed() throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        if (!Files.isDirectory(descriptors)) {
            return;
        }
        try (var open = Files.list(descriptors)) {
            assertThat(open.filter(this::isOurs)).isEmpty();
        }
    }

    private boolean isOurs(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith(outside);
        } catch (IOException _) {
            // Closed since the folder was listed.
            return false;
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(MODIFIED));
    }

    private Answer ask(String line, String... fields) {
        return Answer.only(FakeConnection.transcript(service, request(line, fields)));
    }

    private Answer get(String target, String... fields) {
        return ask("GET " + target + " HTTP/1.1", fields);
    }

    @ParameterizedTest
    @CsvSource({
        "/, <p>home</p>, text/html; charset=utf-8",
        "/index.html, <p>home</p>, text/html; charset=utf-8",
        "/?query, <p>home</p>, text/html; charset=utf-8",
        "/a.txt, hello, text/plain; charset=utf-8",
        "/empty.css, '', text/css; charset=utf-8",
        "/sub/, <p>sub</p>, text/html; charset=utf-8",
        "/sub/a%20b+c%25d.js, 1, text/javascript; charset=utf-8",
        "/sub/../a.txt, hello, text/plain; charset=utf-8",
        "/./sub/./../a.txt, hello, text/plain; charset=utf-8",
        "/../../a.txt, hello, text/plain; charset=utf-8",
        "/bare/x.bin, x, application/octet-stream",
        "/inside, hello, text/plain; charset=utf-8",
    })
    void serves(String target, String body, String type) {
        Answer answer = get(target);
        assertThat(answer.code()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(body);
        assertThat(answer.header("Content-Type")).isEqualTo(type);
        assertThat(answer.header("Last-Modified")).isEqualTo("Fri, 20 Nov 2026 10:00:00 GMT");
        assertThat(answer.header("ETag")).matches("W/\"[0-9a-f]+-[0-9a-f]+\"");
    }

    @Test
    void servesChineseNames() {
        Answer answer = get("/%E4%B8%AD%E6%96%87/%E4%BD%A0%E5%A5%BD.txt");
        assertThat(new String(answer.body().getBytes(ISO_8859_1), UTF_8)).isEqualTo("世界");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/missing",
                "/A.TXT",
                "/a.txt/",
                "/a.txt/b",
                "/sub/missing/",
                "/bare/",
                "/.hidden",
                "/.git/config",
                "/.git/",
                "/.git",
                "/sub/.hidden/x.txt",
                "/sub/.hidden",
                "/...",
                "//a.txt",
                "/sub//index.html",
                "//sub",
                "/escape",
                "/escapes",
                "/escapes/",
                "/escapes/secret.txt",
                "/reveals",
                "/dangling",
                "/loop",
                "/../secret.txt",
                "/sub/../../secret.txt",
                "/~root",
                "/a.txt:stream",
                "/%7E/../../secret.txt"
            })
    void hasNothingElse(String target) {
        assertThat(get(target).code()).isEqualTo(404);
    }

    @Test
    void servesFilesOnly() throws IOException {
        try (var door = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            door.bind(UnixDomainSocketAddress.of(folder.resolve("socket")));
            assertThat(get("/socket").code()).isEqualTo(404);
        }
        Files.createDirectories(folder.resolve("odd/index.html"));
        assertThat(get("/odd/").code()).isEqualTo(404);
    }

    @Test
    void doesNotKnowNamesThatAreTooLong() {
        assertThat(get("/" + "a".repeat(300)).code()).isEqualTo(404);
        assertThat(get("/" + "a/".repeat(3000)).code()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/%2e%2e/secret.txt",
                "/.%2e/secret.txt",
                "/sub/%2E%2E/a.txt",
                "/..%2fsecret.txt",
                "/%2e%2e%2fsecret.txt",
                "/..%5csecret.txt",
                "/..\\secret.txt",
                "/a.txt%00.html",
                "/%c0%ae%c0%ae/secret.txt",
                "/..%c0%afsecret.txt"
            })
    void refusesAttempts(String target) {
        assertThat(get(target).code()).isEqualTo(400);
    }

    @Test
    void sendsFoldersToTheirSlash() {
        Answer answer = get("/sub");
        assertThat(answer.code()).isEqualTo(301);
        assertThat(answer.header("Location")).isEqualTo("/sub/");
        assertThat(get("/sub?a=b&c").header("Location")).isEqualTo("/sub/?a=b&c");
        assertThat(get("/%E4%B8%AD%E6%96%87").header("Location")).isEqualTo("/%E4%B8%AD%E6%96%87/");
        assertThat(get("/x/../bare").header("Location")).isEqualTo("/bare/");
    }

    @Test
    void answersHeadLikeGet() {
        for (String target : new String[] {"/a.txt", "/sub/", "/missing", "/sub"}) {
            String get = FakeConnection.transcript(service, request("GET " + target + " HTTP/1.1"));
            String head =
                    FakeConnection.transcript(service, request("HEAD " + target + " HTTP/1.1"));
            assertThat(get).startsWith(head);
            assertThat(head).endsWith("\r\n\r\n");
            assertThat(head.length()).isLessThan(get.length());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"})
    void allowsNoOtherMethod(String method) {
        Answer answer = ask(method + " /a.txt HTTP/1.1");
        assertThat(answer.code()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo("GET, HEAD");
    }

    @Test
    void servesUnderAPrefix() throws IOException {
        service = Services.of(StaticFiles.of(folder).under("/files/"));
        assertThat(get("/files/a.txt").body()).isEqualTo("hello");
        assertThat(get("/files/").body()).isEqualTo("<p>home</p>");
        assertThat(get("/files/sub").header("Location")).isEqualTo("/files/sub/");
        assertThat(get("/a.txt").code()).isEqualTo(404);
        assertThat(get("/files").code()).isEqualTo(404);
        assertThatThrownBy(() -> StaticFiles.of(folder).under("files"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void wantsAFolder() {
        assertThatThrownBy(() -> StaticFiles.of(folder.resolve("a.txt")))
                .isInstanceOf(NotDirectoryException.class);
        assertThatThrownBy(() -> StaticFiles.of(folder.resolve("missing")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void saysWhenTheClientHasTheFile() {
        Answer first = get("/a.txt");
        String etag = String.valueOf(first.header("ETag"));
        Answer again = get("/a.txt", "If-None-Match: " + etag);
        assertThat(again.code()).isEqualTo(304);
        assertThat(again.header("ETag")).isEqualTo(etag);
        assertThat(again.header("Last-Modified")).isEqualTo(first.header("Last-Modified"));
        assertThat(again.header("Content-Length")).isNull();
        assertThat(get("/a.txt", "If-None-Match: \"x\", " + etag.substring(2)).code())
                .isEqualTo(304);
        assertThat(get("/a.txt", "If-None-Match: *").code()).isEqualTo(304);
        assertThat(get("/a.txt", "If-None-Match: \"x\"", "If-None-Match: " + etag).code())
                .isEqualTo(304);
        assertThat(get("/a.txt", "If-None-Match: \"x\"").code()).isEqualTo(200);
        assertThat(get("/a.txt", "If-None-Match: " + etag.replace("\"", "")).code()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Fri, 20 Nov 2026 10:00:00 GMT|304",
                "Fri, 20 Nov 2026 10:00:01 GMT|304",
                "Friday, 20-Nov-26 10:00:00 GMT|304",
                "Fri, 20 Nov 2026 09:59:59 GMT|200",
                "yesterday|200",
            })
    void comparesDates(String date, int code) {
        assertThat(get("/a.txt", "If-Modified-Since: " + date).code()).isEqualTo(code);
        assertThat(get("/a.txt", "If-None-Match: \"x\"", "If-Modified-Since: " + date).code())
                .isEqualTo(200);
    }

    /// As whoever fetches the rest of a file says, so that it does not become one of two files.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "If-Match: *|206",
                "If-Match: \"x\"|412",
                "If-Match: *, \"x\"|412",
                "If-Unmodified-Since: Fri, 20 Nov 2026 10:00:00 GMT|206",
                "If-Unmodified-Since: Fri, 20 Nov 2026 09:59:59 GMT|412",
                "If-Unmodified-Since: yesterday|206",
            })
    void refusesWhoWantsAnotherVersionOnly(String field, int code) {
        assertThat(get("/a.txt", field, "Range: bytes=1-").code()).isEqualTo(code);
        assertThat(get("/missing", field).code()).isEqualTo(404);
    }

    @Test
    void noWeakTagIsTheOneThatMustMatch() {
        Answer first = get("/a.txt");
        assertThat(get("/a.txt", "If-Match: " + first.header("ETag")).code()).isEqualTo(412);
        String old = "If-Unmodified-Since: Fri, 20 Nov 2026 09:59:59 GMT";
        assertThat(get("/a.txt", "If-Match: *", old).code()).isEqualTo(200);
    }

    @Test
    void aChangedFileHasAnotherTag() throws IOException {
        String etag = String.valueOf(get("/a.txt").header("ETag"));
        write(folder.resolve("a.txt"), "hello!");
        assertThat(get("/a.txt", "If-None-Match: " + etag).body()).isEqualTo("hello!");
    }

    @Test
    void aLargeFileIsSentInPieces() throws IOException {
        var bytes = new byte[3_000_001];
        new Random(7).nextBytes(bytes);
        Files.write(folder.resolve("large.bin"), bytes);
        var connection = new FakeConnection(service);
        connection.peerReads = false;
        connection.send(request("GET /large.bin HTTP/1.1") + request("GET /a.txt HTTP/1.1"));
        while (connection.queuedBytes() > 0) {
            connection.take(20_000);
        }
        assertThat(connection.queuedMax).isLessThan(256 * 1024);
        byte[] output = connection.outputBytes();
        int start = connection.output().indexOf("\r\n\r\n") + 4;
        assertThat(Arrays.copyOfRange(output, start, start + bytes.length)).isEqualTo(bytes);
        String rest = connection.output().substring(start + bytes.length);
        assertThat(Answer.only(rest).body()).isEqualTo("hello");
    }

    private FakeConnection halfway(String name) throws IOException {
        Files.write(folder.resolve(name), new byte[1_000_000]);
        var connection = new FakeConnection(service);
        connection.peerReads = false;
        connection.send(request("GET /" + name + " HTTP/1.1"));
        connection.take(100_000);
        assertThat(connection.queuedBytes()).isPositive();
        return connection;
    }

    @Test
    void aFileIsClosedWhenItsConnectionBreaks() throws IOException {
        halfway("large.bin").breakOff();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500_000, 999_999, 1_000_001, 2_000_000})
    void aFileThatChangesItsSizeBreaksOff(int size) throws IOException {
        FakeConnection connection = halfway("changing.bin");
        try (var file = new RandomAccessFile(folder.resolve("changing.bin").toFile(), "rw")) {
            file.setLength(size);
        }
        connection.peerReads = true;
        connection.take(0);
        assertThat(connection.aborted).isTrue();
        assertThat(services.failures).hasSize(1);
    }

    @Test
    void aDeletedFileIsStillSentToItsEnd() throws IOException {
        FakeConnection connection = halfway("deleted.bin");
        Files.delete(folder.resolve("deleted.bin"));
        connection.peerReads = true;
        connection.take(0);
        assertThat(Answer.only(connection.output()).body()).hasSize(1_000_000);
    }
}
