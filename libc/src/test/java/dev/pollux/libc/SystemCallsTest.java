package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class SystemCallsTest {
    @Test
    void eachCallIsCountedOnceForTheThreadThatMakesIt() throws Exception {
        var calls = new CompletableFuture<SystemCalls>();
        var looked = new CountDownLatch(1);
        Thread thread =
                Thread.ofPlatform()
                        .start(() -> {
                            int[] pair = new int[2];
                            long byteAddress = Memory.allocate(64);
                            Sockets.socketpair(Sockets.AF_UNIX, Sockets.SOCK_STREAM, pair);
                            for (int i = 0; i < 7; i++) {
                                Sockets.send(pair[0], byteAddress, 1);
                            }
                            Sockets.recv(pair[1], byteAddress, 1);
                            Sockets.recvBlocking(pair[1], byteAddress, 1);
                            Descriptors.close(pair[0]);
                            Descriptors.close(pair[1]);
                            Descriptors.close(-1);
                            Memory.free(byteAddress);
                            calls.complete(SystemCalls.current());
                            await(looked);
                        });
        SystemCalls counted = calls.get(30, TimeUnit.SECONDS);
        assertThat(counted).isNotSameAs(SystemCalls.current());
        assertThat(counted.snapshot())
                .containsExactly(
                        entry("close", 3L),
                        entry("recv", 2L),
                        entry("send", 7L),
                        entry("socketpair", 1L));
        assertThat(counted.count(Call.SEND)).isEqualTo(7);
        assertThat(counted.count(Call.POLL)).isZero();
        assertThat(counted.total()).isEqualTo(13);
        looked.countDown();
        thread.join();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void virtualThreadsCountForThemselvesAndKeepTheirErrnos() throws Exception {
        var counts = new CompletableFuture<Long>();
        Thread.ofVirtual()
                .start(() -> {
                    for (int i = 0; i < 1000; i++) {
                        if (Descriptors.close(-1) != -Errno.EBADF) {
                            counts.complete(-1L);
                        }
                        Thread.yield();
                    }
                    counts.complete(SystemCalls.current().count(Call.CLOSE));
                });
        assertThat(counts.get(30, TimeUnit.SECONDS)).isEqualTo(1000);
    }

    @Test
    void aFunctionThatIsNotThereSaysEnosys() {
        Downcall missing = Downcall.of(Call.EVENTFD, "no_such_function");
        assertThat(missing.call(1, 2, 3)).isEqualTo(-Errno.ENOSYS);
        assertThat(missing.callLong(1, 2, 3, 4, 5, 6)).isEqualTo(-Errno.ENOSYS);
        assertThat(Downcall.exists("no_such_function")).isFalse();
        assertThat(Downcall.exists("read")).isTrue();
    }

    @Test
    void aVariadicFunctionIsCalledByItsOwnConvention() {
        var fcntl = new Downcall(Downcall.linkVariadic("fcntl", 2), Call.FCNTL.slot());
        int[] pipe = new int[2];
        Descriptors.pipe2(pipe, 0);
        int set = fcntl.call(pipe[0], Descriptors.F_SETFD, Descriptors.FD_CLOEXEC);
        assertThat(set).isZero();
        assertThat(Descriptors.fcntl(pipe[0], Descriptors.F_GETFD, 0)).isEqualTo(1);
        assertThat(fcntl.call(-1, Descriptors.F_GETFD, 0)).isEqualTo(-Errno.EBADF);
        Descriptors.close(pipe[0]);
        Descriptors.close(pipe[1]);
    }

    @Test
    void callsAreNamedAfterTheirFunctions() {
        Set<Integer> slots = new HashSet<>();
        for (Call call : Call.values()) {
            assertThat(call.symbol()).isEqualToIgnoringCase(call.name());
            assertThat(slots.add(call.slot())).isTrue();
        }
        assertThat(Call.EPOLL_PWAIT2.symbol()).isEqualTo("epoll_pwait2");
    }

    @ParameterizedTest
    @CsvSource({
        "-1, -1",
        "-9223372036854775808, -1",
        "0, 0",
        "1, 1",
        "1000000, 1",
        "1000001, 2",
        "2147483647000000, 2147483647",
        "2147483647000001, 2147483647",
        "9223372036854775807, 2147483647",
    })
    void millisecondsAreRoundedUpAndClamped(long nanos, int millis) {
        assertThat(SystemCalls.millisRoundedUp(nanos)).isEqualTo(millis);
    }

    @Test
    void aTimespecHasSecondsAndNanoseconds() {
        SystemCalls calls = SystemCalls.current();
        long address = calls.timespec(3_000_000_007L);
        assertThat(Memory.getLong(address)).isEqualTo(3);
        assertThat(Memory.getLong(address + 8)).isEqualTo(7);
        assertThat(calls.timespec(-1)).as("for ever").isZero();
    }
}
