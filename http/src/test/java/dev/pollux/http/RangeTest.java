package dev.pollux.http;

import static dev.pollux.http.Exchange.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RangeTest {
    private static final String MODIFIED = "Fri, 20 Nov 2026 10:00:00 GMT";

    @TempDir private Path folder;
    private HttpService service = Services.echo();

    @BeforeEach
    void fill() throws IOException {
        Files.writeString(folder.resolve("ten"), "0123456789");
        Files.writeString(folder.resolve("empty"), "");
        Files.writeString(folder.resolve("new"), "0123456789");
        Files.setLastModifiedTime(
                folder.resolve("ten"), FileTime.from(Instant.parse("2025-11-20T10:00:00.5Z")));
        Files.setLastModifiedTime(
                folder.resolve("new"), FileTime.from(Instant.now().plusSeconds(3600)));
        service = Services.of(StaticFiles.of(folder));
    }

    private Answer get(String name, String... fields) {
        return Answer.only(
                FakeConnection.transcript(service, request("GET /" + name + " HTTP/1.1", fields)));
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 0-0",
        "bytes=0-9, 0123456789, 0-9",
        "bytes=0-, 0123456789, 0-9",
        "bytes=3-5, 345, 3-5",
        "bytes=9-9, 9, 9-9",
        "bytes=5-, 56789, 5-9",
        "bytes=5-99, 56789, 5-9",
        "bytes=5-999999999999999999, 56789, 5-9",
        "bytes=-3, 789, 7-9",
        "bytes=-10, 0123456789, 0-9",
        "bytes=-99, 0123456789, 0-9",
        "BYTES=3-5, 345, 3-5",
    })
    void sendsAPart(String range, String body, String positions) {
        Answer answer = get("ten", "Range: " + range);
        assertThat(answer.code()).isEqualTo(206);
        assertThat(answer.body()).isEqualTo(body);
        assertThat(answer.header("Content-Range")).isEqualTo("bytes " + positions + "/10");
        assertThat(answer.header("ETag")).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=5-4",
                "bytes=-",
                "bytes=",
                "bytes",
                "bytes=a-b",
                "bytes=0x1-2",
                "bytes=+1-2",
                "bytes= 1-2",
                "bytes=1 -2",
                "bytes=1-2,4-5",
                "bytes=1-2-3",
                "bytes=--3",
                "lines=1-2",
                "bytes=1-9999999999999999999",
                "bytes=\u00b2-\u00b3"
            })
    void sendsTheWholeFileWhenItDoesNotUnderstand(String range) {
        Answer answer = get("ten", "Range: " + range);
        assertThat(answer.code()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("0123456789");
        assertThat(answer.header("Accept-Ranges")).isEqualTo("bytes");
        assertThat(answer.header("Content-Range")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=10-20", "bytes=-0", "bytes=999999999999999999-"})
    void saysWhenThereIsNoSuchPart(String range) {
        Answer answer = get("ten", "Range: " + range);
        assertThat(answer.code()).isEqualTo(416);
        assertThat(answer.header("Content-Range")).isEqualTo("bytes */10");
    }

    @Test
    void anEmptyFileHasNoParts() {
        assertThat(get("empty", "Range: bytes=0-").code()).isEqualTo(200);
        assertThat(get("empty", "Range: bytes=-1").code()).isEqualTo(200);
    }

    @Test
    void twoRangeFieldsAreNoRange() {
        Answer answer = get("ten", "Range: bytes=0-0", "Range: bytes=1-1");
        assertThat(answer.code()).isEqualTo(200);
    }

    @Test
    void partsAreForGetOnly() {
        String head =
                FakeConnection.transcript(
                        service, request("HEAD /ten HTTP/1.1", "Range: bytes=0-0"));
        assertThat(head).startsWith("HTTP/1.1 200 ").contains("Content-Length: 10\r\n");
    }

    @Test
    void aPartBelongsToTheVersionTheClientHas() {
        String etag = get("ten").header("ETag");
        String date = get("ten").header("Last-Modified");
        assertThat(get("ten", "Range: bytes=0-0", "If-Range: " + date).code()).isEqualTo(206);
        assertThat(get("ten", "Range: bytes=0-0", "If-Range: " + MODIFIED).code()).isEqualTo(200);
        assertThat(get("ten", "Range: bytes=0-0", "If-Range: " + etag).code()).isEqualTo(200);
        assertThat(get("ten", "Range: bytes=0-0", "If-Range: x").code()).isEqualTo(200);
        String recent = get("new").header("Last-Modified");
        assertThat(get("new", "Range: bytes=0-0", "If-Range: " + recent).code()).isEqualTo(200);
    }

    @Test
    void theClientsCopyGoesBeforeItsRange() {
        String etag = get("ten").header("ETag");
        assertThat(get("ten", "Range: bytes=0-0", "If-None-Match: " + etag).code()).isEqualTo(304);
    }
}
