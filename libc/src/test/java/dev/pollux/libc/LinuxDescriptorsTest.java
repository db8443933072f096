package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// What only Linux turns into descriptors: timers, signals, file changes, processes.
@Timeout(60)
@EnabledOnOs(OS.LINUX)
final class LinuxDescriptorsTest {
    private static final long DEADLINE_NANOS = 30_000_000_000L;

    @RegisterExtension final OpenDescriptors open = new OpenDescriptors();
    private final long memory = Memory.allocate(4096);

    @AfterEach
    void free() {
        Memory.free(memory);
    }

    private void awaitReadable(int fd) {
        PollCalls.put(memory, 0, fd, PollCalls.POLLIN);
        assertThat(PollCalls.poll(memory, 1, DEADLINE_NANOS)).isEqualTo(1);
        // A process that the JVM has reaped meanwhile reports POLLHUP besides.
        assertThat(PollCalls.revents(memory, 0) & PollCalls.POLLIN).isNotZero();
    }

    @Test
    void aTimerExpiresOnceOrAgainAndAgain() {
        int timer = TimerfdCalls.create();
        assertThat(TimerfdCalls.read(timer)).isEqualTo(-Errno.EAGAIN);
        long start = System.nanoTime();
        assertThat(TimerfdCalls.settime(timer, 5_000_000, 0)).isZero();
        awaitReadable(timer);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(5_000_000);
        assertThat(TimerfdCalls.read(timer)).isEqualTo(1);
        assertThat(TimerfdCalls.read(timer)).isEqualTo(-Errno.EAGAIN);

        assertThat(TimerfdCalls.settime(timer, 1, 1_000_000)).isZero();
        awaitReadable(timer);
        long expirations = TimerfdCalls.read(timer);
        awaitReadable(timer);
        assertThat(expirations + TimerfdCalls.read(timer)).isGreaterThanOrEqualTo(2);

        assertThat(TimerfdCalls.settime(timer, 1, 0)).isZero();
        awaitReadable(timer);
        assertThat(TimerfdCalls.settime(timer, 0, 0)).as("disarmed").isZero();
        assertThat(TimerfdCalls.read(timer)).isEqualTo(-Errno.EAGAIN);
        assertThat(TimerfdCalls.settime(timer, -1, 0)).isEqualTo(-Errno.EINVAL);
        Descriptors.close(timer);
        assertThat(TimerfdCalls.settime(timer, 1, 0)).isEqualTo(-Errno.EBADF);
        assertThat(TimerfdCalls.read(timer)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void signalsOfThisThreadAreRead() {
        int first = 40;
        int second = 41;
        // int raise(int sig): to the calling thread                                     raise(3)
        MethodHandle raise = Downcall.link("raise");
        assertThat(SignalCalls.block(first, second)).isZero();
        int queue = SignalfdCalls.create(first, second);
        assertThat(queue).isNotNegative();
        assertThat(SignalfdCalls.read(queue)).isEqualTo(-Errno.EAGAIN);
        var state = SystemCalls.current().state;
        assertThat((int) Downcall.invoke(raise, state, second, 0, 0, 0, 0, 0)).isZero();
        assertThat((int) Downcall.invoke(raise, state, first, 0, 0, 0, 0, 0)).isZero();
        awaitReadable(queue);
        assertThat(SignalfdCalls.read(queue)).as("the lower number first").isEqualTo(first);
        assertThat(SignalfdCalls.read(queue)).isEqualTo(second);
        assertThat(SignalfdCalls.read(queue)).isEqualTo(-Errno.EAGAIN);
        assertThat(SignalCalls.unblock(first, second)).isZero();
        Descriptors.close(queue);
        assertThat(SignalfdCalls.read(queue)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void signalNumbersAreChecked() {
        for (int wrong : new int[] {0, -1, 65}) {
            assertThatThrownBy(() -> SignalfdCalls.create(wrong))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> SignalCalls.block(wrong))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void fileChangesAreRead(@TempDir Path directory) throws IOException {
        int queue = InotifyCalls.init();
        assertThat(InotifyCalls.read(queue, memory, 4096)).isEqualTo(-Errno.EAGAIN);
        int mask =
                InotifyCalls.IN_CREATE
                        | InotifyCalls.IN_CLOSE_WRITE
                        | InotifyCalls.IN_MOVED_FROM
                        | InotifyCalls.IN_MOVED_TO
                        | InotifyCalls.IN_DELETE;
        int watch = InotifyCalls.addWatch(queue, directory.toString(), mask);
        assertThat(watch).isPositive();
        Files.writeString(directory.resolve("a"), "你好");
        Files.move(directory.resolve("a"), directory.resolve("a-longer-name-than-before"));
        Files.createDirectory(directory.resolve("d"));
        Files.delete(directory.resolve("d"));
        assertThat(InotifyCalls.rmWatch(queue, watch)).isZero();

        awaitReadable(queue);
        int bytes = InotifyCalls.read(queue, memory, 4096);
        List<String> seen = new ArrayList<>();
        List<Integer> cookies = new ArrayList<>();
        for (long event = memory; event < memory + bytes; event = InotifyCalls.next(event)) {
            assertThat(InotifyCalls.watch(event)).isEqualTo(watch);
            seen.add("%x %s".formatted(InotifyCalls.mask(event), InotifyCalls.name(event)));
            cookies.add(InotifyCalls.cookie(event));
        }
        assertThat(seen)
                .containsExactly(
                        "100 a",
                        "8 a",
                        "40 a",
                        "80 a-longer-name-than-before",
                        "40000100 d",
                        "40000200 d",
                        "8000 ");
        assertThat(cookies.get(2)).isNotZero().isEqualTo(cookies.get(3));
        Descriptors.close(queue);
    }

    @Test
    void watchesThatCannotBeAreRefused(@TempDir Path directory) {
        int queue = InotifyCalls.init();
        String nowhere = directory.resolve("nowhere").toString();
        assertThat(InotifyCalls.addWatch(queue, nowhere, InotifyCalls.IN_MODIFY))
                .isEqualTo(-Errno.ENOENT);
        assertThat(InotifyCalls.addWatch(-1, directory.toString(), InotifyCalls.IN_MODIFY))
                .isEqualTo(-Errno.EBADF);
        assertThat(InotifyCalls.rmWatch(queue, 999)).isEqualTo(-Errno.EINVAL);
        Descriptors.close(queue);
    }

    @Test
    void aProcessIsReadableOnceItHasEnded() throws IOException, InterruptedException {
        Process cat = new ProcessBuilder("cat").start();
        int process = PidfdCalls.open(cat.pid());
        assertThat(process).isNotNegative();
        assertThat(Descriptors.fcntl(process, Descriptors.F_GETFD, 0))
                .isEqualTo(Descriptors.FD_CLOEXEC);
        PollCalls.put(memory, 0, process, PollCalls.POLLIN);
        assertThat(PollCalls.poll(memory, 1, 0)).as("still running").isZero();
        cat.getOutputStream().close();
        awaitReadable(process);
        assertThat(cat.waitFor()).isZero();
        cat.getInputStream().close();
        cat.getErrorStream().close();
        Descriptors.close(process);
        assertThat(PidfdCalls.open(-1)).isEqualTo(-Errno.EINVAL);
    }
}
