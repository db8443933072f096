package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// What only epoll does, or refuses.
@Timeout(60)
class EpollPollerTest {
    private static final Duration NOW = Duration.ZERO;

    @RegisterExtension final Scene<Poller, DescriptorEnd> scene = Scene.over(Bench.EPOLL::poller);
    private final Selector<String> selector = scene.selector;
    private final DescriptorEnd near = scene.near;
    private final DescriptorEnd far = scene.far;

    @TempDir Path folder;

    @Test
    void exclusiveIsRefusedWithOtherKindsAndForChangesBeforeAnythingIsTouched() throws Exception {
        var key = selector.register(near, Interest.exclusive(Selector.READ), null);
        far.send("x");
        scene.assertReported(Selector.READ);
        assertUnsupported(() -> selector.modify(near, Selector.READ));
        assertUnsupported(() -> selector.modifyEvents(near, Selector.WRITE));
        assertThat(selector.key(near)).isSameAs(key);
        scene.assertReported(Selector.READ);
        assertThat(selector.modify(near, Interest.exclusive(Selector.READ), "新").data())
                .isEqualTo("新");
        selector.unregister(near);

        for (int kind : new int[] {Selector.PRIORITY, Selector.READ_CLOSED}) {
            var interest = Interest.exclusive(Selector.READ | kind);
            assertUnsupported(() -> selector.register(near, interest, null));
        }
        var plain = selector.register(near, Selector.READ);
        assertUnsupported(() -> selector.modify(near, Interest.exclusive(Selector.READ), null));
        assertThat(selector.key(near)).isSameAs(plain);
        scene.assertReported(Selector.READ);
    }

    private static void assertUnsupported(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("EXCLUSIVE");
    }

    private int openFile() throws Exception {
        Path file = Files.writeString(folder.resolve("文件"), "内容");
        return DescriptorEnd.check(Descriptors.open(file.toString(), Descriptors.O_RDONLY, 0));
    }

    @Test
    void aRegularFileIsRefusedAndRolledBack() throws Exception {
        int file = openFile();
        assertRefused(() -> selector.register(file, Selector.READ), Errno.EPERM);
        assertThat(selector.keys()).isEmpty();
        Descriptors.close(file);
    }

    @Test
    void itselfIsRefused() {
        int epoll = selector.fd().orElseThrow();
        assertRefused(() -> selector.register(epoll, Selector.READ), Errno.EINVAL);
        assertThat(selector.keys()).isEmpty();
    }

    @Test
    void theSelectorClosesWhatStandsForFiles() throws Exception {
        int file = openFile();
        selector.register(new MaybeFile(file), Selector.READ);
        selector.close();
        Descriptors.close(file);
    }

    @Test
    void selectorsNest() throws Exception {
        try (Selector<String> inner = Mechanism.EPOLL.open()) {
            inner.register(near, Selector.READ);
            selector.register(inner.fd().orElseThrow(), Selector.READ);
            scene.assertNothing();
            far.send("x");
            scene.assertReported(Selector.READ);
            assertThat(inner.select(NOW)).hasSize(1);
        }
    }

    /// A duplicate keeps the file, and with it its registration, which then cannot be deleted any
    /// more.
    @Test
    void theGhostOfADuplicatedDescriptorIsNotTakenForItsSuccessor() throws Exception {
        selector.register(near, Selector.READ);
        int number = near.fd();
        int duplicate = DescriptorEnd.check(Descriptors.dup(number));
        DescriptorEnd[] other = DescriptorEnd.socketPair();
        DescriptorEnd.check(Descriptors.dup2(other[0].fd(), number));
        selector.unregister(number);
        var key = selector.register(number, Selector.READ, "successor");
        far.send("for the ghost");

        var spins = new ArrayList<Spin<String>>();
        selector.onSpin(spins::add);
        for (int i = 0; i < 2 * SpinDetector.STREAK_MIN; i++) {
            scene.assertNothing();
        }
        assertThat(selector.statistics().staleEvents()).isEqualTo(2 * SpinDetector.STREAK_MIN);
        assertThat(spins).hasSize(1);
        assertThat(spins.getFirst().key()).as("a ghost has no key").isNull();
        other[1].send("x");
        assertThat(selector.select()).containsExactly(new Ready<>(key, Selector.READ));
        Descriptors.close(duplicate);
        other[0].close();
        other[1].close();
    }

    @Test
    void aWakeupCostsOneCallAndIsNotRead() throws Exception {
        long before = calls("epoll_wait");
        for (int i = 0; i < 10; i++) {
            selector.wakeup();
            assertThat(selector.select()).isEmpty();
            scene.assertNothing();
        }
        assertThat(calls("epoll_wait") - before).isEqualTo(20);
        assertThat(calls("write")).isEqualTo(10);
        assertThat(calls("read")).isZero();
    }

    private long calls(String name) {
        return selector.statistics().systemCalls().get(name);
    }

    @Test
    void oneWaitReportsAllThatIsReady() throws Exception {
        List<DescriptorEnd[]> pairs = new ArrayList<>();
        for (int i = 0; i < 700; i++) {
            pairs.add(DescriptorEnd.socketPair());
            selector.register(pairs.get(i)[0], Selector.WRITE);
            selector.register(pairs.get(i)[1], Selector.WRITE);
        }
        assertThat(selector.select(NOW)).hasSize(1_400);
        for (DescriptorEnd[] pair : pairs) {
            pair[0].close();
            pair[1].close();
        }
    }

    private static void assertRefused(ThrowingCallable call, int errno) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }
}
