package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The same random sequence on every mechanism at once: after each step all must say the same of
/// the same descriptors, and hold the same keys.
@ExtendWith(LeakCheck.class)
@Timeout(60)
class RandomSequencesTest {
    private static final List<Bench> BENCHES =
            List.of(Bench.SELECT, Bench.POLL, Bench.EPOLL, Bench.KQUEUE, Bench.DEVPOLL);
    private static final int STEPS = 150;
    private static final int PAIRS = 6;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 100);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyMechanismSaysTheSame(long seed) throws Exception {
        try (var world = new World(seed)) {
            for (int step = 0; step < STEPS; step++) {
                String done = world.step();
                world.compare("seed %d, step %d: %s".formatted(seed, step, done));
            }
        }
    }

    /// Some connections, and a selector of each mechanism that watches them.
    private static final class World implements AutoCloseable {
        private final Random random;
        private final Map<Bench, Selector<String>> selectors = new EnumMap<>(Bench.class);
        private final List<DescriptorEnd> ends = new ArrayList<>();
        private final List<Integer> duplicates = new ArrayList<>();

        /// What is registered, by descriptor: the events.
        private final Map<Integer, Integer> registered = new TreeMap<>();

        World(long seed) {
            random = new Random(seed);
            for (Bench bench : BENCHES) {
                selectors.put(bench, bench.open());
            }
            for (int i = 0; i < PAIRS; i++) {
                ends.addAll(List.of(DescriptorEnd.socketPair()));
            }
        }

        /// Does something, and says what.
        String step() throws Exception {
            int index = random.nextInt(ends.size());
            DescriptorEnd end = ends.get(index);
            String what = "end %d (fd %d) ".formatted(index, end.fd());
            return switch (random.nextInt(12)) {
                case 0, 1, 2 -> what + watch(end);
                case 3, 4 -> what + unwatch(end);
                case 5, 6 -> what + send(end);
                case 7, 8 -> what + "receives " + receive(end);
                case 9 -> what + finish(end);
                case 10 -> what + duplicate(end);
                default -> what + replace(index);
            };
        }

        private String watch(DescriptorEnd end) throws Exception {
            int events = 1 + random.nextInt(3);
            boolean known = registered.put(end.fd(), events) != null;
            for (Selector<String> selector : selectors.values()) {
                SelectorKey<String> key =
                        known
                                ? selector.modify(end, events, "data " + events)
                                : selector.register(end, events, "data " + events);
                assertThat(key.fd()).isEqualTo(end.fd());
            }
            return (known ? "modified to " : "registered for ") + events;
        }

        private String unwatch(DescriptorEnd end) {
            if (registered.remove(end.fd()) == null) {
                return "is not registered";
            }
            selectors.values().forEach(selector -> selector.unregister(end));
            return "unregistered";
        }

        private String send(DescriptorEnd end) {
            int sent = end.trySend("消息");
            return "sends: " + (sent < 0 ? Errno.name(-sent) : sent);
        }

        private String receive(DescriptorEnd end) {
            return end.tryReceive();
        }

        private String finish(DescriptorEnd end) {
            end.finish();
            return "finishes";
        }

        /// A duplicate keeps the file open behind its number's back.
        private String duplicate(DescriptorEnd end) {
            int duplicate = DescriptorEnd.check(Descriptors.dup(end.fd()));
            duplicates.add(duplicate);
            return "duplicated as " + duplicate;
        }

        /// Closes a pair, registered or not, unregisters it before or after, and puts another in
        /// its place, most likely under the same numbers.
        private String replace(int index) {
            int first = index & ~1;
            boolean before = random.nextBoolean();
            List<Integer> numbers = List.of(ends.get(first).fd(), ends.get(first + 1).fd());
            if (before) {
                numbers.forEach(this::forget);
            }
            ends.get(first).close();
            ends.get(first + 1).close();
            DescriptorEnd[] fresh = random.nextBoolean() ? DescriptorEnd.socketPair() : null;
            numbers.forEach(this::forget);
            if (fresh == null) {
                fresh = DescriptorEnd.socketPair();
            }
            ends.set(first, fresh[0]);
            ends.set(first + 1, fresh[1]);
            return "is replaced by " + fresh[0].fd() + " and " + fresh[1].fd();
        }

        private void forget(int number) {
            if (registered.remove(number) != null) {
                selectors.values().forEach(selector -> selector.unregister(number));
            }
        }

        /// Asks every mechanism what is ready, and whether it holds the right keys.
        void compare(String context) throws Exception {
            Map<Integer, Integer> expected = null;
            for (var selector : selectors.entrySet()) {
                String who = selector.getKey() + " after " + context;
                Map<Integer, Integer> ready = ready(selector.getValue());
                if (expected == null) {
                    expected = ready;
                }
                assertThat(ready).as(who).isEqualTo(expected);
                var keys = new TreeMap<Integer, Integer>();
                selector.getValue().keys().forEach((fd, key) -> keys.put(fd, key.events()));
                assertThat(keys).as(who).isEqualTo(registered);
            }
        }

        private static Map<Integer, Integer> ready(Selector<String> selector) throws Exception {
            var ready = new TreeMap<Integer, Integer>();
            for (Ready<String> one : selector.select(Duration.ZERO)) {
                ready.merge(one.key().fd(), one.events(), (a, b) -> a | b);
                assertThat(one.key().data()).isEqualTo("data " + one.key().events());
            }
            return ready;
        }

        @Override
        public void close() {
            selectors.values().forEach(Selector::close);
            ends.forEach(DescriptorEnd::close);
            duplicates.forEach(Descriptors::close);
        }
    }
}
