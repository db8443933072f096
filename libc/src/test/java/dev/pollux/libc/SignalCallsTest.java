package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
@EnabledOnOs(OS.LINUX)
final class SignalCallsTest {
    private static final long DEADLINE_NANOS = 30_000_000_000L;
    private static final int SIGPIPE = 13;

    private final int signal = SignalCalls.rtMin() + 1;
    @RegisterExtension final OpenDescriptors open = new OpenDescriptors();
    private final long set = Memory.allocate(SignalCalls.SIGSET_BYTES);
    private final long siginfo = Memory.allocateZeroed(SignalCalls.SIGINFO_BYTES);
    private final long memory = Memory.allocateZeroed(4096);

    @BeforeEach
    void blockSignals() {
        assertThat(SignalCalls.ignore(signal)).isZero();
        assertThat(SignalCalls.block(signal, signal + 1, SignalCalls.SIGIO)).isZero();
        SignalCalls.putSet(set, signal, signal + 1, SignalCalls.SIGIO);
    }

    @AfterEach
    void nothingIsLeft() {
        int left;
        do {
            left = SignalCalls.wait(set, siginfo, 0);
        } while (left > 0);
        assertThat(left).isEqualTo(-Errno.EAGAIN);
        assertThat(SignalCalls.unblock(signal, signal + 1, SignalCalls.SIGIO)).isZero();
        assertThat(SignalCalls.restore(signal)).isZero();
        Memory.free(set);
        Memory.free(siginfo);
        Memory.free(memory);
    }

    /// Makes a descriptor send its signals to this thread.
    private void arm(int fd) {
        int tid = SignalCalls.gettid();
        assertThat(SignalCalls.setSignal(fd, signal)).isZero();
        assertThat(SignalCalls.setOwner(fd, tid)).isZero();
        assertThat(SignalCalls.owner(fd)).isEqualTo(tid);
        int flags = Descriptors.O_ASYNC | Descriptors.O_NONBLOCK;
        assertThat(Descriptors.fcntl(fd, Descriptors.F_SETFL, flags)).isZero();
    }

    private void assertSignal(int fd, int code, int band) {
        assertThat(SignalCalls.wait(set, siginfo, DEADLINE_NANOS)).isEqualTo(signal);
        assertThat(SignalCalls.signo(siginfo)).isEqualTo(signal);
        assertThat(SignalCalls.fd(siginfo)).isEqualTo(fd);
        assertThat(SignalCalls.code(siginfo)).isEqualTo(code);
        assertThat(SignalCalls.band(siginfo) & band).isEqualTo(band);
    }

    @Test
    void socketsSayWhichOfThemIsReadyForWhat() throws IOException {
        try (var loopback = new Loopback(Sockets.SOCK_NONBLOCK)) {
            arm(loopback.listener());
            assertThat(SignalCalls.wait(set, siginfo, 0)).isEqualTo(-Errno.EAGAIN);
            int client = loopback.connect();
            assertSignal(loopback.listener(), SignalCalls.POLL_IN, PollCalls.POLLIN);
            int server = Sockets.accept(loopback.listener(), 0, 0);
            assertThat(server).isNotNegative();

            arm(server);
            Loopback.send(client, "信号");
            assertSignal(server, SignalCalls.POLL_IN, PollCalls.POLLIN);
            assertThat(Sockets.recv(server, memory, 100)).isEqualTo(6);
            assertThat(Loopback.text(memory, 6)).isEqualTo("信号");
            assertThat(SignalCalls.wait(set, siginfo, 0)).isEqualTo(-Errno.EAGAIN);

            Descriptors.close(client);
            assertThat(SignalCalls.wait(set, siginfo, DEADLINE_NANOS)).isEqualTo(signal);
            assertThat(SignalCalls.fd(siginfo)).isEqualTo(server);
            assertThat(Sockets.recv(server, memory, 100)).as("the end").isZero();
            Descriptors.close(server);
        }
    }

    @Test
    void roomToWriteSendsASignal() throws IOException {
        try (Pair pair = new Pair()) {
            arm(pair.server);
            long sent = 0;
            int result;
            do {
                result = Sockets.send(pair.server, memory, 4096);
                sent += Math.max(result, 0);
            } while (result > 0);
            assertThat(result).isEqualTo(-Errno.EAGAIN);
            for (long got = 0; got < sent; ) {
                got += Sockets.recvBlocking(pair.client, memory, 4096);
            }
            assertSignal(pair.server, SignalCalls.POLL_OUT, PollCalls.POLLOUT);
        }
    }

    @Test
    void whatWasReadyBeforeSendsNothingAndEventfdsNever() {
        int counter = EventfdCalls.create(0, 0);
        int[] pair = unixPair();
        Loopback.send(pair[1], "early");
        arm(pair[0]);
        arm(counter);
        EventfdCalls.write(counter, 1);
        assertThat(SignalCalls.wait(set, siginfo, 0)).isEqualTo(-Errno.EAGAIN);
        assertThat(Sockets.recv(pair[0], memory, 100)).as("so look once").isEqualTo(5);
        close(pair);
        Descriptors.close(counter);
    }

    /// Unix domain: what is sent has arrived.
    private static int[] unixPair() {
        int[] pair = new int[2];
        Sockets.socketpair(Sockets.AF_UNIX, Sockets.SOCK_STREAM, pair);
        return pair;
    }

    private static void close(int[] pair) {
        Descriptors.close(pair[0]);
        Descriptors.close(pair[1]);
    }

    @Test
    void aFullQueueGivesABareSigio() {
        long limit = SignalCalls.sigpendingSoft();
        assertThat(limit).isGreaterThan(3);
        int[] pair = unixPair();
        try {
            arm(pair[0]);
            assertThat(SignalCalls.setSigpendingSoft(3)).isZero();
            assertThat(SignalCalls.sigpendingSoft()).isEqualTo(3);
            for (int i = 0; i < 30; i++) {
                Loopback.send(pair[1], "x");
            }
            assertThat(SignalCalls.wait(set, siginfo, DEADLINE_NANOS))
                    .as("the lowest number first")
                    .isEqualTo(SignalCalls.SIGIO);
            assertThat(SignalCalls.code(siginfo)).isEqualTo(SignalCalls.SI_KERNEL);
            assertThat(SignalCalls.fd(siginfo)).isZero();
            int queued = 0;
            while (SignalCalls.wait(set, siginfo, 0) == signal) {
                assertThat(SignalCalls.fd(siginfo)).isEqualTo(pair[0]);
                queued++;
            }
            assertThat(queued).isLessThanOrEqualTo(3);
            assertThat(Sockets.recv(pair[0], memory, 100)).as("nothing is lost").isEqualTo(30);
        } finally {
            assertThat(SignalCalls.setSigpendingSoft(limit)).isZero();
            close(pair);
        }
    }

    @Test
    void aBatchIsTakenFromASignalfd() {
        int queue = SignalfdCalls.create(signal);
        int[] one = unixPair();
        int[] two = unixPair();
        arm(one[0]);
        arm(two[0]);
        Loopback.send(one[1], "a");
        Loopback.send(two[1], "b");
        Loopback.send(one[1], "c");
        assertThat(SignalfdCalls.read(queue, memory, 2)).isEqualTo(2);
        assertThat(SignalfdCalls.fd(memory, 0)).isEqualTo(one[0]);
        assertThat(SignalfdCalls.fd(memory, 1)).isEqualTo(two[0]);
        assertThat(SignalfdCalls.signo(memory, 1)).isEqualTo(signal);
        assertThat(SignalfdCalls.code(memory, 1)).isEqualTo(SignalCalls.POLL_IN);
        assertThat(SignalfdCalls.band(memory, 1) & PollCalls.POLLIN).isNotZero();
        assertThat(SignalfdCalls.read(queue, memory, 2)).isEqualTo(1);
        assertThat(SignalfdCalls.fd(memory, 0)).isEqualTo(one[0]);
        assertThat(SignalfdCalls.read(queue, memory, 2)).isEqualTo(-Errno.EAGAIN);
        close(one);
        close(two);
        Descriptors.close(queue);
    }

    @Test
    void signalsComeInOrderAndWaitsEndInTime() {
        int tid = SignalCalls.gettid();
        assertThat(SignalCalls.tgkill(tid, signal + 1)).isZero();
        assertThat(SignalCalls.tgkill(tid, signal)).isZero();
        assertThat(SignalCalls.tgkill(tid, signal)).isZero();
        assertThat(SignalCalls.wait(set, 0, -1)).isEqualTo(signal);
        assertThat(SignalCalls.wait(set, siginfo, -1)).isEqualTo(signal);
        assertThat(SignalCalls.code(siginfo)).as("SI_USER, no POLL_...").isZero();
        assertThat(SignalCalls.wait(set, siginfo, 0)).isEqualTo(signal + 1);
        long start = System.nanoTime();
        assertThat(SignalCalls.wait(set, siginfo, 5_000_000)).isEqualTo(-Errno.EAGAIN);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(5_000_000);
    }

    @Test
    void anIgnoredSignalHurtsOnlyWhenBlocked() {
        int tid = SignalCalls.gettid();
        SignalCalls.unblock(signal);
        assertThat(SignalCalls.tgkill(tid, signal)).as("the process goes on").isZero();
        SignalCalls.block(signal);
        assertThat(SignalCalls.wait(set, siginfo, 0)).as("it is gone").isEqualTo(-Errno.EAGAIN);
        assertThat(SignalCalls.tgkill(tid, signal)).isZero();
        assertThat(SignalCalls.wait(set, siginfo, 0)).as("queued all the same").isEqualTo(signal);
    }

    @Test
    void aWaitHoldsUpNoCollectorAndIsWokenOrInterrupted() throws Exception {
        var tid = new CompletableFuture<Integer>();
        var taken = new CompletableFuture<Integer>();
        var interrupted = new CompletableFuture<Integer>();
        Thread waiter =
                Thread.ofPlatform()
                        .start(() -> {
                            SignalCalls.block(signal);
                            tid.complete(SignalCalls.gettid());
                            taken.complete(SignalCalls.wait(set, 0, -1));
                            interrupted.complete(SignalCalls.wait(set, 0, -1));
                        });
        int other = tid.get(30, TimeUnit.SECONDS);
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        assertThat(taken).isNotDone();
        assertThat(SignalCalls.tgkill(other, signal)).isZero();
        assertThat(taken.get(30, TimeUnit.SECONDS)).isEqualTo(signal);
        while (!interrupted.isDone()) {
            // The JVM's handler of this one does nothing. It may come before the wait: once more.
            SignalCalls.tgkill(other, SIGPIPE);
            Thread.onSpinWait();
        }
        assertThat(interrupted.get()).isEqualTo(-Errno.EINTR);
        waiter.join();
        while (SignalCalls.tgkill(other, 0) != -Errno.ESRCH) {
            // The kernel's thread goes a little after Java's.
            Thread.onSpinWait();
        }
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> SignalCalls.putSet(set, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no signal number: 0");
        assertThat(SignalCalls.ignore(9)).as("SIGKILL").isEqualTo(-Errno.EINVAL);
        assertThatThrownBy(() -> SignalCalls.ignore(99))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no signal number: 99");
        assertThat(SignalCalls.setSignal(-1, signal)).isEqualTo(-Errno.EBADF);
        assertThat(SignalCalls.setOwner(-1, 0)).isEqualTo(-Errno.EBADF);
        assertThat(SignalCalls.owner(-1)).isEqualTo(-Errno.EBADF);
        assertThat(SignalCalls.setSigpendingSoft(Long.MAX_VALUE)).isLessThanOrEqualTo(0);
    }

    @Test
    void theSignalsOfTheJvmAreRefused() {
        int sigsegv = 11;
        int sigusr2 = 12;
        int ofTheJdksSockets = 62;
        for (int mine : new int[] {sigsegv, sigusr2, SIGPIPE, ofTheJdksSockets}) {
            for (IntUnaryOperator call :
                    List.<IntUnaryOperator>of(
                            SignalCalls::block, SignalCalls::ignore, SignalCalls::restore)) {
                assertThatThrownBy(() -> call.applyAsInt(mine))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("needed by the JVM");
            }
        }
        assertThat(SignalCalls.block(signal + 2)).isZero();
        assertThat(SignalCalls.unblock(signal + 2)).isZero();
    }

    @Test
    void aDescriptorOfNobodySaysSo() {
        int[] pair = unixPair();
        assertThat(SignalCalls.setOwner(pair[0], 999_999_999)).isEqualTo(-Errno.ESRCH);
        int fSetown = 8;
        Descriptors.fcntl(pair[0], fSetown, ProcessHandle.current().pid());
        assertThat(SignalCalls.owner(pair[0])).as("a process").isEqualTo(-Errno.ESRCH);
        assertThat(SignalCalls.setOwner(pair[0], SignalCalls.gettid())).isZero();
        assertThat(SignalCalls.owner(pair[0])).isEqualTo(SignalCalls.gettid());
        close(pair);
    }
}
