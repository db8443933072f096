package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Data that, asked whether it equals other data, changes the very registration that it belongs to.
@ParameterizedClass
@EnumSource(Bench.class)
@ExtendWith(LeakCheck.class)
@Timeout(60)
class MeddlingDataTest {
    @Parameter Bench bench;

    private record Meddler(Runnable meddling) {
        @Override
        public boolean equals(Object other) {
            meddling.run();
            return false;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    @Test
    void whatIsUnregisteredMeanwhileStaysSo() throws Exception {
        End[] pair = bench.pair();
        try (Selector<Object> selector = bench.open()) {
            pair[0].register(selector, Selector.WRITE);
            var data = new Meddler(() -> selector.unregister(pair[0].fileobj()));

            assertThatThrownBy(() -> selector.modify(pair[0].fileobj(), Selector.WRITE, data))
                    .isInstanceOf(IllegalStateException.class);

            assertThat(selector.keys()).isEmpty();
            assertThat(selector.select(Duration.ZERO)).isEmpty();
            pair[0].register(selector, Selector.WRITE);
            assertThat(selector.select(Duration.ZERO)).hasSize(1);
        }
        pair[0].close();
        pair[1].close();
    }

    @Test
    void whatIsModifiedMeanwhileStaysSo() throws Exception {
        End[] pair = bench.pair();
        try (Selector<Object> selector = bench.open()) {
            pair[0].register(selector, Selector.WRITE);
            var data = new Meddler(() -> modify(selector, pair[0]));

            assertThatThrownBy(() -> selector.modify(pair[0].fileobj(), Selector.WRITE, data))
                    .isInstanceOf(IllegalStateException.class);

            assertThat(selector.key(pair[0].fileobj()).events()).isEqualTo(Selector.READ);
            assertThat(selector.select(Duration.ZERO)).isEmpty();
        }
        pair[0].close();
        pair[1].close();
    }

    private static void modify(Selector<Object> selector, End end) {
        try {
            selector.modify(end.fileobj(), Selector.READ, "changed");
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsClosedMeanwhileStaysSo() throws Exception {
        End[] pair = bench.pair();
        Selector<Object> selector = bench.open();
        pair[0].register(selector, Selector.WRITE);
        var data = new Meddler(selector::close);

        assertThatThrownBy(() -> selector.modify(pair[0].fileobj(), Selector.WRITE, data))
                .isInstanceOf(IllegalStateException.class);

        assertThat(selector.keys()).isEmpty();
        pair[0].close();
        pair[1].close();
    }
}
