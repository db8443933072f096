package dev.pollux.selectors;

import static dev.pollux.selectors.DescriptorEnd.check;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.libc.Descriptors;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A number that was closed while one poller watched it, and is watched by another thread's by now:
/// what the first does about it late is nothing to the second.
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class SigioForeignersTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @RegisterExtension final Scene<SigioPoller, DescriptorEnd> scene = Scene.bySignals();
    private final Selector<String> selector = scene.selector;
    private final DescriptorEnd near = scene.near;

    private interface Late {
        void run();
    }

    private void assertHarmsNobody(Late late) throws Exception {
        selector.register(near, Interest.edge(Selector.READ), "first");
        DescriptorEnd[] others = DescriptorEnd.socketPair();
        check(Descriptors.dup2(others[0].fd(), near.fd())); // Closes what was there.
        var armed = new CountDownLatch(1);
        var disturbed = new CountDownLatch(1);
        Waiting<Integer> second =
                Waiting.in(() -> {
                    SigioPoller poller = SigioPoller.open();
                    poller.begin();
                    try (Selector<String> other = Selector.over(poller)) {
                        other.register(near, Interest.edge(Selector.READ), "second");
                        int fresh = other.select(Duration.ZERO).size();
                        armed.countDown();
                        disturbed.await();
                        return fresh + other.select(LONG).size();
                    }
                });
        armed.await();
        late.run();
        others[1].send("信号");
        disturbed.countDown();
        assertThat(second.result()).as("armed, and then received").isEqualTo(2);
        others[0].close();
        others[1].close();
    }

    @Test
    void unregisteringIt() throws Exception {
        assertHarmsNobody(() -> selector.unregister(near));
    }

    @Test
    void closingWithoutUnregisteringIt() throws Exception {
        assertHarmsNobody(selector::close);
    }
}
