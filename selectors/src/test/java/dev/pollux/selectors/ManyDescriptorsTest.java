package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.libc.Descriptors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// As many descriptors as the process may have: far more than the 1024 of `FD_SETSIZE`.
@ParameterizedClass
@EnumSource(value = Bench.class, mode = EnumSource.Mode.EXCLUDE, names = "NIO")
@ExtendWith(LeakCheck.class)
@Timeout(60)
class ManyDescriptorsTest {
    private static final int DESCRIPTORS_MAX = 30_000;

    /// For the JVM and the selector.
    private static final int RESERVE = 500;

    @Parameter Bench bench;

    @Test
    void allThatAreReadyAreReportedInOneWait() throws Exception {
        DescriptorEnd.check(Descriptors.setNofileSoft(Descriptors.nofileHard()));
        long limit = Math.min(Descriptors.nofileSoft() - RESERVE, DESCRIPTORS_MAX);
        int count = (int) limit / 2;
        assertThat(count).as("half the limit of descriptors").isGreaterThan(600);

        List<DescriptorEnd[]> pairs = new ArrayList<>();
        try (Selector<Integer> selector = bench.open()) {
            for (int i = 0; i < count; i++) {
                DescriptorEnd[] pair = DescriptorEnd.socketPair();
                pairs.add(pair);
                selector.register(pair[0], Selector.READ, i);
                selector.register(pair[1], Selector.WRITE, i);
            }
            assertThat(selector.keys()).hasSize(2 * count);
            assertThat(pairs.getLast()[1].fd()).isGreaterThan(1_023);

            var ready = selector.select(Duration.ofSeconds(30));

            assertThat(ready).hasSize(count);
            assertThat(ready).allMatch(one -> one.events() == Selector.WRITE);
            assertThat(ready.stream().map(one -> one.key().data()).distinct().count())
                    .isEqualTo(count);
            unregisterEverySecond(selector, pairs);
            assertThat(selector.select(Duration.ZERO)).hasSize(count / 2);
        } finally {
            for (DescriptorEnd[] pair : pairs) {
                pair[0].close();
                pair[1].close();
            }
        }
    }

    private static void unregisterEverySecond(
            Selector<Integer> selector, List<DescriptorEnd[]> pairs) {
        for (int i = 0; i < pairs.size(); i += 2) {
            selector.unregister(pairs.get(i)[0]);
            selector.unregister(pairs.get(i)[1].fd());
        }
    }
}
