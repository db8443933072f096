package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What every message passes through on a ring: it allocates nothing, and a wait holds nobody up.
@Timeout(60)
@EnabledOnOs(OS.LINUX)
final class UringHotPathTest {
    private static final int ROUNDS = 5_000;
    private static final int BATCHES_MAX = 60;
    private static final int BUFFER_BYTES = 64;

    @RegisterExtension final OpenDescriptors open = new OpenDescriptors();
    private final long memory = Memory.allocateZeroed(4096);
    private final int[] pair = new int[2];

    @BeforeEach
    void openPair() {
        assumeTrue(UringProbe.run().acceptsSetup(Ring.DEFERRED), "this kernel is too old");
        Sockets.socketpair(Sockets.AF_UNIX, Sockets.SOCK_STREAM, pair);
    }

    @AfterEach
    void closePair() {
        Descriptors.close(pair[0]);
        Descriptors.close(pair[1]);
        Memory.free(memory);
    }

    @Test
    void messagesAllocateNothingOnceCompiled() throws IOException {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Ring ring = Ring.open(Ring.DEFERRED);
                var buffers = new Buffers(ring.fd(), 4, BUFFER_BYTES, 0)) {
            buffers.offerAll();
            UringSockets.recvMultishot(ring.sqe(), pair[1], Buffers.GROUP, 1);
            ring.submit();
            long allocated = Long.MAX_VALUE;
            for (int batch = 0; batch < BATCHES_MAX && allocated > 0; batch++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                long completions = rounds(ring, buffers);
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
                assertThat(completions).isEqualTo(2L * ROUNDS);
            }
            assertThat(allocated).as("bytes in the last %d rounds", ROUNDS).isZero();
        }
    }

    /// Each round sends a message to itself: two completions, one of them with a buffer.
    private long rounds(Ring ring, Buffers buffers) {
        UringMemory queues = ring.memory();
        long completions = 0;
        for (int i = 0; i < ROUNDS; i++) {
            int tail = queues.sqTail();
            long copy = Memory.allocate(5000);
            Memory.copy(memory, copy, 8);
            UringSockets.send(queues.sqe(tail), pair[0], copy, 8, Sockets.MSG_NOSIGNAL, 2);
            queues.publishSqTail(tail + 1);
            UringCalls.submitAndWait(ring.fd(), 1, 2, 0, 1_000_000_000L);
            int head = queues.cqHead();
            for (; head != queues.cqTail(); head++) {
                long cqe = queues.cqe(head);
                completions += Cqe.result(cqe) == 8 ? 1 : 0;
                if (Cqe.userData(cqe) == 1) {
                    buffers.offer(Cqe.bufferId(Cqe.flags(cqe)));
                }
            }
            queues.publishCqHead(head);
            Memory.free(copy);
            UringCalls.submit(ring.fd(), 0, UringCalls.IORING_ENTER_GETEVENTS);
        }
        return completions;
    }

    @Test
    void aBlockedWaitDoesNotHoldUpTheCollector() throws Exception {
        var calls = new CompletableFuture<SystemCalls>();
        var woken = new CompletableFuture<Integer>();
        Thread waiter =
                Thread.ofPlatform()
                        .start(() -> {
                            try (Ring ring = Ring.open(Ring.DEFERRED)) {
                                UringSockets.recv(ring.sqe(), pair[1], memory, 8, 0, 1);
                                ring.submit();
                                calls.complete(SystemCalls.current());
                                woken.complete(ring.await().result());
                            } catch (IOException | AssertionError e) {
                                woken.completeExceptionally(e);
                            }
                        });
        SystemCalls ofWaiter = calls.get(30, TimeUnit.SECONDS);
        while (ofWaiter.count(Call.IO_URING_ENTER) < 2) {
            Thread.onSpinWait();
        }
        for (int i = 0; i < 5; i++) {
            System.gc();
        }
        assertThat(woken).as("still waiting after 5 collections").isNotDone();
        Sockets.send(pair[0], memory, 3);
        assertThat(woken.get(30, TimeUnit.SECONDS)).isEqualTo(3);
        waiter.join();
    }
}
