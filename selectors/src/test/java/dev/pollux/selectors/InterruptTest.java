package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Which waits heed an interrupt, and which threads may wait.
@ParameterizedClass
@EnumSource(Bench.class)
@Timeout(60)
class InterruptTest {
    private final Bench bench;

    @RegisterExtension final Scene<InjectedPoller, End> scene;
    private final InjectedPoller poller;
    private final Selector<String> selector;
    private final End near;

    InterruptTest(Bench bench) {
        this.bench = bench;
        scene = Scene.injected(bench);
        poller = scene.poller;
        selector = scene.selector;
        near = scene.near;
    }

    @AfterEach
    void clear() {
        Thread.interrupted();
    }

    @Test
    void anInterruptBeforeTheWaitEndsIt() {
        poller.sleepless = true;
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> selector.selectInterruptibly(null))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    /// Between the look at the status and the wait, where nobody looks any more.
    @Test
    void anInterruptAtTheLastMomentEndsTheWait() {
        poller.waits.add(() -> {
            interruptByAnother();
            return poller.awaitReally(-1);
        });
        assertThatThrownBy(() -> selector.selectInterruptibly(null))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    /// A thread that interrupts itself is not blocked on anything.
    private static void interruptByAnother() {
        Thread other = Thread.ofPlatform().start(Thread.currentThread()::interrupt);
        while (other.isAlive()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whatIsReadyComesBeforeTheInterrupt() throws Exception {
        near.register(selector, Selector.WRITE);
        poller.waits.add(() -> {
            interruptByAnother();
            return poller.awaitReally(0);
        });
        assertThat(selector.selectInterruptibly(null)).hasSize(1);
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    @Test
    void anExecutorThatIsShutDownEndsItsWaits() throws Exception {
        var waits = new AtomicInteger();
        try (var executor = Executors.newSingleThreadExecutor()) {
            Future<?> task =
                    executor.submit(() -> {
                        while (true) {
                            waits.getAndIncrement();
                            List<Ready<String>> ready = selector.selectInterruptibly(null);
                            assertThat(ready).isEmpty();
                        }
                    });
            selector.wakeup();
            while (waits.get() < 2) {
                Thread.onSpinWait();
            }
            executor.shutdownNow();
            assertThat(executor.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
            assertThat(task.state()).isEqualTo(Future.State.FAILED);
            assertThat(task.exceptionNow()).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void otherWaitsDoNotLook() throws Exception {
        Thread.currentThread().interrupt();
        long start = System.nanoTime();
        assertThat(selector.select(Duration.ofMillis(20))).isEmpty();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    /// Two of them would stop all virtual threads of a machine with two processors.
    @Test
    void aVirtualThreadMayAskButNotWaitInTheKernel() throws Exception {
        var failure = new Throwable[1];
        Thread.ofVirtual().start(() -> failure[0] = failureOf(Duration.ZERO)).join();
        assertThat(failure[0]).isNull();
        if (bench == Bench.NIO) {
            return; // It may; the JDK would open descriptors for that, once.
        }
        Thread.ofVirtual().start(() -> failure[0] = failureOf(Duration.ofNanos(1))).join();
        assertThat(failure[0])
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("wait in a platform thread");
        assertThat(selector.select(Duration.ZERO)).as("somebody else may wait").isEmpty();
    }

    private Throwable failureOf(Duration timeout) {
        try {
            selector.select(timeout);
            return null;
        } catch (Exception e) {
            return e;
        }
    }
}
