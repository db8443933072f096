package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A selector that is forgotten gives its descriptors back, and somebody hears of it.
@ExtendWith(LeakCheck.class)
@Timeout(60)
class ForgottenTest {
    @Test
    void itIsClosedWithAWord(@TempDir Path folder) throws Exception {
        assertThat(ChildJvm.run(folder, Forgetful.class, ChildJvm.ALLOWED).lines())
                .contains(
                        "select: closed, descriptors left: 0",
                        "poll: closed, descriptors left: 0",
                        "epoll: closed, descriptors left: 0",
                        "nio: closed, descriptors left: 0",
                        "words: 4");
    }

    /// As everything that needs a thread must say or do without, and try again.
    @Test
    void noThreadForItIsNoReasonNotToOpen(@TempDir Path folder) throws Exception {
        assertThat(ChildJvm.run(folder, WithoutAThread.class, ChildJvm.ALLOWED))
                .contains("cleaner: null", "opened: epoll");
    }

    @Test
    void aPollerThatNoSelectorCanBeMadeOfIsClosed() throws Exception {
        var poller = new InjectedPoller(Mechanism.EPOLL.poller());
        poller.onWakeFd =
                () -> {
                    throw new OutOfMemoryError("memory is short");
                };
        assertThatThrownBy(() -> Selector.over(poller)).isInstanceOf(OutOfMemoryError.class);
    }
}
