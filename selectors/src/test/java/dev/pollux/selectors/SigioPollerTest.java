package dev.pollux.selectors;

import static dev.pollux.selectors.DescriptorEnd.check;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.Memory;
import dev.pollux.libc.SignalCalls;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What sockets say by signals, and what can go wrong with those.
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class SigioPollerTest {
    private static final int ALL =
            Selector.READ
                    | Selector.WRITE
                    | Selector.READ_CLOSED
                    | Selector.HANGUP
                    | Selector.ERROR;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @RegisterExtension final Scene<SigioPoller, DescriptorEnd> scene = Scene.bySignals();
    private final SigioPoller poller = scene.poller;
    private final Selector<String> selector = scene.selector;
    private final DescriptorEnd near = scene.near;
    private final DescriptorEnd far = scene.far;

    /// Registers for edges, and takes the first report.
    private void watch(DescriptorEnd end) throws Exception {
        selector.register(end, Interest.edge(ALL), end.toString());
        assertThat(selector.select()).containsExactly(new Ready<>(selector.key(end), ALL));
    }

    @Test
    void itIsAvailable() {
        assertThat(SigioPoller.whyNot()).isEmpty();
    }

    @Test
    void whatComesIsReportedOnce() throws Exception {
        watch(near);
        scene.assertNothing();
        far.send("信号");
        scene.assertReported(near, Selector.READ);
        scene.assertNothing();
        far.send("再来");
        scene.assertReported(near, Selector.READ);
        assertThat(near.receive()).isEqualTo("信号再来");
        scene.assertNothing();
        assertThat(selector.statistics().systemCalls()).containsKeys("sigtimedwait", "fcntl");
        assertThat(selector.name()).isEqualTo("sigio");
    }

    @Test
    void whatCameBeforeItWasArmedIsReported() throws Exception {
        far.send("早");
        far.finish();
        selector.register(near, Interest.edge(ALL), null);
        scene.assertReported(near, ALL);
        assertThat(near.receive()).isEqualTo("早");
        assertThat(near.receive()).as("the end").isEmpty();
        scene.assertNothing();
    }

    @Test
    void aRenewedInterestIsReportedAgain() throws Exception {
        watch(near);
        far.send("x");
        scene.assertReported(near, Selector.READ);
        selector.modify(near, Interest.edge(Selector.READ), null);
        scene.assertReported(near, Selector.READ);
        scene.assertNothing();
    }

    @Test
    void manySignalsAreOneEventBehindWhichAnEndMayBe() throws Exception {
        watch(near);
        far.send("一");
        far.send("二");
        far.finish();
        scene.assertReported(near, Selector.READ | Selector.READ_CLOSED);
        assertThat(near.receive()).isEqualTo("一二");
        assertThat(near.receive()).as("the end").isEmpty();
        scene.assertNothing();
    }

    @Test
    void aHangupWakesReaderAndWriter() throws Exception {
        watch(near);
        far.close();
        scene.assertReported(
                near, Selector.READ | Selector.WRITE | Selector.HANGUP | Selector.ERROR);
        assertThat(near.receive()).isEmpty();
    }

    @Test
    void roomToWriteIsReported() throws Exception {
        watch(near);
        String text = "写".repeat(10_000);
        int sent = 0;
        for (int count = near.trySend(text); count > 0; count = near.trySend(text)) {
            sent += count;
        }
        scene.assertNothing();
        while (sent > 0) {
            sent -= far.receive().length() * 3;
        }
        List<Ready<String>> ready = selector.select();
        assertThat(ready).hasSize(1);
        assertThat(ready.getFirst().events() & Selector.WRITE).isNotZero();
    }

    @Test
    void urgentDataHidesNothing() throws Exception {
        try (Listener listener = Listener.open();
                Socket peer = new Socket(listener.address().getAddress(), port(listener))) {
            DescriptorEnd end = listener.accept();
            watch(end);
            peer.getOutputStream().write('a');
            peer.sendUrgentData('!');
            peer.getOutputStream().write('b');
            peer.shutdownOutput();
            assertThat(receiveToEnd(end)).isEqualTo("ab");
            end.close();
        }
    }

    /// Receives as the reports say: once, or until there is no more where an end may be behind.
    private String receiveToEnd(DescriptorEnd end) throws Exception {
        int drain = Selector.READ_CLOSED | Selector.HANGUP | Selector.ERROR;
        var all = new StringBuilder();
        String part = null;
        boolean more = false;
        while (part == null || !part.isEmpty()) {
            if (!more) {
                more = (selector.select().getFirst().events() & drain) != 0;
            }
            part = end.receive();
            all.append(part == null ? "" : part);
            more = more && part != null;
        }
        return all.toString();
    }

    private static int port(Listener listener) {
        return listener.address().getPort();
    }

    @Test
    void aSignalOfAnEarlierLifeHarmsNobody() throws Exception {
        watch(near);
        far.send("旧");
        int number = near.fd();
        selector.unregister(near);
        DescriptorEnd[] others = DescriptorEnd.socketPair();
        check(Descriptors.dup2(others[0].fd(), number));
        others[1].send("新");
        scene.assertNothing();
        others[0].close();
        others[1].close();
    }

    @Test
    void aLateSignalReportsItsSuccessorAtMostForNothing() throws Exception {
        watch(near);
        far.send("迟到");
        int number = near.fd();
        selector.unregister(near);
        DescriptorEnd[] others = DescriptorEnd.socketPair();
        check(Descriptors.dup2(others[0].fd(), number));
        selector.register(near, Interest.edge(ALL), "successor");
        scene.assertReported(near, ALL);
        assertThat(near.receive()).as("nothing has come for this one").isNull();
        scene.assertNothing();
        others[1].send("准时");
        scene.assertReported(near, Selector.READ);
        assertThat(near.receive()).isEqualTo("准时");
        others[0].close();
        others[1].close();
    }

    @Test
    void whatIsNotWatchedAnyMoreSendsNothing() throws Exception {
        watch(near);
        assertThat(isArmed(near)).isTrue();
        selector.unregister(near);
        assertThat(isArmed(near)).isFalse();
        watch(near);
        selector.close();
        assertThat(isArmed(near)).isFalse();
    }

    private static boolean isArmed(DescriptorEnd end) {
        return (Descriptors.fcntl(end.fd(), Descriptors.F_GETFL, 0) & Descriptors.O_ASYNC) != 0;
    }

    @Test
    void aFullQueueIsAnsweredByAskingEverybody() throws Exception {
        int sockets = 20;
        List<DescriptorEnd> ours = new ArrayList<>();
        List<DescriptorEnd> theirs = new ArrayList<>();
        for (int i = 0; i < sockets; i++) {
            DescriptorEnd[] pair = DescriptorEnd.socketPair();
            ours.add(pair[0]);
            theirs.add(pair[1]);
            watch(pair[0]);
        }
        long limit = SignalCalls.sigpendingSoft();
        check(SignalCalls.setSigpendingSoft(3));
        try {
            theirs.forEach(end -> end.send("满"));
        } finally {
            check(SignalCalls.setSigpendingSoft(limit));
        }
        List<Ready<String>> ready = selector.select();
        assertThat(ready).hasSize(sockets);
        assertThat(ready).allMatch(one -> (one.events() & Selector.READ) != 0);
        assertThat(poller.overflows()).isEqualTo(1);
        ours.forEach(end -> assertThat(end.receive()).isEqualTo("满"));
        scene.assertNothing();
        theirs.getFirst().send("后");
        scene.assertReported(ours.getFirst(), Selector.READ);
        assertThat(poller.overflows()).isEqualTo(1);
        ours.forEach(selector::unregister);
        ours.forEach(DescriptorEnd::close);
        theirs.forEach(DescriptorEnd::close);
    }

    @Test
    void withoutAnyQueueItStillHearsOfEverything() throws Exception {
        watch(near);
        long limit = SignalCalls.sigpendingSoft();
        check(SignalCalls.setSigpendingSoft(0));
        try {
            for (int i = 0; i < 10; i++) {
                far.send("无");
                List<Ready<String>> ready = selector.select();
                assertThat(ready).hasSize(1);
                assertThat(near.receive()).isEqualTo("无");
            }
            selector.wakeup();
            assertThat(selector.select()).as("woken").isEmpty();
        } finally {
            check(SignalCalls.setSigpendingSoft(limit));
        }
        assertThat(poller.overflows()).isEqualTo(10);
    }

    @Test
    void theCollectorRunsDuringAWait() throws Exception {
        watch(near);
        CountDownLatch begun = new CountDownLatch(1);
        Waiting<Void> collector =
                Waiting.in(() -> {
                    begun.countDown();
                    for (int i = 0; i < 3; i++) {
                        System.gc();
                    }
                    far.send("收");
                    return null;
                });
        begun.await();
        scene.assertReported(near, Selector.READ);
        collector.result();
    }

    @Test
    void aChildProcessDisturbsNothing() throws Exception {
        watch(near);
        far.send("前");
        Process child = new ProcessBuilder("cat").start();
        child.getOutputStream().write("子进程".getBytes(StandardCharsets.UTF_8));
        child.getOutputStream().close();
        assertThat(child.getInputStream().readAllBytes()).hasSize(9);
        child.getInputStream().close(); // The JDK would close these some time after the end.
        child.getErrorStream().close();
        assertThat(child.waitFor()).isZero();
        scene.assertReported(near, Selector.READ);
        far.send("后");
        scene.assertReported(near, Selector.READ);
        assertThat(near.receive()).isEqualTo("前后");
    }

    @Test
    void itsThreadHasTheSignalsBlockedOnlyMeanwhile() throws Exception {
        long mask = 1L << (SignalCalls.SIGIO - 1) | 1L << (SignalCalls.rtMin() - 1);
        assertThat(blocked() & mask).isEqualTo(mask);
        far.send("x");
        selector.close();
        assertThat(blocked() & mask).isZero();
    }

    private static long blocked() throws Exception {
        String prefix = "SigBlk:";
        return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                .filter(line -> line.startsWith(prefix))
                .mapToLong(line -> Long.parseUnsignedLong(line.substring(8).strip(), 16))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aWaitByAnotherThreadIsRefused() {
        assertThatThrownBy(() -> Waiting.in(() -> selector.select(Duration.ZERO)).result())
                .rootCause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("belongs to");
    }

    @Test
    void aWaitBeforeItHasBegunIsRefused() throws Exception {
        try (Selector<String> fresh = Selector.over(SigioPoller.open())) {
            fresh.wakeup();
            assertThatThrownBy(() -> fresh.select(Duration.ZERO))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aWakeupAfterItsThreadHasEndedIsNoError() throws Exception {
        SigioPoller orphan = SigioPoller.open();
        try (Selector<String> fresh = Selector.over(orphan)) {
            int tid =
                    Waiting.in(
                                    () -> {
                                        orphan.begin();
                                        assertThat(fresh.select(Duration.ZERO)).isEmpty();
                                        return SignalCalls.gettid();
                                    })
                            .result();
            while (SignalCalls.tgkill(tid, 0) != -Errno.ESRCH) {
                Thread.onSpinWait(); // Java calls a thread ended before the kernel does.
            }
            fresh.wakeup();
            fresh.wakeup();
        }
    }

    @Test
    void waitsAllocateNothing() throws Exception {
        watch(near);
        var seen = new AtomicInteger();
        ReadyConsumer<String> consumer = (_, events) -> seen.addAndGet(events);
        long octet = Memory.allocateZeroed(1);
        long allocated = Long.MAX_VALUE;
        for (int batch = 0; batch < 50 && allocated > 0; batch++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10_000; i++) {
                check(Descriptors.write(far.fd(), octet, 1));
                selector.select(1_000, consumer);
                check(Descriptors.read(near.fd(), octet, 1));
                selector.select(0, consumer);
            }
            allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        }
        Memory.free(octet);
        assertThat(seen.get()).isPositive();
        assertThat(allocated).as("bytes, once linked and compiled").isZero();
    }
}
