package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Real signals that arrive while a thread waits.
@ParameterizedClass
@EnumSource(value = Bench.class, mode = EnumSource.Mode.EXCLUDE, names = "NIO")
@ExtendWith(LeakCheck.class)
@Timeout(60)
class SignalTest {
    @Parameter Bench bench;

    /// What a thread does that is bombarded with signals until it is done.
    private interface Work<R> {
        R run() throws Exception;
    }

    private static <R> R underSignals(Work<R> work) throws Exception {
        var ready = new CompletableFuture<ThreadSignal>();
        Waiting<R> waiting =
                Waiting.in(() -> {
                    ready.complete(ThreadSignal.toThisThread(ThreadSignal.SIGPIPE));
                    return work.run();
                });
        try (ThreadSignal signal = ready.get()) {
            while (!waiting.isDone()) {
                signal.send();
            }
        }
        return waiting.result();
    }

    @Test
    void aWaitGoesOnToItsDeadline() throws Exception {
        try (Selector<String> selector = bench.open()) {
            Duration timeout = Duration.ofMillis(300);
            Duration waited =
                    underSignals(() -> {
                        long start = System.nanoTime();
                        assertThat(selector.select(timeout)).isEmpty();
                        return Duration.ofNanos(System.nanoTime() - start);
                    });
            assertThat(waited).isBetween(timeout, Duration.ofSeconds(30));
            assertThat(selector.statistics().interruptedWaits()).isPositive();
        }
    }

    @Test
    void aRawWaitEndsWithNothing() throws Exception {
        try (Selector<String> selector = bench.open()) {
            var ready = underSignals(() -> selector.selectUntilSignal(Duration.ofHours(1)));
            assertThat(ready).isEmpty();
            assertThat(selector.statistics().interruptedWaits()).isEqualTo(1);
        }
    }

    @Test
    void noEventIsLostUnderSignals() throws Exception {
        DescriptorEnd[] pair = DescriptorEnd.socketPair();
        try (Selector<String> selector = bench.open()) {
            selector.register(pair[0], Selector.READ);
            int rounds = 500;
            Waiting<Integer> peer =
                    Waiting.in(() -> {
                        try (Selector<String> own = bench.open()) {
                            own.register(pair[1], Selector.READ);
                            return echo(own, pair[1], rounds);
                        }
                    });
            pair[0].send("0");
            int turns = underSignals(() -> echo(selector, pair[0], rounds));
            assertThat(turns).isEqualTo(rounds);
            assertThat(peer.result()).isEqualTo(rounds);
        }
        pair[0].close();
        pair[1].close();
    }

    /// Answers each message with another. Both ends do so; the last answer is left unread.
    private static int echo(Selector<String> selector, DescriptorEnd end, int rounds)
            throws Exception {
        for (int i = 0; i < rounds; i++) {
            assertThat(selector.select()).hasSize(1);
            assertThat(end.receive()).isNotEmpty();
            end.send("答");
        }
        return rounds;
    }
}
