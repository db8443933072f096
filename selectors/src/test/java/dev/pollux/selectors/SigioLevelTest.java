package dev.pollux.selectors;

import static dev.pollux.selectors.DescriptorEnd.check;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.EventfdCalls;
import dev.pollux.libc.SignalCalls;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// What is level-triggered beside signals, waking, interruptions, and what is refused.
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class SigioLevelTest {
    @RegisterExtension final Scene<SigioPoller, DescriptorEnd> scene = Scene.bySignals();
    private final SigioPoller poller = scene.poller;
    private final Selector<String> selector = scene.selector;
    private final DescriptorEnd near = scene.near;
    private final DescriptorEnd far = scene.far;

    @Test
    void aListenerIsReportedUntilNobodyWaitsAtIt() throws Exception {
        try (Listener listener = Listener.open()) {
            selector.register(listener, Selector.READ);
            scene.assertNothing();
            for (int round = 0; round < 2; round++) {
                int port = listener.address().getPort();
                try (var one = new Socket(listener.address().getAddress(), port);
                        var two = new Socket(listener.address().getAddress(), port)) {
                    assertThat(one.isConnected() && two.isConnected()).isTrue();
                    scene.assertReported(listener, Selector.READ);
                    listener.accept().close();
                    scene.assertReported(listener, Selector.READ);
                    listener.accept().close();
                    scene.assertNothing();
                }
            }
            selector.unregister(listener);
        }
    }

    @Test
    void aListenerWhereSomebodyWaitedBeforeIsReported() throws Exception {
        try (Listener listener = Listener.open();
                var early =
                        new Socket(listener.address().getAddress(), listener.address().getPort())) {
            assertThat(early.isConnected()).isTrue();
            selector.register(listener, Selector.READ);
            scene.assertReported(listener, Selector.READ);
            selector.unregister(listener);
        }
    }

    @Test
    void aPipeACounterAndSignalsEndTheSameWait() throws Exception {
        DescriptorEnd[] pipe = DescriptorEnd.pipe();
        int counter = check(EventfdCalls.create(0, 0));
        selector.register(pipe[0], Selector.READ);
        selector.register(counter, Selector.READ);
        selector.register(near, Interest.edge(Selector.READ), null);
        scene.assertReported(near, Selector.READ);
        scene.assertNothing();

        pipe[1].send("管");
        scene.assertReported(pipe[0], Selector.READ);
        scene.assertReported(pipe[0], Selector.READ);
        assertThat(pipe[0].receive()).isEqualTo("管");
        EventfdCalls.write(counter, 1);
        scene.assertReported(counter, Selector.READ);
        assertThat(EventfdCalls.read(counter)).isEqualTo(1);
        Waiting<Void> sender =
                Waiting.in(() -> {
                    far.send("信号");
                    return null;
                });
        scene.assertReported(near, Selector.READ);
        sender.result();
        selector.unregister(counter);
        pipe[1].close();
        scene.assertReported(pipe[0], Selector.READ);
        selector.unregister(pipe[0]);
        far.send("!");
        scene.assertReported(near, Selector.READ);
        pipe[0].close();
        Descriptors.close(counter);
    }

    @Test
    void anotherPersonsSocketKeepsItsFlags() throws Exception {
        selector.register(near, Selector.READ);
        int flags = Descriptors.fcntl(near.fd(), Descriptors.F_GETFL, 0);
        assertThat(flags & Descriptors.O_ASYNC).isZero();
        scene.assertNothing();
        far.send("级");
        scene.assertReported(near, Selector.READ);
        scene.assertReported(near, Selector.READ);
        selector.modify(near, Selector.WRITE);
        scene.assertReported(near, Selector.WRITE);
        selector.modify(near, Interest.edge(Selector.READ), null);
        scene.assertReported(near, Selector.READ);
        scene.assertNothing();
        selector.modify(near, Selector.READ);
        scene.assertReported(near, Selector.READ);
        assertThat(Descriptors.fcntl(near.fd(), Descriptors.F_GETFL, 0)).isEqualTo(flags);
    }

    @Test
    void aRegularFileIsAlwaysReady(@TempDir Path folder) throws Exception {
        Path path = Files.writeString(folder.resolve("文件"), "内容");
        int file = check(Descriptors.open(path.toString(), Descriptors.O_RDONLY, 0));
        selector.register(new MaybeFile(file), Selector.READ, null);
        scene.assertReported(file, Selector.READ);
        scene.assertReported(file, Selector.READ);
        Descriptors.close(file);
        scene.assertReported(file, Selector.READ);
    }

    @Test
    void whatCannotSendIsRefusedForEdges() throws Exception {
        int counter = check(EventfdCalls.create(0, 0));
        assertErrno(
                Errno.EPERM, () -> selector.register(counter, Interest.edge(Selector.READ), null));
        selector.register(counter, Selector.READ);
        assertErrno(
                Errno.EPERM, () -> selector.modify(counter, Interest.edge(Selector.READ), null));
        assertThat(selector.keys()).isEmpty();
        Descriptors.close(counter);
        assertErrno(Errno.EBADF, () -> selector.register(counter, Selector.READ));
        assertErrno(
                Errno.EBADF, () -> selector.register(counter, Interest.edge(Selector.READ), null));
        assertThatThrownBy(() -> selector.register(near, Interest.oneShot(Selector.READ), null))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    private static void assertErrno(int errno, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }

    @Test
    void itBelongsToOneThread() throws Exception {
        assertThatIllegalStateException().isThrownBy(poller::begin);
        Waiting.in(
                        () -> {
                            assertThatIllegalStateException()
                                    .isThrownBy(() -> selector.register(near, Selector.READ))
                                    .withMessageContaining("belongs to");
                            return null;
                        })
                .result();
        var virtual = new CompletableFuture<Throwable>();
        SigioPoller other = SigioPoller.open();
        Thread.startVirtualThread(() -> {
            try {
                other.begin();
            } catch (ErrnoException | IllegalStateException e) {
                virtual.complete(e);
            }
        });
        assertThat(virtual.get()).isInstanceOf(IllegalStateException.class);
        other.close();
    }

    @Test
    void aWakeupEndsTheRunningWaitOrTheNext() throws Exception {
        Waiting<Void> waker =
                Waiting.in(() -> {
                    selector.wakeup();
                    return null;
                });
        assertThat(selector.select()).isEmpty();
        waker.result();
        for (int i = 0; i < 100; i++) {
            selector.wakeup();
        }
        assertThat(selector.select()).isEmpty();
        assertThat(selector.statistics().systemCalls()).containsEntry("tgkill", 2L);
        assertThat(selector.select(Duration.ofMillis(1))).isEmpty();
    }

    @Test
    void aWakeupBeforeItHasBegunIsKept() throws Exception {
        Waiting.in(
                        () -> {
                            SigioPoller late = SigioPoller.open();
                            try (Selector<String> waking = Selector.over(late)) {
                                waking.wakeup();
                                late.begin();
                                assertThat(waking.select()).isEmpty();
                            }
                            return null;
                        })
                .result();
    }

    @Test
    void aWaitGoesOnOverOtherSignals() throws Exception {
        int tid = SignalCalls.gettid();
        var over = new AtomicBoolean();
        Waiting<Void> storm =
                Waiting.in(() -> {
                    while (!over.get()) {
                        check(SignalCalls.tgkill(tid, ThreadSignal.SIGPIPE));
                    }
                    return null;
                });
        Duration timeout = Duration.ofMillis(200);
        DescriptorEnd[] pipe = DescriptorEnd.pipe();
        assertSleeps(timeout);
        selector.register(pipe[0], Selector.READ);
        assertSleeps(timeout);
        assertThat(selector.selectUntilSignal(Duration.ofHours(1))).isEmpty();
        assertThat(selector.statistics().interruptedWaits()).isPositive();
        over.set(true);
        storm.result();
        List.of(pipe).forEach(DescriptorEnd::close);
    }

    private void assertSleeps(Duration timeout) throws Exception {
        long start = System.nanoTime();
        assertThat(selector.select(timeout)).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(timeout);
    }
}
