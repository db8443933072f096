package dev.pollux.engines.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.engines.Background;
import dev.pollux.engines.OpenDescriptors;
import dev.pollux.engines.models.IoModel;
import dev.pollux.libc.Cqe;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.UringRequests;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A ring of the smallest size, so that both of its queues are soon full, and a kernel that does
/// not do at once what it is asked for.
@Timeout(60)
final class RingTest {
    private static final int REQUESTS = 2;
    private static final int COMPLETIONS = 4;

    /// `EBADFD`: the ring is in no state for that.
    private static final int DISABLED = 77;

    private Ring ring;
    private OpenDescriptors descriptors;

    @BeforeAll
    static void needsIoUring() {
        assumeTrue(IoModel.IO_URING.isAvailable(), () -> IoModel.IO_URING.whyNot().orElse(""));
    }

    @BeforeEach
    void countDescriptors() {
        descriptors = new OpenDescriptors();
    }

    @AfterEach
    void close() {
        if (ring != null) {
            ring.close();
        }
        descriptors.assertSame();
    }

    /// {@return errors that a kernel may have for a while}
    static IntStream passing() {
        return IntStream.of(Errno.EINTR, Errno.EAGAIN, Errno.EBUSY);
    }

    private void open() throws ErrnoException {
        ring = Ring.open(REQUESTS, COMPLETIONS);
        ring.enable();
    }

    private FaultyEntry openFaulty(IntUnaryOperator outcomes) throws ErrnoException {
        FaultyEntry entry = new FaultyEntry(outcomes);
        ring = Ring.open(REQUESTS, COMPLETIONS, entry);
        ring.enable();
        return entry;
    }

    private void nops(int from, int to) {
        for (int mark = from; mark <= to; mark++) {
            UringRequests.nop(ring.request(), mark);
        }
    }

    /// {@return the marks of the completions that are there now}
    private List<Long> taken() {
        List<Long> marks = new ArrayList<>();
        while (ring.hasCompletion()) {
            long completion = ring.completion();
            assertThat(Cqe.result(completion)).isZero();
            marks.add(Cqe.userData(completion));
            ring.release();
        }
        return marks;
    }

    private List<Long> awaitAll(int count) throws ErrnoException {
        List<Long> all = new ArrayList<>();
        while (all.size() < count) {
            ring.await(-1);
            all.addAll(taken());
        }
        return all;
    }

    private static List<Long> marks(int from, int to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    private static void assertFails(int errno, String call, ThrowingCallable code) {
        assertThatThrownBy(code)
                .isInstanceOfSatisfying(
                        ErrnoException.class,
                        e -> {
                            assertThat(e.errno()).isEqualTo(errno);
                            assertThat(e.call()).isEqualTo(call);
                        });
    }

    @Test
    void whatIsWrittenLeavesWithTheNextWait() throws Exception {
        open();
        nops(1, 2);
        assertThat(ring.hasCompletion()).isFalse();
        ring.await(-1);
        assertThat(ring.completions()).isEqualTo(2);
        assertThat(taken()).isEqualTo(marks(1, 2));
    }

    @Test
    void aFullSubmissionQueueLeavesAtOnce() throws Exception {
        open();
        nops(1, 4);
        assertThat(ring.completions()).isEqualTo(2);
        ring.submit();
        assertThat(taken()).isEqualTo(marks(1, 4));
    }

    @Test
    void thereIsRoomUntilTheCompletionsOfWhatIsWrittenWouldOverflow() throws Exception {
        open();
        nops(1, 2);
        assertThat(ring.hasRoom()).isTrue();
        nops(3, 3);
        assertThat(ring.hasRoom()).isTrue();
        nops(4, 4);
        assertThat(ring.hasRoom()).as("two completions, two requests").isFalse();
        nops(5, 6);
        ring.submit();
        ring.release();
        ring.release();
        assertThat(ring.hasRoom()).as("two completions, and two that found no room").isFalse();
        assertThat(awaitAll(4)).isEqualTo(marks(3, 6));
        assertThat(ring.hasRoom()).isTrue();
    }

    @Test
    void anOverflowOfTheCompletionQueueLosesNothingAndKeepsTheOrder() throws Exception {
        open();
        nops(1, 100);
        ring.submit();
        assertThat(ring.completions()).isEqualTo(COMPLETIONS);
        assertThat(awaitAll(100)).isEqualTo(marks(1, 100));
        assertThat(ring.lost()).isZero();
    }

    @Test
    void aWaitWithAFullCompletionQueueEndsAtOnce() throws Exception {
        open();
        nops(1, 10);
        ring.await(-1);
        ring.await(-1);
        assertThat(ring.completions()).isEqualTo(COMPLETIONS);
    }

    @Test
    void aWaitEndsAfterItsTimeAndNotBefore() throws Exception {
        open();
        long begin = System.nanoTime();
        ring.await(TimeUnit.MILLISECONDS.toNanos(20));
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(20_000_000);
        assertThat(ring.hasCompletion()).isFalse();
    }

    @Test
    void aLookDoesNotWait() throws Exception {
        open();
        ring.await(0);
        assertThat(ring.hasCompletion()).isFalse();
    }

    @Test
    void onlyTheThreadThatEnabledItMayUseIt() throws Exception {
        open();
        nops(1, 1);
        Background.run(() -> assertFails(Errno.EEXIST, "io_uring_enter", () -> ring.await(0)))
                .get(50, TimeUnit.SECONDS);
    }

    @Test
    void beforeItIsEnabledNobodyMay() throws Exception {
        ring = Ring.open(REQUESTS, COMPLETIONS);
        nops(1, 1);
        assertFails(DISABLED, "io_uring_enter", () -> ring.await(0));
    }

    @Test
    void aRingThatCannotBeHadIsAnError() {
        assertFails(Errno.EINVAL, "io_uring_setup", () -> Ring.open(REQUESTS, 1));
    }

    @Test
    void aKernelThatTakesFewerThanOfferedGetsTheRestLater() throws Exception {
        openFaulty(_ -> 1);
        nops(1, 9);
        assertThat(awaitAll(9)).isEqualTo(marks(1, 9));
    }

    @ParameterizedTest
    @MethodSource("passing")
    void everyOtherEntryThatFailsForNowIsMadeAgain(int errno) throws Exception {
        FaultyEntry entry = openFaulty(call -> call % 2 == 1 ? -errno : FaultyEntry.FINE);
        nops(1, 9);
        assertThat(entry.calls()).as("entries for a full queue").isEqualTo(8);
        assertThat(awaitAll(9)).isEqualTo(marks(1, 9));
    }

    @ParameterizedTest
    @MethodSource("passing")
    void aWaitThatFailsForNowEndsAndLosesNothing(int errno) throws Exception {
        FaultyEntry entry = openFaulty(call -> call == 1 ? -errno : FaultyEntry.FINE);
        nops(1, 2);
        ring.await(-1);
        assertThat(entry.calls()).isOne();
        assertThat(ring.hasCompletion()).isFalse();
        ring.await(-1);
        assertThat(taken()).isEqualTo(marks(1, 2));
    }

    @Test
    void anErrorOfAWaitIsTold() throws Exception {
        openFaulty(call -> call == 1 ? -Errno.EBADF : FaultyEntry.FINE);
        nops(1, 2);
        assertFails(Errno.EBADF, "io_uring_enter", () -> ring.await(-1));
    }

    /// Requests are written in the middle of anybody's work, which is no place for an error.
    @Test
    void anErrorOfAFullQueueIsToldByTheNextWait() throws Exception {
        FaultyEntry entry = openFaulty(call -> call == 1 ? -Errno.EBADF : FaultyEntry.FINE);
        nops(1, 100);
        ring.submit();
        assertThat(entry.calls()).isOne();
        assertThat(ring.hasCompletion()).isFalse();
        assertFails(Errno.EBADF, "io_uring_enter", () -> ring.await(-1));
        assertFails(Errno.EBADF, "io_uring_enter", () -> ring.await(0));
        assertThat(entry.calls()).isOne();
    }

    @Test
    void anInterruptedThreadGivesTheKernelTimeAllTheSame() throws Exception {
        int failures = 200;
        openFaulty(call -> call <= failures ? -Errno.EAGAIN : FaultyEntry.FINE);
        Thread.currentThread().interrupt();
        long begin = System.nanoTime();
        nops(1, 3);
        long nanos = System.nanoTime() - begin;
        assertThat(Thread.interrupted()).isTrue();
        assertThat(nanos).isGreaterThan(failures * 1_000_000L / 2);
        assertThat(awaitAll(3)).isEqualTo(marks(1, 3));
    }

    @Test
    void aKernelThatTakesNothingForLongIsAnError() throws Exception {
        FaultyEntry entry = openFaulty(_ -> -Errno.EAGAIN);
        nops(1, 3);
        assertThat(entry.calls()).isEqualTo(1000);
        assertFails(Errno.EAGAIN, "io_uring_enter", () -> ring.await(-1));
    }
}
