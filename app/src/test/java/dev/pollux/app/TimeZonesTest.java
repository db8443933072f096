package dev.pollux.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
final class TimeZonesTest {
    private static final ZoneId NAMELESS = ZoneId.of("GMT");

    @ParameterizedTest
    @ValueSource(strings = {"Bogus/Zone", ":Bogus", "Asia/Bejing", "/no/such/file", "/zero\0", "8"})
    void whatIsNoZoneIsTold(String wanted) {
        assertThat(TimeZones.complaint(wanted, NAMELESS)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GMT", "UTC", "Z", "UTC0", "<+00>-0", "Europe/London", "/dev/null"})
    void whatMayBeUtcIsNot(String wanted) {
        assertThat(TimeZones.complaint(wanted, NAMELESS)).isEmpty();
    }

    @Test
    void whatTheJdkUnderstandsIsNot() {
        assertThat(TimeZones.complaint("JST-9", ZoneId.of("GMT+09:00"))).isEmpty();
    }

    @Test
    void aServerWhoseTimesWouldBeOthersSaysSo() throws Exception {
        var environment = Map.of("TZ", "Bogus/Zone");
        try (var pollux = Pollux.startWith(environment, "chat", "--port", "0")) {
            assertThat(pollux.error())
                    .isEqualTo(
                            "pollux: there is no time zone Bogus/Zone (TZ):"
                                    + " times are those of UTC");
            pollux.type("quit");
            assertThat(pollux.exitCode()).isZero();
        }
    }
}
