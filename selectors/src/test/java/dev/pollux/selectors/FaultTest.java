package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.function.IntSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever the kernel or a poller does wrong, the keys stay right.
@ParameterizedClass
@EnumSource(value = Bench.class, mode = EnumSource.Mode.EXCLUDE, names = "NIO")
@Timeout(60)
class FaultTest {
    private static final Duration NOW = Duration.ZERO;

    @RegisterExtension final Scene<InjectedPoller, DescriptorEnd> scene;
    private final InjectedPoller poller;
    private final Selector<String> selector;
    private final DescriptorEnd near;
    private final DescriptorEnd far;

    FaultTest(Bench bench) {
        scene = Scene.over(() -> new InjectedPoller(bench.poller()));
        poller = scene.poller;
        selector = scene.selector;
        near = scene.near;
        far = scene.far;
    }

    private static void assertErrno(int errno, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }

    private static IntSupplier divisionByZero() {
        return () -> {
            throw new ArithmeticException("/ by zero");
        };
    }

    @Test
    void aRefusedRegistrationIsRolledBack() throws Exception {
        for (int errno : new int[] {Errno.EBADF, Errno.EPERM, Errno.ENOMEM, Errno.ENOSPC}) {
            poller.onAdd = () -> -errno;
            assertErrno(errno, () -> selector.register(near, Selector.READ));
            assertThat(selector.keys()).isEmpty();
        }
        poller.onAdd = null;
        assertThat(selector.register(near, Selector.READ).fd()).isEqualTo(near.fd());
    }

    @Test
    void aRegistrationThatThrowsIsRolledBack() {
        poller.onAdd = divisionByZero();
        assertThatThrownBy(() -> selector.register(near, Selector.READ))
                .isInstanceOf(ArithmeticException.class);
        assertThat(selector.keys()).isEmpty();
    }

    @Test
    void aFailedModifyDropsTheKeyOnBothSides() throws Exception {
        selector.register(near, Selector.READ);
        poller.onModify = () -> -Errno.ENOENT;
        assertErrno(Errno.ENOENT, () -> selector.modify(near, Selector.WRITE));

        assertThat(selector.keys()).isEmpty();
        assertThat(poller.removes).isEqualTo(1);
        assertThatThrownBy(() -> selector.key(near)).isInstanceOf(NoSuchElementException.class);
        far.send("x");
        assertThat(selector.select(NOW)).isEmpty();
        assertThat(selector.register(near, Selector.READ)).isNotNull();
    }

    @Test
    void aModifyThatThrowsDropsTheKeyOnBothSides() throws Exception {
        selector.register(near, Selector.READ);
        poller.onModify = divisionByZero();
        poller.onRemove =
                () -> {
                    throw new IllegalStateException("nor can it be removed");
                };
        assertThatThrownBy(() -> selector.modify(near, Selector.WRITE))
                .isInstanceOf(ArithmeticException.class)
                .hasSuppressedException(new IllegalStateException("nor can it be removed"));
        assertThat(selector.keys()).isEmpty();
    }

    @Test
    void aModifyWithoutMemoryDropsTheKeyEvenIfNothingCanBeRemoved() throws Exception {
        selector.register(near, Selector.READ);
        poller.onModify = outOfMemory();
        poller.onRemove = outOfMemory();
        assertThatThrownBy(() -> selector.modify(near, Selector.WRITE))
                .isInstanceOf(OutOfMemoryError.class);
        assertThat(selector.keys()).isEmpty();
    }

    @Test
    void aRegistrationWithoutMemoryIsRolledBack() throws Exception {
        poller.onAdd = outOfMemory();
        assertThatThrownBy(() -> selector.register(near, Selector.READ))
                .isInstanceOf(OutOfMemoryError.class);
        assertThat(selector.keys()).isEmpty();
        poller.onAdd = null;
        assertThat(selector.register(near, Selector.READ).fd()).isEqualTo(near.fd());
    }

    private static IntSupplier outOfMemory() {
        return () -> {
            throw new OutOfMemoryError("as if");
        };
    }

    @Test
    void aWakeupThatCannotBeSentIsTriedAgain() throws Exception {
        for (int i = 0; i < 2; i++) {
            poller.onWake = () -> -Errno.EBADF;
            assertThatThrownBy(selector::wakeup)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("EBADF");
        }
        poller.onWake = null;
        selector.wakeup();
        assertThat(selector.select()).isEmpty();
        assertThat(selector.statistics().wakeups()).as("it came as a signal").isEqualTo(1);
    }

    @Test
    void onlyDataChangedMeansNoCall() throws Exception {
        selector.register(near, Selector.READ, "甲");
        poller.onAdd = divisionByZero();
        poller.onModify = divisionByZero();
        poller.onRemove = divisionByZero();

        assertThat(selector.modify(near, Selector.READ, "乙").data()).isEqualTo("乙");
        assertThat(selector.key(near).data()).isEqualTo("乙");
        assertThat(poller.modifies).isZero();
    }

    @Test
    void theErrorOfUnregisterIsSwallowed() throws Exception {
        var key = selector.register(near, Selector.READ);
        for (int errno : new int[] {Errno.EBADF, Errno.ENOENT, Errno.EPERM}) {
            poller.onRemove = () -> -errno;
            assertThat(selector.unregister(near)).isSameAs(key);
            assertThat(selector.keys()).isEmpty();
            poller.onAdd = () -> 0; // The real poller still has it.
            key = selector.register(near, Selector.READ);
        }
    }

    @Test
    void whatUnregisterThrowsIsPassedOn() throws Exception {
        selector.register(near, Selector.READ);
        poller.onRemove = divisionByZero();
        assertThatThrownBy(() -> selector.unregister(near)).isInstanceOf(ArithmeticException.class);
        assertThat(selector.keys()).isEmpty();
    }

    @Test
    void unregisteringWithoutMemoryCanBeRepeated() throws Exception {
        var key = selector.register(near, Selector.WRITE);
        poller.onRemove = outOfMemory();
        assertThatThrownBy(() -> selector.unregister(near)).isInstanceOf(OutOfMemoryError.class);
        assertThat(selector.select(NOW)).containsExactly(new Ready<>(key, Selector.WRITE));

        poller.onRemove = null;
        assertThat(selector.unregister(near)).isSameAs(key);
        assertThat(selector.keys()).isEmpty();
        assertThat(selector.select(NOW)).isEmpty();
    }

    @Test
    void interruptedWaitsGoOnToTheDeadline() throws Exception {
        for (int i = 0; i < 10; i++) {
            poller.waits.add(() -> -Errno.EINTR);
        }
        long start = System.nanoTime();
        assertThat(selector.select(Duration.ofMillis(200))).isEmpty();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(200_000_000);
        assertThat(selector.statistics().interruptedWaits()).isEqualTo(10);
        assertThat(selector.statistics().emptyWaits()).isEqualTo(11);
    }

    @Test
    void interruptedWaitsLoseNoEvent() throws Exception {
        var key = selector.register(near, Selector.WRITE);
        poller.waits.add(() -> -Errno.EINTR);
        poller.waits.add(() -> -Errno.EINTR);
        assertThat(selector.select()).containsExactly(new Ready<>(key, Selector.WRITE));
    }

    @Test
    void anInterruptedPollIsNotRepeated() throws Exception {
        selector.register(near, Selector.WRITE);
        poller.waits.add(() -> -Errno.EINTR);
        assertThat(selector.select(NOW)).isEmpty();
        assertThat(selector.select(NOW)).hasSize(1);
    }

    @Test
    void aRawWaitEndsWithASignal() throws Exception {
        selector.register(near, Selector.WRITE);
        poller.waits.add(() -> -Errno.EINTR);
        assertThat(selector.selectUntilSignal(null)).isEmpty();
        assertThat(selector.selectUntilSignal(null)).hasSize(1);
    }

    @Test
    void aWaitThatFailsSaysSoAndTheNextWorks() throws Exception {
        selector.register(near, Selector.WRITE);
        for (int errno : new int[] {Errno.ENOMEM, Errno.EBADF, Errno.EINVAL}) {
            poller.waits.add(() -> -errno);
            assertErrno(errno, () -> selector.select(NOW));
            assertThat(selector.select(NOW)).hasSize(1);
        }
    }

    @Test
    void aWaitThatThrowsLeavesTheSelectorUsable() throws Exception {
        selector.register(near, Selector.WRITE);
        poller.waits.add(divisionByZero());
        assertThatThrownBy(() -> selector.select(NOW)).isInstanceOf(ArithmeticException.class);
        assertThat(selector.select(NOW)).hasSize(1);
    }

    @Test
    void aMechanismThatReturnsEarlyIsAskedAgain() throws Exception {
        for (int i = 0; i < 10; i++) {
            poller.waits.add(() -> 0); // As poll(2) after the 24 days that its int holds.
        }
        long start = System.nanoTime();
        assertThat(selector.select(Duration.ofMillis(20))).isEmpty();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
        assertThat(selector.statistics().waits()).isGreaterThan(10);
    }
}
