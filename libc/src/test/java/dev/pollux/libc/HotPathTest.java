package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What every message passes through: it allocates nothing, and a wait holds nobody up.
@Timeout(60)
final class HotPathTest {
    private static final int ROUNDS = 10_000;
    private static final int BATCHES_MAX = 60;

    @RegisterExtension final OpenDescriptors open = new OpenDescriptors();
    private final long memory = Memory.allocate(4096);
    private final int[] pair = new int[2];
    private int epoll;

    @BeforeEach
    void openAll() {
        Sockets.socketpair(Sockets.AF_UNIX, Sockets.SOCK_STREAM, pair);
        epoll = EpollCalls.create();
        EpollCalls.ctl(epoll, EpollCalls.EPOLL_CTL_ADD, pair[1], EpollCalls.EPOLLIN, 1);
    }

    @AfterEach
    void closeAll() {
        Descriptors.close(pair[0]);
        Descriptors.close(pair[1]);
        Descriptors.close(epoll);
        Memory.free(memory);
    }

    @Test
    void messagesAllocateNothingOnceCompiled() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        for (int batch = 0; batch < BATCHES_MAX && allocated > 0; batch++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            long results = rounds(ROUNDS);
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(results).isEqualTo(6L * ROUNDS);
        }
        assertThat(allocated).as("bytes in the last %d rounds", ROUNDS).isZero();
    }

    /// Each round is worth 6: two sends of 1, two receptions of 1, two waits with 1 event.
    private long rounds(int count) {
        long results = 0;
        for (int i = 0; i < count; i++) {
            results += Sockets.send(pair[0], memory, 1);
            results += EpollCalls.wait(epoll, memory + 64, 8, 0);
            results += Sockets.recv(pair[1], memory, 1);
            Descriptors.putIovec(memory + 1024, 0, memory, 1);
            results += Sockets.sendv(pair[0], memory + 1024, 1);
            results += EpollCalls.wait(epoll, memory + 64, 8, 1_000_000_000L);
            results += Sockets.recv(pair[1], memory, 1);
            EpollCalls.ctl(epoll, EpollCalls.EPOLL_CTL_MOD, pair[1], EpollCalls.EPOLLIN, 1);
        }
        return results;
    }

    @Test
    void aBlockedWaitDoesNotHoldUpTheCollector() throws Exception {
        var woken = new CompletableFuture<Integer>();
        var calls = new CompletableFuture<SystemCalls>();
        Thread waiter =
                Thread.ofPlatform()
                        .start(() -> {
                            calls.complete(SystemCalls.current());
                            woken.complete(EpollCalls.wait(epoll, memory, 8, -1));
                        });
        SystemCalls ofWaiter = calls.get(30, TimeUnit.SECONDS);
        while (ofWaiter.count(Call.EPOLL_WAIT) == 0) {
            Thread.onSpinWait();
        }
        int collections = 5;
        for (int i = 0; i < collections; i++) {
            System.gc();
        }
        assertThat(woken).as("still waiting after %d collections", collections).isNotDone();
        Sockets.send(pair[0], memory + 2048, 1);
        assertThat(woken.get(30, TimeUnit.SECONDS)).isEqualTo(1);
        waiter.join();
    }
}
