package dev.pollux.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.http.Framing.Coding;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FramingTest {
    /// One line of the table.
    record Row(int minor, long length, Coding coding, String verdict) {}

    /// The whole table: every version, kind of length and kind of coding.
    static Stream<Row> rows() {
        return Stream.of(
                new Row(1, Framing.ABSENT, Coding.ABSENT, "none"),
                new Row(1, 0, Coding.ABSENT, "none"),
                new Row(1, 7, Coding.ABSENT, "7"),
                new Row(1, Long.MAX_VALUE, Coding.ABSENT, "9223372036854775807"),
                new Row(1, Framing.MALFORMED, Coding.ABSENT, "400"),
                new Row(1, Framing.ABSENT, Coding.CHUNKED, "chunked"),
                new Row(1, 0, Coding.CHUNKED, "400"),
                new Row(1, 7, Coding.CHUNKED, "400"),
                new Row(1, Long.MAX_VALUE, Coding.CHUNKED, "400"),
                new Row(1, Framing.MALFORMED, Coding.CHUNKED, "400"),
                new Row(1, Framing.ABSENT, Coding.OTHERS_THEN_CHUNKED, "501"),
                new Row(1, 0, Coding.OTHERS_THEN_CHUNKED, "400"),
                new Row(1, 7, Coding.OTHERS_THEN_CHUNKED, "400"),
                new Row(1, Long.MAX_VALUE, Coding.OTHERS_THEN_CHUNKED, "400"),
                new Row(1, Framing.MALFORMED, Coding.OTHERS_THEN_CHUNKED, "400"),
                new Row(1, Framing.ABSENT, Coding.MALFORMED, "400"),
                new Row(1, 0, Coding.MALFORMED, "400"),
                new Row(1, 7, Coding.MALFORMED, "400"),
                new Row(1, Long.MAX_VALUE, Coding.MALFORMED, "400"),
                new Row(1, Framing.MALFORMED, Coding.MALFORMED, "400"),
                new Row(0, Framing.ABSENT, Coding.ABSENT, "none"),
                new Row(0, 0, Coding.ABSENT, "none"),
                new Row(0, 7, Coding.ABSENT, "7"),
                new Row(0, Long.MAX_VALUE, Coding.ABSENT, "9223372036854775807"),
                new Row(0, Framing.MALFORMED, Coding.ABSENT, "400"),
                new Row(0, Framing.ABSENT, Coding.CHUNKED, "400"),
                new Row(0, 0, Coding.CHUNKED, "400"),
                new Row(0, 7, Coding.CHUNKED, "400"),
                new Row(0, Long.MAX_VALUE, Coding.CHUNKED, "400"),
                new Row(0, Framing.MALFORMED, Coding.CHUNKED, "400"),
                new Row(0, Framing.ABSENT, Coding.OTHERS_THEN_CHUNKED, "400"),
                new Row(0, 0, Coding.OTHERS_THEN_CHUNKED, "400"),
                new Row(0, 7, Coding.OTHERS_THEN_CHUNKED, "400"),
                new Row(0, Long.MAX_VALUE, Coding.OTHERS_THEN_CHUNKED, "400"),
                new Row(0, Framing.MALFORMED, Coding.OTHERS_THEN_CHUNKED, "400"),
                new Row(0, Framing.ABSENT, Coding.MALFORMED, "400"),
                new Row(0, 0, Coding.MALFORMED, "400"),
                new Row(0, 7, Coding.MALFORMED, "400"),
                new Row(0, Long.MAX_VALUE, Coding.MALFORMED, "400"),
                new Row(0, Framing.MALFORMED, Coding.MALFORMED, "400"));
    }

    @Test
    void theTableIsWhole() {
        assertThat(rows().map(row -> new Row(row.minor, row.length, row.coding, "")))
                .doesNotHaveDuplicates()
                .hasSize(2 * 5 * Coding.values().length);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void decides(Row row) {
        String verdict =
                switch (Framing.decide(row.minor, row.length, row.coding)) {
                    case Framing.None() -> "none";
                    case Framing.Chunked() -> "chunked";
                    case Framing.Length(long bytes) -> Long.toString(bytes);
                    case Framing.Refused(Status status, String _) ->
                            Integer.toString(status.code());
                };
        assertThat(verdict).isEqualTo(row.verdict);
    }

    private static long length(String text) {
        byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.ISO_8859_1);
        return Framing.parseLength(bytes, 1, bytes.length - 1);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "00, 0",
        "7, 7",
        "0007, 7",
        "1234567890, 1234567890",
        "9223372036854775807, 9223372036854775807",
        "0000000000000000000000000009, 9"
    })
    void readsLengths(String text, long value) {
        assertThat(length(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "+1",
                "-1",
                "1 ",
                " 1",
                "1,1",
                "0x1",
                "1.0",
                "a",
                "9223372036854775808",
                "9223372036854775810",
                "92233720368547758070",
                "18446744073709551616",
                "\u00b9"
            })
    void refusesLengths(String text) {
        assertThat(length(text)).isEqualTo(Framing.MALFORMED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "chunked|CHUNKED",
                "Chunked|CHUNKED",
                "gzip, chunked|OTHERS_THEN_CHUNKED",
                "gzip,chunked|OTHERS_THEN_CHUNKED",
                "a , b ,\tCHUNKED|OTHERS_THEN_CHUNKED",
                "`chunked `|MALFORMED",
                "``|MALFORMED",
                ",|MALFORMED",
                "chunked,|MALFORMED",
                ",chunked|MALFORMED",
                "a,,chunked|MALFORMED",
                "chunked, chunked|MALFORMED",
                "chunked, a|MALFORMED",
                "a, chunked, b|MALFORMED",
                "a|MALFORMED",
                "a;q=1, chunked|MALFORMED",
                "chunked;q=1|MALFORMED",
                "a b, chunked|MALFORMED",
                "chunke|MALFORMED",
                "chunkedd|MALFORMED",
            })
    void readsCodings(String text, Coding coding) {
        byte[] bytes = ("," + text + ",").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(Framing.parseCoding(bytes, 1, bytes.length - 1)).isEqualTo(coding);
    }
}
