package dev.pollux.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpDateTest {
    private static final Instant EXAMPLE = Instant.parse("1994-11-06T08:49:37Z");

    @Test
    void writesThePreferredForm() {
        assertThat(HttpDate.format(EXAMPLE)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
        assertThat(HttpDate.format(EXAMPLE.plusNanos(999_999_999)))
                .isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
        assertThat(HttpDate.format(Instant.parse("2028-02-29T23:59:59Z")))
                .isEqualTo("Tue, 29 Feb 2028 23:59:59 GMT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "Sunday, 06-Nov-94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 1994"
            })
    void readsAllThreeForms(String text) {
        assertThat(HttpDate.parse(text)).isEqualTo(EXAMPLE);
    }

    @Test
    void readsTwoDigitDaysAndYears() {
        assertThat(HttpDate.parse("Wed Nov 16 08:49:37 1994"))
                .isEqualTo(Instant.parse("1994-11-16T08:49:37Z"));
        assertThat(HttpDate.parse("Saturday, 21-Nov-26 00:15:30 GMT"))
                .isEqualTo(Instant.parse("2026-11-21T00:15:30Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                ", ",
                "now",
                "0",
                "Sun, 06 Nov 1994 08:49:37",
                "Sun, 06 Nov 1994 08:49:37 UTC",
                "Sun, 06 Nov 1994 08:49:37 +0000",
                "Sun, 6 Nov 1994 08:49:37 GMT",
                "Mon, 06 Nov 1994 08:49:37 GMT",
                "Sun, 31 Feb 1994 08:49:37 GMT",
                "Sun, 06 nov 1994 08:49:37 GMT",
                "So, 06 Nov 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 24:49:37 GMT",
                "Sun, 06 Nov 1994 08:60:37 GMT",
                "Sun, 06 Nov 94 08:49:37 GMT",
                "Someday, 06-Nov-94 08:49:37 GMT",
                "Sunday, 06-Nov-1994 08:49:37 GMT",
                "Sun Nov 6 08:49:37 1994",
                "Sun, 06 Nov 1994 08:49:37 GMT "
            })
    void readsNothingElse(String text) {
        assertThat(HttpDate.parse(text)).isNull();
    }

    @Test
    void readsWhatItWrites() {
        for (long second = 0; second < 4_000_000_000L; second += 12_345_678) {
            Instant date = Instant.ofEpochSecond(second);
            assertThat(HttpDate.parse(HttpDate.format(date))).isEqualTo(date);
        }
    }
}
