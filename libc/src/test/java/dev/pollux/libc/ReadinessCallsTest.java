package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The three ways to wait, each asked about both ends of one pipe.
@Timeout(60)
final class ReadinessCallsTest {
    private static final long MILLISECOND = 1_000_000L;

    @RegisterExtension final OpenDescriptors open = new OpenDescriptors();
    private final long memory = Memory.allocateZeroed(4096);
    private final int[] pipe = new int[2];

    @BeforeEach
    void openPipe() {
        assertThat(Descriptors.pipe2(pipe, Descriptors.O_CLOEXEC)).isZero();
    }

    @AfterEach
    void closePipe() {
        Descriptors.close(pipe[0]);
        Descriptors.close(pipe[1]);
        Memory.free(memory);
    }

    private void makeReadable() {
        assertThat(Descriptors.write(pipe[1], memory + 4000, 1)).isEqualTo(1);
    }

    @Test
    void pollTellsReadableAndWritableApart() {
        PollCalls.put(memory, 0, pipe[0], PollCalls.POLLIN);
        PollCalls.put(memory, 1, pipe[1], PollCalls.POLLOUT);
        PollCalls.put(memory, 2, -1, PollCalls.POLLIN);
        assertThat(PollCalls.poll(memory, 3, -1)).isEqualTo(1);
        assertThat(PollCalls.revents(memory, 0)).isZero();
        assertThat(PollCalls.revents(memory, 1)).isEqualTo(PollCalls.POLLOUT);
        makeReadable();
        assertThat(PollCalls.poll(memory, 3, 0)).isEqualTo(2);
        assertThat(PollCalls.revents(memory, 0)).isEqualTo(PollCalls.POLLIN);
        assertThat(PollCalls.revents(memory, 2)).isZero();
    }

    @Test
    void oneDescriptorIsPolledWithoutAnArray() {
        int both = PollCalls.POLLIN | PollCalls.POLLOUT;
        assertThat(PollCalls.pollOne(pipe[0], both)).isZero();
        assertThat(PollCalls.pollOne(pipe[1], both)).isEqualTo(PollCalls.POLLOUT);
        makeReadable();
        assertThat(PollCalls.pollOne(pipe[0], both)).isEqualTo(PollCalls.POLLIN);
        assertThat(PollCalls.pollOne(1_000_000, both)).isEqualTo(PollCalls.POLLNVAL);
    }

    @Test
    void pollEntriesAreMovedAndChanged() {
        PollCalls.put(memory, 3, pipe[0], PollCalls.POLLIN | PollCalls.POLLRDHUP);
        PollCalls.move(memory, 3, 0);
        assertThat(PollCalls.fd(memory, 0)).isEqualTo(pipe[0]);
        assertThat(PollCalls.events(memory, 0)).isEqualTo(PollCalls.POLLIN | PollCalls.POLLRDHUP);
        PollCalls.putEvents(memory, 0, PollCalls.POLLOUT);
        assertThat(PollCalls.events(memory, 0)).isEqualTo(PollCalls.POLLOUT);
        assertThat(PollCalls.fd(memory, 0)).isEqualTo(pipe[0]);
    }

    @Test
    void pollReportsHangUpAndUnknownDescriptors() {
        int[] other = new int[2];
        Descriptors.pipe2(other, 0);
        Descriptors.close(other[1]);
        PollCalls.put(memory, 0, other[0], 0);
        PollCalls.put(memory, 1, 1_000_000, PollCalls.POLLIN);
        assertThat(PollCalls.poll(memory, 2, 0)).isEqualTo(2);
        assertThat(PollCalls.revents(memory, 0)).isEqualTo(PollCalls.POLLHUP);
        assertThat(PollCalls.revents(memory, 1)).isEqualTo(PollCalls.POLLNVAL);
        Descriptors.close(other[0]);
    }

    @Test
    void pollWaitsAtLeastAsLongAsAsked() {
        PollCalls.put(memory, 0, pipe[0], PollCalls.POLLIN);
        assertWaits(20 * MILLISECOND, () -> PollCalls.poll(memory, 1, 20 * MILLISECOND));
    }

    @Test
    void selectTellsReadableAndWritableApart() {
        int nfds = Math.max(pipe[0], pipe[1]) + 1;
        long read = memory;
        long write = memory + 1024;
        SelectCalls.set(read, pipe[0]);
        SelectCalls.set(write, pipe[1]);
        assertThat(SelectCalls.select(nfds, read, write, 0, -1)).isEqualTo(1);
        assertThat(SelectCalls.isSet(read, pipe[0])).isFalse();
        assertThat(SelectCalls.isSet(write, pipe[1])).isTrue();
        makeReadable();
        SelectCalls.set(read, pipe[0]);
        SelectCalls.clear(write, pipe[1]);
        assertThat(SelectCalls.select(nfds, read, write, 0, 0)).isEqualTo(1);
        assertThat(SelectCalls.isSet(read, pipe[0])).isTrue();
        assertThat(SelectCalls.isSet(write, pipe[1])).isFalse();
    }

    @Test
    void selectTakesDescriptorsBeyond1024() {
        int high = Descriptors.fcntl(pipe[0], Descriptors.F_DUPFD_CLOEXEC, 2500);
        assertThat(high).isGreaterThanOrEqualTo(2500);
        long bitmap = Memory.allocateZeroed(SelectCalls.bytes(high + 1));
        makeReadable();
        SelectCalls.set(bitmap, high);
        assertThat(SelectCalls.select(high + 1, bitmap, 0, 0, 0)).isEqualTo(1);
        assertThat(SelectCalls.isSet(bitmap, high)).isTrue();
        SelectCalls.set(bitmap, high - 1);
        assertThat(SelectCalls.select(high + 1, bitmap, 0, 0, 0)).isEqualTo(-Errno.EBADF);
        Memory.free(bitmap);
        Descriptors.close(high);
    }

    @Test
    void selectBitmapsAreWholeWords() {
        assertThat(SelectCalls.bytes(0)).isZero();
        assertThat(SelectCalls.bytes(1)).isEqualTo(8);
        assertThat(SelectCalls.bytes(64)).isEqualTo(8);
        assertThat(SelectCalls.bytes(65)).isEqualTo(16);
        assertThat(SelectCalls.bytes(Integer.MAX_VALUE)).isEqualTo(1 << 28);
        SelectCalls.set(memory, 0);
        SelectCalls.set(memory, 9);
        SelectCalls.set(memory, 63);
        assertThat(Memory.getLong(memory)).isEqualTo(1L | 1L << 9 | 1L << 63);
        SelectCalls.clear(memory, 9);
        assertThat(Memory.getLong(memory)).isEqualTo(1L | 1L << 63);
    }

    @Test
    void selectWaitsAtLeastAsLongAsAsked() {
        long read = memory;
        SelectCalls.set(read, pipe[0]);
        assertWaits(
                20 * MILLISECOND,
                () -> SelectCalls.select(pipe[0] + 1, read, 0, 0, 20 * MILLISECOND));
        assertThat(SelectCalls.isSet(read, pipe[0])).isFalse();
    }

    @Test
    void epollTellsWhatAndWhom() {
        int epoll = EpollCalls.create();
        int in = EpollCalls.EPOLLIN;
        int out = EpollCalls.EPOLLOUT;
        long data = 0x8000_0001_0000_0002L;
        assertThat(EpollCalls.ctl(epoll, EpollCalls.EPOLL_CTL_ADD, pipe[0], in, data)).isZero();
        assertThat(EpollCalls.ctl(epoll, EpollCalls.EPOLL_CTL_ADD, pipe[1], out, 7)).isZero();
        assertThat(EpollCalls.wait(epoll, memory, 8, -1)).isEqualTo(1);
        assertThat(EpollCalls.data(memory, 0)).isEqualTo(7);
        assertThat(EpollCalls.events(memory, 0)).isEqualTo(out);
        assertThat(EpollCalls.ctl(epoll, EpollCalls.EPOLL_CTL_DEL, pipe[1], 0, 0)).isZero();
        makeReadable();
        assertThat(EpollCalls.wait(epoll, memory, 8, 0)).isEqualTo(1);
        assertThat(EpollCalls.data(memory, 0)).isEqualTo(data);
        assertThat(EpollCalls.events(memory, 0)).isEqualTo(in);
        assertThat(EpollCalls.ctl(epoll, EpollCalls.EPOLL_CTL_MOD, pipe[0], 0, data)).isZero();
        assertThat(EpollCalls.wait(epoll, memory, 8, 0)).isZero();
        Descriptors.close(epoll);
    }

    @Test
    void epollFlagsMeanWhatTheySay() {
        int epoll = EpollCalls.create();
        int oneShot = EpollCalls.EPOLLIN | EpollCalls.EPOLLONESHOT;
        int edge = EpollCalls.EPOLLIN | EpollCalls.EPOLLET;
        makeReadable();
        EpollCalls.ctl(epoll, EpollCalls.EPOLL_CTL_ADD, pipe[0], oneShot, 1);
        assertThat(EpollCalls.wait(epoll, memory, 8, 0)).isEqualTo(1);
        assertThat(EpollCalls.wait(epoll, memory, 8, 0)).as("disarmed").isZero();
        EpollCalls.ctl(epoll, EpollCalls.EPOLL_CTL_MOD, pipe[0], edge, 1);
        assertThat(EpollCalls.wait(epoll, memory, 8, 0)).isEqualTo(1);
        assertThat(EpollCalls.wait(epoll, memory, 8, 0)).as("no new edge").isZero();
        makeReadable();
        assertThat(EpollCalls.wait(epoll, memory, 8, 0)).isEqualTo(1);
        EpollCalls.ctl(epoll, EpollCalls.EPOLL_CTL_DEL, pipe[0], 0, 0);
        int exclusive = EpollCalls.EPOLLIN | EpollCalls.EPOLLEXCLUSIVE;
        assertThat(EpollCalls.ctl(epoll, EpollCalls.EPOLL_CTL_ADD, pipe[0], exclusive, 1)).isZero();
        assertThat(EpollCalls.ctl(epoll, EpollCalls.EPOLL_CTL_MOD, pipe[0], exclusive, 1))
                .isEqualTo(-Errno.EINVAL);
        Descriptors.close(epoll);
    }

    @Test
    void epollErrorsAreNegative() {
        int epoll = EpollCalls.create();
        int add = EpollCalls.EPOLL_CTL_ADD;
        assertThat(EpollCalls.ctl(epoll, add, -1, 0, 0)).isEqualTo(-Errno.EBADF);
        assertThat(EpollCalls.ctl(epoll, add, epoll, 0, 0)).isEqualTo(-Errno.EINVAL);
        EpollCalls.ctl(epoll, add, pipe[0], 0, 0);
        assertThat(EpollCalls.ctl(epoll, add, pipe[0], 0, 0)).isEqualTo(-Errno.EEXIST);
        assertThat(EpollCalls.ctl(epoll, EpollCalls.EPOLL_CTL_MOD, pipe[1], 0, 0))
                .isEqualTo(-Errno.ENOENT);
        assertThat(EpollCalls.wait(epoll, memory, 0, 0)).isEqualTo(-Errno.EINVAL);
        assertThat(EpollCalls.wait(-1, memory, 1, 1)).isEqualTo(-Errno.EBADF);
        Descriptors.close(epoll);
        assertThat(EpollCalls.wait(epoll, memory, 1, -1)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void epollWaitsAtLeastAsLongAsAskedBelowAMillisecondToo() {
        int epoll = EpollCalls.create();
        assertWaits(20 * MILLISECOND, () -> EpollCalls.wait(epoll, memory, 8, 20 * MILLISECOND));
        assertWaits(300_000, () -> EpollCalls.wait(epoll, memory, 8, 300_000));
        Descriptors.close(epoll);
    }

    @Test
    void eventfdCountsAndWakes() {
        int counter = EventfdCalls.create(0, 0);
        assertThat(EventfdCalls.read(counter)).isEqualTo(-Errno.EAGAIN);
        assertThat(EventfdCalls.write(counter, 2)).isZero();
        assertThat(EventfdCalls.write(counter, 3)).isZero();
        PollCalls.put(memory, 0, counter, PollCalls.POLLIN);
        assertThat(PollCalls.poll(memory, 1, 0)).isEqualTo(1);
        assertThat(EventfdCalls.read(counter)).isEqualTo(5);
        assertThat(EventfdCalls.write(counter, -2)).as("the maximum").isZero();
        assertThat(EventfdCalls.write(counter, 1)).isEqualTo(-Errno.EAGAIN);
        assertThat(EventfdCalls.read(counter)).isEqualTo(Long.MAX_VALUE);
        Descriptors.close(counter);
        assertThat(EventfdCalls.read(counter)).isEqualTo(-Errno.EBADF);
        assertThat(EventfdCalls.write(counter, 1)).isEqualTo(-Errno.EBADF);

        int semaphore = EventfdCalls.create(2, EventfdCalls.EFD_SEMAPHORE);
        assertThat(EventfdCalls.read(semaphore)).isEqualTo(1);
        assertThat(EventfdCalls.read(semaphore)).isEqualTo(1);
        assertThat(EventfdCalls.read(semaphore)).isEqualTo(-Errno.EAGAIN);
        Descriptors.close(semaphore);
    }

    private static void assertWaits(long nanos, java.util.function.IntSupplier wait) {
        long start = System.nanoTime();
        int result = wait.getAsInt();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
        assertThat(result).as("timeout").isZero();
    }
}
