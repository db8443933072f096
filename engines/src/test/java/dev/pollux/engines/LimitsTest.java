package dev.pollux.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class LimitsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Limits DEFAULT = Limits.DEFAULT;

    @Test
    void eachWithChangesItsOwnPartsOnly() {
        Limits changed =
                DEFAULT.withConnectionsMax(7)
                        .withOutbound(1, 2, 3)
                        .withInput(4096, 5)
                        .withMemory(6)
                        .withTimeouts(SECOND, SECOND, SECOND, SECOND);
        assertThat(changed)
                .isEqualTo(
                        new Limits(
                                7,
                                DEFAULT.backlog(),
                                4096,
                                5,
                                1,
                                2,
                                3,
                                6,
                                SECOND,
                                SECOND,
                                SECOND,
                                SECOND));
    }

    static Stream<Arguments> misfits() {
        Duration before = Duration.ofNanos(-1);
        return Stream.of(
                misfit("connectionsMax", limits -> limits.withConnectionsMax(0)),
                misfit("backlog", LimitsTest::withoutBacklog),
                misfit("receiveBufferBytes", limits -> limits.withInput(1023, 1)),
                misfit("receiveBufferBytes", limits -> limits.withInput((1 << 29) + 1, 1)),
                misfit("inputBytesMax", limits -> limits.withInput(1024, 0)),
                misfit("inputBytesMax", limits -> limits.withInput(1024, 1024)),
                misfit("outbound marks", limits -> limits.withOutbound(0, 1, 1)),
                misfit("outbound marks", limits -> limits.withOutbound(2, 1, 3)),
                misfit("outbound marks", limits -> limits.withOutbound(1, 3, 2)),
                misfit("outboundBytesMax", limits -> limits.withOutbound(1, 1, (1 << 30) + 1)),
                misfit("memoryBytesMax", limits -> limits.withMemory(0)),
                misfit("timeouts", limits -> limits.withTimeouts(before, SECOND, SECOND, SECOND)),
                misfit("timeouts", limits -> limits.withTimeouts(SECOND, before, SECOND, SECOND)),
                misfit("timeouts", limits -> limits.withTimeouts(SECOND, SECOND, before, SECOND)),
                misfit("timeouts", limits -> limits.withTimeouts(SECOND, SECOND, SECOND, before)));
    }

    private static Arguments misfit(String named, UnaryOperator<Limits> change) {
        return Arguments.of(named, change);
    }

    private static Limits withoutBacklog(Limits limits) {
        return new Limits(1, 0, 1024, 1, 1, 1, 1, 1, SECOND, SECOND, SECOND, SECOND);
    }

    @ParameterizedTest
    @MethodSource("misfits")
    void whatDoesNotFitIsNamed(String named, UnaryOperator<Limits> change) {
        assertThatThrownBy(() -> change.apply(DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named);
    }
}
