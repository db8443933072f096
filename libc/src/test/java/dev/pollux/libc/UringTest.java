package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The ring itself: queues, waits, errors.
@Timeout(60)
@EnabledOnOs(OS.LINUX)
final class UringTest {
    @RegisterExtension final OpenDescriptors open = new OpenDescriptors();
    private final long memory = Memory.allocateZeroed(4096);

    @BeforeEach
    void needsIoUring() {
        assumeTrue(UringProbe.run().whyNot().isEmpty(), "no io_uring here");
    }

    @AfterEach
    void free() {
        Memory.free(memory);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, Ring.DEFERRED, Ring.DEFERRED | UringParams.IORING_SETUP_NO_SQARRAY})
    void requestsCompleteManyTimesAroundTheQueues(int flags) throws IOException {
        assumeTrue(UringProbe.run().acceptsSetup(flags), "this kernel refuses the flags");
        try (Ring ring = Ring.open(4, 8, flags)) {
            assertThat(ring.memory().sqEntries()).isEqualTo(4);
            assertThat(ring.memory().cqEntries()).isEqualTo(8);
            long mark = 0xfedc_ba98_7654_3210L;
            for (int round = 0; round < 50; round++) {
                for (int i = 0; i < 3; i++) {
                    UringRequests.nop(ring.sqe(), mark + i);
                }
                for (int i = 0; i < 3; i++) {
                    assertThat(ring.await()).isEqualTo(new Ring.Completion(mark + i, 0, 0));
                }
                assertThat(ring.take()).isNull();
            }
            assertThat(ring.memory().sqHead()).isEqualTo(150).isEqualTo(ring.memory().sqTail());
            assertThat(ring.memory().cqHead()).isEqualTo(150).isEqualTo(ring.memory().cqTail());
            assertThat(ring.memory().sqDropped()).isZero();
            assertThat(ring.memory().cqOverflow()).isZero();
        }
    }

    @Test
    void aDisabledRingBelongsToTheThreadThatEnablesIt() throws Exception {
        int flags = Ring.DEFERRED | UringParams.IORING_SETUP_R_DISABLED;
        try (Ring ring = Ring.open(flags)) {
            UringRequests.nop(ring.sqe(), 1);
            ring.memory().publishSqTail(1);
            assertThat(UringCalls.submit(ring.fd(), 1, 0)).isEqualTo(-77); // EBADFD
            assertThat(UringRegister.enable(ring.fd())).isZero();
            assertThat(UringRegister.enable(ring.fd())).as("twice").isNegative();
            var elsewhere = new CompletableFuture<Integer>();
            Thread other =
                    Thread.ofPlatform()
                            .start(() -> elsewhere.complete(UringCalls.submit(ring.fd(), 1, 0)));
            assertThat(elsewhere.get(30, TimeUnit.SECONDS)).isEqualTo(-Errno.EEXIST);
            other.join();
            assertThat(ring.await().userData()).isEqualTo(1);
        }
    }

    @Test
    void deferredCompletionsComeOnlyWhenAskedFor() throws IOException {
        int[] pair = new int[2];
        Sockets.socketpair(Sockets.AF_UNIX, Sockets.SOCK_STREAM, pair);
        int flags = Ring.DEFERRED | UringParams.IORING_SETUP_TASKRUN_FLAG;
        try (Ring ring = Ring.open(flags)) {
            UringSockets.recv(ring.sqe(), pair[0], memory, 100, 0, 5);
            ring.submit();
            assertThat(ring.memory().sqFlags()).isZero();
            Loopback.send(pair[1], "你好");
            assertThat(ring.take()).as("before entering the kernel").isNull();
            assertThat(ring.memory().sqFlags()).isEqualTo(UringMemory.IORING_SQ_TASKRUN);
            int getEvents = UringCalls.IORING_ENTER_GETEVENTS;
            assertThat(UringCalls.submit(ring.fd(), 0, getEvents)).isZero();
            assertThat(ring.take()).isEqualTo(new Ring.Completion(5, 6, 0));
            assertThat(Loopback.text(memory, 6)).isEqualTo("你好");
        }
        Descriptors.close(pair[0]);
        Descriptors.close(pair[1]);
    }

    @Test
    void aWaitEndsInTimeAndNotBefore() throws IOException {
        try (Ring ring = Ring.open(Ring.DEFERRED)) {
            long start = System.nanoTime();
            long nanos = 5_000_000;
            assertThat(UringCalls.submitAndWait(ring.fd(), 0, 1, 0, nanos)).isEqualTo(-Errno.ETIME);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
            assertThat(UringCalls.submitAndWait(ring.fd(), 0, 1, 0, 0)).as("no wait").isZero();

            UringRequests.read(ring.sqe(), -1, memory, 1, 0, 1);
            UringRequests.nop(ring.sqe(), 2);
            assertThat(ring.await()).isEqualTo(new Ring.Completion(1, -Errno.EBADF, 0));
            assertThat(ring.await().userData()).isEqualTo(2);
        }
    }

    @Test
    void aSignalInterruptsTheWait() throws Exception {
        int sigpipe = 13; // The JVM's handler of it does nothing.
        var tid = new CompletableFuture<Integer>();
        var result = new CompletableFuture<Integer>();
        Thread waiter =
                Thread.ofPlatform()
                        .start(() -> {
                            try (Ring ring = Ring.open(Ring.DEFERRED)) {
                                tid.complete(SignalCalls.gettid());
                                result.complete(UringCalls.submitAndWait(ring.fd(), 0, 1, 0, -1));
                            } catch (IOException e) {
                                result.completeExceptionally(e);
                            }
                        });
        int target = tid.get(30, TimeUnit.SECONDS);
        while (!result.isDone()) {
            SignalCalls.tgkill(target, sigpipe);
            Thread.onSpinWait();
        }
        assertThat(result.get()).isEqualTo(-Errno.EINTR);
        waiter.join();
    }

    @Test
    void requestsTakenCountMoreThanTheTimeout() throws IOException {
        int[] pair = new int[2];
        Sockets.socketpair(Sockets.AF_UNIX, Sockets.SOCK_STREAM, pair);
        try (Ring ring = Ring.open(Ring.DEFERRED)) {
            UringSockets.recv(ring.sqe(), pair[0], memory, 100, 0, 5);
            ring.memory().publishSqTail(1);
            assertThat(UringCalls.submitAndWait(ring.fd(), 1, 1, 0, 1_000_000)).isEqualTo(1);
            assertThat(ring.take()).isNull();
        }
        Descriptors.close(pair[0]);
        Descriptors.close(pair[1]);
    }

    @Test
    void anEarlierWrongRequestStopsTheOthersUnlessAllAreWanted() throws IOException {
        int all = UringParams.IORING_SETUP_SUBMIT_ALL;
        for (int flags : new int[] {0, all}) {
            try (Ring ring = Ring.open(flags)) {
                UringRequests.nop(ring.sqe(), 1);
                Memory.putShort(ring.memory().sqe(0) + 2, (short) 0xffff); // No such priority.
                Memory.putByte(ring.memory().sqe(0), (byte) 0xfe); // No such operation.
                UringRequests.nop(ring.sqe(), 2);
                ring.memory().publishSqTail(2);
                assertThat(UringCalls.submit(ring.fd(), 2, 0)).isEqualTo(flags == all ? 2 : 1);
                assertThat(ring.take()).isEqualTo(new Ring.Completion(1, -Errno.EINVAL, 0));
                if (flags != all) {
                    assertThat(ring.take()).isNull();
                    assertThat(UringCalls.submit(ring.fd(), 1, 0)).isEqualTo(1);
                }
                assertThat(ring.take()).isEqualTo(new Ring.Completion(2, 0, 0));
            }
        }
    }

    @Test
    void completionsBeyondTheQueueAreKeptByTheKernelAndFlagged() throws IOException {
        try (Ring ring = Ring.open(8, 8, Ring.DEFERRED)) {
            for (int i = 0; i < 20; i++) {
                UringRequests.nop(ring.sqe(), i);
                ring.submit();
            }
            assertThat(ring.memory().sqFlags() & UringMemory.IORING_SQ_CQ_OVERFLOW).isNotZero();
            Set<Long> seen = new HashSet<>();
            for (int i = 0; i < 20; i++) {
                seen.add(ring.await().userData());
            }
            assertThat(seen).hasSize(20);
            assertThat(ring.memory().sqFlags() & UringMemory.IORING_SQ_CQ_OVERFLOW).isZero();
            assertThat(ring.memory().cqOverflow()).as("lost").isZero();
        }
    }

    @Test
    void aRegisteredRingIsEnteredByItsIndex() throws IOException {
        try (Ring ring = Ring.open(Ring.DEFERRED)) {
            int index = UringRegister.ringFd(ring.fd());
            assertThat(index).isNotNegative();
            UringRequests.nop(ring.sqe(), 9);
            ring.memory().publishSqTail(1);
            int registered = UringCalls.IORING_ENTER_REGISTERED_RING;
            assertThat(UringCalls.submitAndWait(index, 1, 1, registered, -1)).isEqualTo(1);
            assertThat(ring.take().userData()).isEqualTo(9);
            assertThat(UringRegister.unregisterRingFd(ring.fd(), index)).isEqualTo(1);
            assertThat(UringCalls.submit(index, 0, registered)).isNegative();
        }
    }

    @Test
    void completionsAreCountedInAnEventfd() throws IOException {
        int counter = EventfdCalls.create(0, 0);
        try (Ring ring = Ring.open(0)) {
            assertThat(UringRegister.eventfd(ring.fd(), counter)).isZero();
            UringRequests.nop(ring.sqe(), 1);
            ring.submit();
            assertThat(EventfdCalls.read(counter)).isEqualTo(1);
            assertThat(UringRegister.unregisterEventfd(ring.fd())).isZero();
            assertThat(UringRegister.maxWorkers(ring.fd(), 1, 1)).isZero();
        }
        Descriptors.close(counter);
    }

    @Test
    void oneRingWakesAnother() throws Exception {
        var ready = new CompletableFuture<Integer>();
        var woken = new CompletableFuture<Ring.Completion>();
        Thread sleeper =
                Thread.ofPlatform()
                        .start(() -> {
                            try (Ring ring = Ring.open(Ring.DEFERRED)) {
                                ready.complete(ring.fd());
                                woken.complete(ring.await());
                            } catch (IOException | AssertionError e) {
                                woken.completeExceptionally(e);
                            }
                        });
        try (Ring ring = Ring.open(Ring.DEFERRED)) {
            int other = ready.get(30, TimeUnit.SECONDS);
            UringRequests.messageRing(ring.sqe(), other, 77, 88, 99);
            assertThat(ring.await()).isEqualTo(new Ring.Completion(99, 0, 0));
            assertThat(woken.get(30, TimeUnit.SECONDS)).isEqualTo(new Ring.Completion(88, 77, 0));
        }
        sleeper.join();
    }

    @Test
    void nonsenseIsRefusedByTheKernel() {
        UringParams.init(memory, 0);
        assertThat(UringCalls.setup(0, memory)).isEqualTo(-Errno.EINVAL);
        UringParams.init(memory, 0);
        assertThat(UringCalls.setup(1 << 20, memory)).isEqualTo(-Errno.EINVAL);
        UringParams.init(memory, UringParams.IORING_SETUP_DEFER_TASKRUN);
        assertThat(UringCalls.setup(4, memory)).as("needs SINGLE_ISSUER").isEqualTo(-Errno.EINVAL);
        assertThat(UringCalls.setup(4, 8)).isEqualTo(-Errno.EFAULT);
        assertThat(UringCalls.submit(-1, 1, 0)).isEqualTo(-Errno.EBADF);
        assertThat(UringCalls.enter(-1, 1, 1, 0, 0, 0)).isEqualTo(-Errno.EBADF);
        assertThat(UringCalls.register(999_999, 12, 0, 0)).isEqualTo(-Errno.EBADF);
        assertThatThrownBy(() -> UringMemory.map(-1, memory))
                .isInstanceOf(ErrnoException.class)
                .hasMessageStartingWith("mmap: ENOSYS");
        Memory.putInt(memory + 20, UringParams.IORING_FEAT_SINGLE_MMAP);
        Memory.putInt(memory, 4);
        assertThatThrownBy(() -> UringMemory.map(-1, memory))
                .isInstanceOf(ErrnoException.class)
                .hasMessageStartingWith("mmap: EBADF");
    }

    @Test
    void clampedLengthsAreTold() throws IOException {
        UringParams.init(memory, UringParams.IORING_SETUP_CLAMP);
        int ring = UringCalls.setup(1 << 20, memory);
        assertThat(ring).isNotNegative();
        assertThat(UringParams.flags(memory)).isEqualTo(UringParams.IORING_SETUP_CLAMP);
        int entries = UringParams.sqEntries(memory);
        assertThat(entries).isBetween(1, (1 << 20) - 1);
        assertThat(UringParams.cqEntries(memory)).isEqualTo(2 * entries);
        UringMemory queues = UringMemory.map(ring, memory);
        assertThat(queues.sqEntries()).isEqualTo(entries);
        UringRequests.nop(queues.sqe(entries - 1), 3);
        queues.unmap();
        Descriptors.close(ring);
    }
}
