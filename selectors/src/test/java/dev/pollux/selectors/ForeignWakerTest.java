package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.EventfdCalls;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Somebody closes what the selector is woken by, as who closes a number twice may. Only the
/// mechanisms that ask for every descriptor at every wait can notice.
@ParameterizedClass
@EnumSource(
        value = Bench.class,
        names = {"SELECT", "POLL", "DEVPOLL"})
@Timeout(60)
class ForeignWakerTest {
    @RegisterExtension final Scene<InjectedPoller, DescriptorEnd> scene;
    private final InjectedPoller poller;
    private final Selector<String> selector;

    ForeignWakerTest(Bench bench) {
        scene = Scene.over(() -> new InjectedPoller(bench.poller()));
        poller = scene.poller;
        selector = scene.selector;
    }

    @Test
    void aWaitFailsInsteadOfSpinning() throws Exception {
        selector.register(scene.near, Selector.READ);
        int waker = poller.wakeFd();
        DescriptorEnd.check(Descriptors.close(waker));
        try {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> selector.select(Duration.ofSeconds(2)))
                        .isInstanceOfSatisfying(
                                ErrnoException.class,
                                e -> {
                                    assertThat(e.errno()).isEqualTo(Errno.EBADF);
                                    assertThat(e.fd()).isEqualTo(waker);
                                });
            }
        } finally {
            putBack(waker);
        }
        assertThat(selector.select(Duration.ofMillis(1))).isEmpty();
    }

    private static void putBack(int waker) {
        int fresh = DescriptorEnd.check(EventfdCalls.create(0, 0));
        if (fresh != waker) {
            DescriptorEnd.check(Descriptors.dup2(fresh, waker));
            DescriptorEnd.check(Descriptors.close(fresh));
        }
    }
}
