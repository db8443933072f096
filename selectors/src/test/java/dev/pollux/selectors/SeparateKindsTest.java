package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Hangups, errors and the end of the other side under bits of their own, where the mechanism tells
/// them.
@ParameterizedClass
@EnumSource(
        value = Bench.class,
        names = {"POLL", "EPOLL", "KQUEUE", "DEVPOLL"})
@Timeout(60)
class SeparateKindsTest {
    private static final int BOTH = Selector.READ | Selector.WRITE;

    private final Bench bench;

    @RegisterExtension final Scene<Poller, DescriptorEnd> scene;
    private final Selector<String> selector;
    private final DescriptorEnd near;
    private final DescriptorEnd far;

    SeparateKindsTest(Bench bench) {
        this.bench = bench;
        scene = Scene.over(bench::poller);
        selector = scene.selector;
        near = scene.near;
        far = scene.far;
    }

    @Test
    void theEndOfTheOtherSideHasABitOfItsOwn() throws Exception {
        int wanted = Selector.READ | Selector.READ_CLOSED;
        selector.register(near, Interest.level(wanted), null);
        far.send("末");
        assertThat(scene.reported()).isEqualTo(Selector.READ);

        far.finish();
        assertThat(scene.reported()).isEqualTo(wanted);
        assertThat(near.receive()).isEqualTo("末");
        assertThat(scene.reported()).isEqualTo(wanted);
    }

    @Test
    void aHangupHasABitOfItsOwn() throws Exception {
        selector.register(near, Interest.level(BOTH | Selector.HANGUP), null);
        assertThat(scene.reported()).isEqualTo(Selector.WRITE);
        far.close();
        assertThat(scene.reported() & Selector.HANGUP).isEqualTo(Selector.HANGUP);
    }

    @Test
    void onesOwnHalfCloseIsNoHangup() throws Exception {
        selector.register(near, Interest.level(BOTH | Selector.HANGUP), null);
        near.finish();
        assertThat(scene.reported()).isEqualTo(Selector.WRITE);
        far.send("余");
        assertThat(scene.reported()).as("there is more to come").isEqualTo(BOTH);
        assertThat(near.receive()).isEqualTo("余");

        far.finish();
        assertThat(scene.reported()).isEqualTo(BOTH | Selector.HANGUP);
    }

    @Test
    void theOtherSidesHalfCloseIsNoHangup() throws Exception {
        selector.register(near, Interest.level(BOTH | Selector.HANGUP), null);
        far.finish();
        assertThat(scene.reported()).isEqualTo(BOTH);
        near.finish();
        assertThat(scene.reported()).isEqualTo(BOTH | Selector.HANGUP);
    }

    @Test
    void aHangupOfHalfAnInterestIsToldOrRefused() throws Exception {
        for (int half : new int[] {Selector.READ, Selector.WRITE}) {
            var interest = Interest.level(half | Selector.HANGUP);
            if (bench == Bench.KQUEUE) {
                assertThatThrownBy(() -> selector.register(near, interest, null))
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessage("kqueue(2) tells HANGUP only together with READ and WRITE");
            } else {
                selector.register(near, interest, null);
                selector.unregister(near);
            }
        }
    }

    @Test
    void anErrorHasABitOfItsOwn() throws Exception {
        DescriptorEnd[] pipe = DescriptorEnd.pipe();
        selector.register(pipe[1], Interest.level(Selector.WRITE | Selector.ERROR), null);
        assertThat(scene.reported()).isEqualTo(Selector.WRITE);
        pipe[0].close();
        assertThat(scene.reported() & Selector.ERROR).isEqualTo(Selector.ERROR);
        pipe[1].close();
    }

    @Test
    void whatTheKernelAlwaysReportsIsNeverHidden() throws Exception {
        if (bench == Bench.KQUEUE) {
            return; // It refuses such an interest.
        }
        selector.register(near, Interest.level(Selector.READ_CLOSED), null);
        assertThat(scene.reported()).isZero();
        far.close();
        assertThat(scene.reported()).isEqualTo(Selector.READ_CLOSED);

        selector.modify(near, Interest.level(Selector.PRIORITY), null);
        assertThat(scene.reported()).isEqualTo(Selector.HANGUP);
    }
}
