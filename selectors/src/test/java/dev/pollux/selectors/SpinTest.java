package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.EventfdCalls;
import dev.pollux.libc.Sockets;
import java.nio.channels.ClosedSelectorException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A descriptor that spins is reported once; one that is merely busy is not.
@ParameterizedClass
@EnumSource(
        value = Bench.class,
        names = {"SELECT", "EPOLL"})
@Timeout(60)
class SpinTest {
    private static final int ENOUGH = 3 * SpinDetector.STREAK_MIN;

    private final List<Spin<String>> spins = new ArrayList<>();
    @RegisterExtension final Scene<Poller, DescriptorEnd> scene;
    private final Selector<String> selector;
    private final DescriptorEnd near;
    private final DescriptorEnd far;

    SpinTest(Bench bench) {
        scene = Scene.over(bench::poller);
        selector = scene.selector;
        near = scene.near;
        far = scene.far;
        selector.onSpin(spins::add);
    }

    private void spin(int waits) throws Exception {
        for (int i = 0; i < waits; i++) {
            selector.select(0, (_, _) -> {});
        }
    }

    @Test
    void unreadDataIsReportedOnce() throws Exception {
        var key = selector.register(near, Selector.READ, "忘");
        far.send("nobody reads this");
        spin(ENOUGH);

        assertThat(spins).hasSize(1);
        Spin<String> spin = spins.getFirst();
        assertThat(spin.fd()).isEqualTo(near.fd());
        assertThat(spin.events()).isEqualTo(Selector.READ);
        assertThat(spin.key()).isSameAs(key);
        assertThat(spin.waits()).isGreaterThanOrEqualTo(SpinDetector.STREAK_MIN);

        spin(ENOUGH);
        assertThat(spins).hasSize(1);
    }

    @Test
    void aNewRegistrationIsReportedAnew() throws Exception {
        selector.register(near, Selector.READ);
        far.send("nobody reads this");
        spin(ENOUGH);
        selector.unregister(near);
        selector.register(near, Selector.READ);
        spin(ENOUGH);
        assertThat(spins).hasSize(2);
    }

    @Test
    void anEndOfInputThatNobodyHeedsIsReportedThoughItIsRead() throws Exception {
        selector.register(near, Selector.READ);
        far.finish();
        for (int i = 0; i < ENOUGH; i++) {
            selector.select(0, (_, _) -> assertThat(near.receive()).isEmpty());
        }
        assertThat(spins).extracting(Spin::fd).containsExactly(near.fd());
    }

    @Test
    void writeInterestWithNothingToWriteIsReported() throws Exception {
        selector.register(near, Selector.WRITE);
        spin(ENOUGH);
        assertThat(spins).extracting(Spin::events).containsExactly(Selector.WRITE);
    }

    @Test
    void theSpinnerAmongTheBusyIsFound() throws Exception {
        DescriptorEnd[] busy = DescriptorEnd.socketPair();
        selector.register(busy[0], Selector.READ, "busy");
        selector.register(near, Selector.READ, "忘");
        far.send("nobody reads this");
        for (int i = 0; i < 10 * ENOUGH && spins.isEmpty(); i++) {
            if (i % 3 == 0) {
                busy[1].send("x");
            }
            selector.select(0, (key, _) -> read(key, busy[0]));
        }
        assertThat(spins).extracting(Spin::fd).containsExactly(near.fd());
        busy[0].close();
        busy[1].close();
    }

    private static void read(SelectorKey<String> key, DescriptorEnd busy) {
        if ("busy".equals(key.data())) {
            busy.receive();
        }
    }

    @Test
    void aBusyReaderIsNotReported() throws Exception {
        selector.register(near, Selector.READ);
        for (int i = 0; i < 5 * ENOUGH; i++) {
            far.send("same size each time");
            selector.select(Selector.FOREVER, (_, _) -> near.receive());
        }
        assertThat(spins).isEmpty();
    }

    /// As many bytes are on their way at each wait as at any other.
    @Test
    void twoBusyEndsInOneLoopAreNotReported() throws Exception {
        selector.register(near, Selector.READ, "near");
        selector.register(far, Selector.READ, "far");
        near.send("pp");
        far.send("pp");
        for (int i = 0; i < 5 * ENOUGH; i++) {
            selector.select(Selector.FOREVER, (key, _) -> echo((DescriptorEnd) key.fileobj()));
        }
        assertThat(spins).isEmpty();
    }

    private static void echo(DescriptorEnd end) {
        end.send(end.receive());
    }

    @Test
    void aBusyWriterIsNotReported() throws Exception {
        selector.register(near, Selector.WRITE);
        for (int i = 0; i < 5 * ENOUGH; i++) {
            selector.select(Selector.FOREVER, (_, _) -> near.send("y"));
            far.receive();
        }
        assertThat(spins).isEmpty();
    }

    @Test
    void aBusyListenerIsNotReported() throws Exception {
        try (Listener listener = Listener.open()) {
            selector.register(listener, Selector.READ);
            int client = connect(listener);
            for (int i = 0; i < ENOUGH; i++) {
                int next = connect(listener);
                selector.select(Selector.FOREVER, (_, _) -> listener.accept().close());
                Descriptors.close(client);
                client = next;
            }
            Descriptors.close(client);
            selector.unregister(listener);
        }
        assertThat(spins).isEmpty();
    }

    private static int connect(Listener listener) {
        int client = DescriptorEnd.check(Sockets.socket(Sockets.AF_INET, Sockets.SOCK_STREAM, 0));
        DescriptorEnd.check(Sockets.connect(client, listener.address()));
        return client;
    }

    @Test
    void aListenerThatNobodyAcceptsFromIsReported() throws Exception {
        try (Listener listener = Listener.open()) {
            selector.register(listener, Selector.READ);
            int client = connect(listener);
            spin(ENOUGH);
            assertThat(spins).extracting(Spin::fd).containsExactly(listener.fd());
            selector.unregister(listener);
            Descriptors.close(client);
        }
    }

    @Test
    void aCounterThatNobodyReadsIsReported() throws Exception {
        int counter = DescriptorEnd.check(EventfdCalls.create(1, 0));
        selector.register(counter, Selector.READ);
        spin(ENOUGH);
        assertThat(spins).extracting(Spin::fd).containsExactly(counter);
        Descriptors.close(counter);
    }

    /// What a server does that runs out of descriptors: it tries to accept, again and again.
    @Test
    void aListenerWithoutADescriptorLeftIsReported() throws Exception {
        try (Listener listener = Listener.open()) {
            selector.register(listener, Selector.READ);
            int client = connect(listener);
            long limit = Descriptors.nofileSoft();
            spin(SpinDetector.STREAK_MIN + 1); // Loads what needs descriptors to be loaded.
            int lowest = DescriptorEnd.check(Descriptors.dup(client));
            DescriptorEnd.check(Descriptors.close(lowest));
            DescriptorEnd.check(Descriptors.setNofileSoft(lowest));
            try {
                for (int i = 0; i < ENOUGH; i++) {
                    selector.select(0, (_, _) -> assertNoDescriptor(listener));
                }
            } finally {
                DescriptorEnd.check(Descriptors.setNofileSoft(limit));
            }
            assertThat(spins).extracting(Spin::fd).containsExactly(listener.fd());
            selector.unregister(listener);
            Descriptors.close(client);
        }
    }

    private static void assertNoDescriptor(Listener listener) {
        assertThat(Sockets.accept(listener.fd(), 0, 0)).isEqualTo(-Errno.EMFILE);
    }

    /// The natural answer to a spin that nobody can explain.
    @Test
    void aListenerThatClosesTheSelectorEndsTheWait() throws Exception {
        selector.register(near, Selector.READ);
        selector.onSpin(spin -> {
            spins.add(spin);
            selector.unregister(near);
            selector.close();
        });
        far.send("nobody reads this");
        Waiting<Integer> waiting = Waiting.in(this::spinWhileOpen);
        assertThat(waiting.result()).isZero();
        assertThat(spins).hasSize(1);
        assertThatThrownBy(() -> selector.select()).isInstanceOf(ClosedSelectorException.class);
    }

    /// What the last wait has brought.
    private int spinWhileOpen() throws Exception {
        int brought = 1;
        while (selector.isOpen()) {
            brought = selector.select(Selector.FOREVER, (_, _) -> {});
        }
        return brought;
    }

    @Test
    void withoutAListenerNothingHappens() throws Exception {
        selector.onSpin(null);
        selector.register(near, Selector.WRITE);
        spin(ENOUGH);
        assertThat(spins).isEmpty();
    }
}
