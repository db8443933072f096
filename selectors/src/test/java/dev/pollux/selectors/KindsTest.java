package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The event kinds beside reading and writing: under their own bits for who asks, folded for who
/// does not.
@ParameterizedClass
@EnumSource(value = Bench.class, mode = EnumSource.Mode.EXCLUDE, names = "NIO")
@Timeout(60)
class KindsTest {
    private static final int BOTH = Selector.READ | Selector.WRITE;

    private final Bench bench;

    @RegisterExtension final Scene<Poller, DescriptorEnd> scene;
    private final Selector<String> selector;
    private final DescriptorEnd near;
    private final DescriptorEnd far;

    KindsTest(Bench bench) {
        this.bench = bench;
        scene = Scene.over(bench::poller);
        selector = scene.selector;
        near = scene.near;
        far = scene.far;
    }

    @Test
    void aHangupWakesWhicheverSideIsRegistered() throws Exception {
        far.close();
        selector.register(near, Selector.READ);
        assertThat(scene.reported()).isEqualTo(Selector.READ);
        selector.modify(near, Selector.WRITE);
        assertThat(scene.reported()).isEqualTo(Selector.WRITE);
        selector.modify(near, BOTH);
        assertThat(scene.reported()).isEqualTo(BOTH);
    }

    @Test
    void theWriterOfABrokenPipeIsWoken() throws Exception {
        DescriptorEnd[] pipe = DescriptorEnd.pipe();
        selector.register(pipe[1], Selector.WRITE);
        pipe[0].close();
        assertThat(scene.reported()).isEqualTo(Selector.WRITE);
        pipe[1].close();
    }

    @Test
    void theReaderOfAPipeWithoutWritersIsWoken() throws Exception {
        DescriptorEnd[] pipe = DescriptorEnd.pipe();
        selector.register(pipe[0], Selector.READ);
        pipe[1].close();
        assertThat(scene.reported()).isEqualTo(Selector.READ);
        pipe[0].close();
    }

    @Test
    void urgentDataHasABitOfItsOwn() throws Exception {
        try (Listener listener = Listener.open();
                var client =
                        new Socket(listener.address().getAddress(), listener.address().getPort())) {
            DescriptorEnd server = listener.accept();
            selector.register(server, Interest.level(Selector.PRIORITY), null);
            assertThat(scene.reported()).isZero();

            client.sendUrgentData('!');

            var urgent = selector.select(Duration.ofSeconds(30));
            assertThat(urgent).extracting(Ready::events).containsExactly(Selector.PRIORITY);
            selector.modify(server, Selector.WRITE);
            assertThat(scene.reported()).as("not asked for").isEqualTo(Selector.WRITE);
            server.close();
        }
    }

    @Test
    void aDescriptorClosedWhileRegisteredIsAnErrorOrSilent() throws Exception {
        int fd = near.fd();
        selector.register(
                near, Interest.level(bench == Bench.SELECT ? BOTH : BOTH | Selector.ERROR), null);
        End[] other = bench.pair();
        other[0].register(selector, Selector.WRITE);
        near.close();

        var events = selector.select(Duration.ofSeconds(30));
        var ofClosed = events.stream().filter(ready -> ready.key().fd() == fd).toList();

        if (bench == Bench.EPOLL || bench == Bench.KQUEUE) {
            assertThat(ofClosed).isEmpty(); // The kernel has forgotten it.
        } else {
            int expected = bench == Bench.SELECT ? BOTH : Selector.ERROR;
            assertThat(ofClosed).extracting(Ready::events).containsExactly(expected);
        }
        assertThat(events.size() - ofClosed.size()).as("the others").isEqualTo(1);
        other[0].close();
        other[1].close();
    }

    @Test
    void whatTheMechanismCannotTellIsRefusedInWords() throws Exception {
        int bare = Selector.READ_CLOSED;
        if (bench == Bench.SELECT || bench == Bench.KQUEUE) {
            for (int kind : new int[] {bare, Selector.HANGUP, Selector.ERROR}) {
                assertThatThrownBy(() -> selector.register(near, Interest.level(kind), null))
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining("(2) tells");
            }
            assertThat(selector.keys()).isEmpty();
        } else {
            assertThat(selector.register(near, Interest.level(bare), null).events())
                    .isEqualTo(bare);
        }
    }

    @Test
    void anInterestNeedsEvents() {
        for (int events : new int[] {0, 64, -1}) {
            assertThatIllegalArgumentException().isThrownBy(() -> Interest.level(events));
        }
        assertThat(Interest.edge(BOTH)).isEqualTo(new Interest(BOTH, Trigger.EDGE));
        assertThat(Interest.oneShot(BOTH).trigger()).isEqualTo(Trigger.ONE_SHOT);
        assertThat(Interest.exclusive(BOTH).trigger()).isEqualTo(Trigger.EXCLUSIVE);
        assertThatNullPointerException().isThrownBy(() -> new Interest(BOTH, null));
    }
}
