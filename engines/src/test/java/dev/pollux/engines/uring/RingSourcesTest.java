package dev.pollux.engines.uring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Who is told of a completion, and that nobody is told of another's.
final class RingSourcesTest {
    /// Notes what it is told.
    private static final class Noting implements RingSource {
        final List<String> told = new ArrayList<>();

        @Override
        public void completed(int operation, int result, int flags) {
            told.add(operation + " " + result + " " + flags);
        }

        @Override
        public void failed(Throwable e) {
            told.add("failed " + e);
        }

        @Override
        public void end() {
            told.add("end");
        }
    }

    private final RingSources sources = new RingSources();

    @Test
    void aMarkTellsItsSourceAndItsOperation() {
        Noting source = new Noting();
        long identity = sources.add(source);
        for (int operation : new int[] {1, 2, 127, 128, 255}) {
            long mark = RingSources.mark(identity, operation);
            assertThat(sources.find(mark)).isSameAs(source);
            assertThat(RingSources.operation(mark)).isEqualTo(operation);
            assertThat(mark).isNotZero();
        }
    }

    @Test
    void aLateCompletionDoesNotReachTheNextSourceInItsPlace() {
        long first = sources.add(new Noting());
        sources.remove(first);
        assertThat(sources.find(RingSources.mark(first, 1))).isNull();
        Noting next = new Noting();
        long second = sources.add(next);
        assertThat((int) second).as("the place").isEqualTo((int) first);
        assertThat(sources.find(RingSources.mark(first, 1))).isNull();
        assertThat(sources.find(RingSources.mark(second, 1))).isSameAs(next);
    }

    @Test
    void noIdentityIsZeroHoweverOftenAPlaceIsUsed() {
        for (int i = 0; i < (1 << 24) + 10; i++) {
            long identity = sources.add(this.nobody);
            assertThat(identity == 0 || sources.find(RingSources.mark(identity, 1)) == null)
                    .isFalse();
            sources.remove(identity);
        }
    }

    private final Noting nobody = new Noting();

    @Test
    void manyComeAndGo() {
        Random random = new Random(1);
        Map<Long, RingSource> model = new HashMap<>();
        List<Long> identities = new ArrayList<>();
        List<Long> gone = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            if (identities.isEmpty() || random.nextInt(100) < 55) {
                Noting source = new Noting();
                long identity = sources.add(source);
                assertThat(model.put(identity, source)).isNull();
                identities.add(identity);
            } else {
                int at = random.nextInt(identities.size());
                long identity = identities.set(at, identities.getLast());
                identities.removeLast();
                sources.remove(identity);
                model.remove(identity);
                gone.add(identity);
            }
        }
        assertThat(sources.size()).isEqualTo(model.size());
        model.forEach((identity, source) ->
                assertThat(sources.find(RingSources.mark(identity, 3))).isSameAs(source));
        gone.forEach(identity -> assertThat(sources.find(RingSources.mark(identity, 3))).isNull());
        sources.endAll();
        model.values().forEach(source -> assertThat(((Noting) source).told).containsExactly("end"));
    }
}
