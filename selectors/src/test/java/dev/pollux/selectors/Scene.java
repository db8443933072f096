package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.libc.ErrnoException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// What a test starts with: a selector, and a connection whose ends it may watch. Closes all three
/// behind the test, and fails it if it leaves descriptors open.
///
/// @param <P> what the selector waits with
/// @param <E> the kind of end
final class Scene<P extends Poller, E extends End> implements AfterEachCallback {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Map<String, String> before = LeakCheck.open();

    final P poller;
    final Selector<String> selector;
    final E near;
    final E far;

    private Scene(Supplier<P> pollers, Supplier<E[]> pairs) {
        poller = pollers.get();
        selector = Selector.over(poller);
        E[] pair = pairs.get();
        near = pair[0];
        far = pair[1];
    }

    /// With the ends that the mechanism can watch.
    static Scene<Poller, End> of(Bench bench) {
        return new Scene<>(bench::poller, bench::pair);
    }

    /// With the ends that the mechanism can watch, and a poller that can be told to fail.
    static Scene<InjectedPoller, End> injected(Bench bench) {
        return new Scene<>(() -> new InjectedPoller(bench.poller()), bench::pair);
    }

    /// With plain descriptors.
    static <P extends Poller> Scene<P, DescriptorEnd> over(Supplier<P> pollers) {
        return new Scene<>(pollers, DescriptorEnd::socketPair);
    }

    /// By signals to the thread of the test.
    static Scene<SigioPoller, DescriptorEnd> bySignals() {
        return over(() -> {
            try {
                SigioPoller poller = SigioPoller.open();
                poller.begin();
                return poller;
            } catch (ErrnoException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /// Whatever is ready now.
    int reported() throws Exception {
        int events = 0;
        for (Ready<String> ready : selector.select(Duration.ZERO)) {
            events |= ready.events();
        }
        return events;
    }

    /// One is ready now, with exactly these events.
    void assertReported(int events) throws Exception {
        assertThat(selector.select(Duration.ZERO))
                .extracting(Ready::events)
                .containsExactly(events);
    }

    /// This one alone becomes ready, with exactly these events.
    void assertReported(Object fileobj, int events) throws Exception {
        assertThat(selector.select(LONG))
                .containsExactly(new Ready<>(selector.key(fileobj), events));
    }

    void assertNothing() throws Exception {
        assertThat(selector.select(Duration.ZERO)).isEmpty();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        selector.close();
        near.close();
        far.close();
        assertThat(LeakCheck.open()).isEqualTo(before);
    }
}
