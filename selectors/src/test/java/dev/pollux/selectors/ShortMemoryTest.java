package dev.pollux.selectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.libc.Call;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Memory;
import dev.pollux.libc.Sockets;
import dev.pollux.libc.SystemCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A moment without memory outside the heap costs the call that wanted it, and nothing else.
@ParameterizedClass
@EnumSource(value = Bench.class, mode = EnumSource.Mode.EXCLUDE, names = "NIO")
@ExtendWith(LeakCheck.class)
@Timeout(60)
class ShortMemoryTest {
    /// More than every array begins with.
    private static final int DESCRIPTORS = 2_000;

    @Parameter Bench bench;
    private final SystemCalls calls = SystemCalls.current();
    private final long mappedBefore = mapped();
    private final List<Integer> fds = new ArrayList<>();
    private int refused;

    @BeforeEach
    void openMany() {
        int[] ends = new int[2];
        int type = Sockets.SOCK_STREAM | Sockets.SOCK_NONBLOCK;
        while (fds.size() < DESCRIPTORS) {
            DescriptorEnd.check(Sockets.socketpair(Sockets.AF_UNIX, type, ends));
            fds.add(ends[0]);
            fds.add(ends[1]);
        }
    }

    private long mapped() {
        return calls.count(Call.MMAP) - calls.count(Call.MUNMAP);
    }

    @AfterEach
    void everythingIsGivenBackOnce() {
        fds.forEach(Descriptors::close);
        assertThat(mapped()).as("mappings left").isEqualTo(mappedBefore);
    }

    /// The next allocations succeed, and then memory is short.
    private static void allow(int allocations) {
        var source = NativeArray.source;
        int[] left = {allocations};
        NativeArray.source =
                bytes -> {
                    if (left[0]-- > 0) {
                        return source.applyAsLong(bytes);
                    }
                    throw new OutOfMemoryError("memory is short");
                };
    }

    private interface Attempt {
        void run() throws Exception;
    }

    /// Runs it without memory for more than some allocations; false if that was not enough.
    private boolean succeedsWith(int allocations, Attempt attempt) throws Exception {
        var source = NativeArray.source;
        allow(allocations);
        try {
            attempt.run();
            return true;
        } catch (OutOfMemoryError e) {
            assertThat(e).hasMessage("memory is short");
            refused++;
            return false;
        } finally {
            NativeArray.source = source;
        }
    }

    @Test
    void anArrayThatCannotGrowStaysAsItIs() throws Exception {
        try (Selector<Integer> selector = bench.open()) {
            for (int fd : fds) {
                int keys = selector.keys().size();
                for (int spare = 0; !registers(selector, fd, spare); spare++) {
                    assertThat(selector.keys()).doesNotContainKey(fd).hasSize(keys);
                }
            }
            for (int spare = 0; spare < 8; spare++) {
                boolean _ = succeedsWith(spare, () -> selector.select(Duration.ZERO));
            }
            assertThat(refused).as("growing was tried without memory").isPositive();
            assertThat(selector.select(Duration.ZERO))
                    .hasSize(DESCRIPTORS)
                    .allMatch(one -> one.events() == Selector.WRITE);
            for (int fd : fds.subList(0, DESCRIPTORS / 2)) {
                selector.unregister(fd);
            }
            assertThat(selector.select(Duration.ZERO)).hasSize(DESCRIPTORS / 2);
            assertThat(selector.statistics().staleEvents()).as("of nobody").isZero();
        }
    }

    private boolean registers(Selector<Integer> selector, int fd, int spare) throws Exception {
        return succeedsWith(spare, () -> selector.register(fd, Selector.WRITE, fd));
    }

    /// A selector that is closed while it could not grow gives everything back once.
    @Test
    void aSelectorThatCouldNotGrowCanBeClosed() throws Exception {
        try (Selector<Integer> selector = bench.open()) {
            for (int fd : fds) {
                selector.register(fd, Selector.WRITE);
            }
            assertThatThrownBy(
                            () -> {
                                allow(0);
                                selector.select(Duration.ZERO);
                            })
                    .isInstanceOf(OutOfMemoryError.class);
        } finally {
            NativeArray.source = Memory::allocatePages;
        }
    }

    @Test
    void whatCannotBeOpenedLeavesNothingBehind() throws Exception {
        int spare = 0;
        while (!succeedsWith(spare, () -> bench.poller().close())) {
            spare++;
        }
        assertThat(spare).isLessThan(8);
    }
}
