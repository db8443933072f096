package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a thread that sleeps in a socket can count on.
@Timeout(60)
final class BlockingSocketsTest {
    private static final long NANOS = 10_000_000;

    @RegisterExtension final OpenDescriptors open = new OpenDescriptors();
    private final long memory = Memory.allocateZeroed(65536);

    @AfterEach
    void free() {
        Memory.free(memory);
    }

    private static int timed(IntSupplier call) {
        long start = System.nanoTime();
        int result = call.getAsInt();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(NANOS);
        return result;
    }

    @Test
    void receivingAndAcceptingEndInTime() throws IOException {
        try (Pair pair = new Pair();
                var loopback = new Loopback(0)) {
            assertThat(Sockets.setReceiveTimeout(pair.server, NANOS)).isZero();
            int result = timed(() -> Sockets.recvBlocking(pair.server, memory, 1));
            assertThat(result).isEqualTo(-Errno.EAGAIN);
            assertThat(Sockets.setReceiveTimeout(loopback.listener(), NANOS)).isZero();
            result = timed(() -> Sockets.accept(loopback.listener(), 0, 0));
            assertThat(result).isEqualTo(-Errno.EAGAIN);
            Loopback.send(pair.client, "你");
            assertThat(Sockets.recvBlocking(pair.server, memory, 9)).isEqualTo(3);
            assertThat(Sockets.setReceiveTimeout(-1, NANOS)).isEqualTo(-Errno.EBADF);
        }
    }

    @Test
    void sendingEndsInTime() {
        int[] pair = filled();
        assertThat(Sockets.setSendTimeout(pair[0], NANOS)).isZero();
        int result = timed(() -> Sockets.sendBlocking(pair[0], memory, 65536));
        assertThat(result).isEqualTo(-Errno.EAGAIN);
        assertThat(Sockets.recvBlocking(pair[1], memory, 65536)).isPositive();
        Descriptors.close(pair[0]);
        Descriptors.close(pair[1]);
    }

    /// Two connected sockets, the first without room. Unix domain, as the room of TCP may grow by
    /// itself.
    private int[] filled() {
        int[] pair = new int[2];
        Sockets.socketpair(Sockets.AF_UNIX, Sockets.SOCK_STREAM, pair);
        for (int bytes : new int[] {65536, 1}) {
            int result;
            do {
                result = Sockets.send(pair[0], memory, bytes);
            } while (result > 0);
            assertThat(result).isEqualTo(-Errno.EAGAIN);
        }
        return pair;
    }

    /// What the kernel keeps is at least what was asked, though it counts in ticks of some
    /// milliseconds.
    @ParameterizedTest
    @ValueSource(longs = {1, 999, 1000, 1_000_000, 1_500_000_000, 86_400_000_000_000L})
    void timesAreRoundedUp(long nanos) throws IOException {
        try (Pair pair = new Pair()) {
            assertThat(Sockets.setSendTimeout(pair.server, nanos)).isZero();
            assertThat(kept(pair.server)).isBetween(nanos, nanos + 50_000_000);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void noTimeMeansForEver(long nanos) throws IOException {
        try (Pair pair = new Pair()) {
            assertThat(Sockets.setSendTimeout(pair.server, NANOS)).isZero();
            assertThat(Sockets.setSendTimeout(pair.server, nanos)).isZero();
            assertThat(kept(pair.server)).isZero();
        }
    }

    private long kept(int fd) {
        Memory.putInt(memory + 64, 16);
        Downcall getsockopt = Downcall.of(Call.GETSOCKOPT);
        int level = SocketOptions.SOL_SOCKET;
        int name = SocketOptions.SO_SNDTIMEO;
        assertThat(getsockopt.call(fd, level, name, memory, memory + 64)).isZero();
        return Memory.getLong(memory) * 1_000_000_000L + Memory.getLong(memory + 8) * 1_000;
    }

    /// Who wants to stop a thread that sleeps in a socket shuts the socket down.
    @Test
    void shutdownWakesWhoSleepsInIt() throws Exception {
        int[] full = filled();
        try (Pair pair = new Pair();
                var loopback = new Loopback(0)) {
            CompletableFuture<Integer> receiving =
                    asleep(Call.RECV, () -> Sockets.recvBlocking(pair.client, memory, 1));
            CompletableFuture<Integer> sending =
                    asleep(Call.SEND, () -> Sockets.sendBlocking(full[0], memory, 1));
            CompletableFuture<Integer> accepting =
                    asleep(
                            Platform.current().isLinux() ? Call.ACCEPT4 : Call.ACCEPT,
                            () -> Sockets.accept(loopback.listener(), 0, 0));
            assertThat(Stream.of(receiving, sending, accepting)).noneMatch(f -> f.isDone());

            assertThat(Sockets.shutdown(pair.client, Sockets.SHUT_RDWR)).isZero();
            assertThat(receiving.get(30, TimeUnit.SECONDS)).as("the end of input").isZero();
            assertThat(Sockets.shutdown(full[0], Sockets.SHUT_RDWR)).isZero();
            assertThat(sending.get(30, TimeUnit.SECONDS)).isEqualTo(-Errno.EPIPE);
            assertThat(Sockets.shutdown(loopback.listener(), Sockets.SHUT_RDWR)).isZero();
            assertThat(accepting.get(30, TimeUnit.SECONDS)).isEqualTo(-Errno.EINVAL);
        }
        Descriptors.close(full[0]);
        Descriptors.close(full[1]);
    }

    /// What an abort needs: one call that resets the connection and wakes all who sleep in it.
    @Test
    void dissolvingAConnectionWakesWhoSleepsInIt() throws Exception {
        assumeTrue(Platform.current().isLinux());
        try (Pair pair = new Pair()) {
            CompletableFuture<Integer> receiving =
                    asleep(Call.RECV, () -> Sockets.recvBlocking(pair.server, memory, 1));
            CompletableFuture<Integer> sending =
                    asleep(Call.SEND, () -> sendUntilItFails(pair.server));
            assertThat(receiving).isNotDone();
            assertThat(sending).isNotDone();
            assertThat(Sockets.disconnect(pair.server)).isZero();
            assertThat(receiving.get(30, TimeUnit.SECONDS)).isNotPositive();
            assertThat(sending.get(30, TimeUnit.SECONDS)).isNegative();
            assertThat(Sockets.recvBlocking(pair.server, memory, 1)).isNotPositive();
            assertThat(Sockets.sendBlocking(pair.server, memory, 1)).isEqualTo(-Errno.EPIPE);
            int last;
            do {
                last = Sockets.recvBlocking(pair.client, memory, 65536);
            } while (last > 0);
            assertThat(last).isEqualTo(-Errno.ECONNRESET);
        }
    }

    private int sendUntilItFails(int fd) {
        int result;
        do {
            result = Sockets.sendBlocking(fd, memory, 65536);
        } while (result > 0);
        return result;
    }

    @Test
    void aUnixDomainSocketCannotBeDissolved() {
        int[] pair = new int[2];
        Sockets.socketpair(Sockets.AF_UNIX, Sockets.SOCK_STREAM, pair);
        assertThat(Sockets.disconnect(pair[0])).isEqualTo(-Errno.EINVAL);
        assertThat(Sockets.disconnect(-1)).isEqualTo(-Errno.EBADF);
        Descriptors.close(pair[0]);
        Descriptors.close(pair[1]);
    }

    /// Starts a thread that makes a call which sleeps, and returns when it has begun.
    private static CompletableFuture<Integer> asleep(Call call, IntSupplier sleeper)
            throws Exception {
        var result = new CompletableFuture<Integer>();
        var calls = new CompletableFuture<SystemCalls>();
        Thread.ofPlatform()
                .start(() -> {
                    calls.complete(SystemCalls.current());
                    result.complete(sleeper.getAsInt());
                });
        SystemCalls ofSleeper = calls.get(30, TimeUnit.SECONDS);
        while (ofSleeper.count(call) == 0) {
            Thread.onSpinWait();
        }
        return result;
    }
}
