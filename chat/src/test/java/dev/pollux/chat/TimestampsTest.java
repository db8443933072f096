package dev.pollux.chat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class TimestampsTest {
    private final AtomicReference<Instant> now = new AtomicReference<>();
    private final InstantSource clock = now::get;

    private String at(String instant, String zone) {
        now.set(Instant.parse(instant));
        return new String(new Timestamps(clock, ZoneId.of(zone)).now(), US_ASCII);
    }

    @Test
    void theTimeIsThatOfTheZone() {
        assertThat(at("2026-11-20T16:15:30.999Z", "Asia/Shanghai"))
                .isEqualTo("2026/11/21 00:15:30 ");
        assertThat(at("2026-11-20T16:15:30Z", "UTC")).isEqualTo("2026/11/20 16:15:30 ");
        assertThat(at("1969-12-31T23:59:59.5Z", "UTC")).isEqualTo("1969/12/31 23:59:59 ");
    }

    @Test
    void theZoneMayChangeItsOffset() {
        var stamps = new Timestamps(clock, ZoneId.of("Europe/Paris"));
        now.set(Instant.parse("2026-10-25T00:59:59Z"));
        assertThat(new String(stamps.now(), US_ASCII)).isEqualTo("2026/10/25 02:59:59 ");
        now.set(Instant.parse("2026-10-25T01:00:00Z"));
        assertThat(new String(stamps.now(), US_ASCII)).isEqualTo("2026/10/25 02:00:00 ");
    }

    @Test
    void itIsRenderedOncePerSecond() {
        var stamps = new Timestamps(clock, ZoneId.of("UTC"));
        now.set(Instant.parse("2026-11-21T00:00:00Z"));
        var first = stamps.now();
        now.set(Instant.parse("2026-11-21T00:00:00.999Z"));
        assertThat(stamps.now()).isSameAs(first);
        now.set(Instant.parse("2026-11-21T00:00:01Z"));
        assertThat(stamps.now()).isNotSameAs(first);
        assertThat(new String(first, US_ASCII)).isEqualTo("2026/11/21 00:00:00 ");
    }
}
