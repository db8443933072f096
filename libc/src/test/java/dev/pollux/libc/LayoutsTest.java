package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The structures that this machine's kernel does not check for us, byte by byte.
final class LayoutsTest {
    private final long memory = Memory.allocateZeroed(256);

    @AfterEach
    void free() {
        Memory.free(memory);
    }

    @ParameterizedTest
    @CsvSource({"LINUX_X86_64, 12, 4", "LINUX_AARCH64, 16, 8"})
    void epollEventIsPackedOnX86Only(Platform platform, int bytes, int data) {
        assertThat(EpollCalls.Layout.of(platform)).isEqualTo(new EpollCalls.Layout(bytes, data));
    }

    @ParameterizedTest
    @CsvSource({"LINUX_X86_64, 24", "LINUX_AARCH64, 16", "MACOS_X86_64, 4", "MACOS_AARCH64, 4"})
    void theModeOfAFileIsWhereThePlatformPutsIt(Platform platform, int mode) {
        assertThat(FileTypes.mode(platform)).isEqualTo(mode);
    }

    @Test
    void pollfdIsIntShortShort() {
        assertThat(PollCalls.POLLFD_BYTES).isEqualTo(8);
        PollCalls.put(memory, 1, 0x0403_0201, 0x0605);
        assertThat(Memory.getLong(memory + 8)).isEqualTo(0x0000_0605_0403_0201L);
        Memory.putShort(memory + 14, (short) 0x8001);
        assertThat(PollCalls.revents(memory, 1)).isEqualTo(0x8001);
    }

    @Test
    void keventIs32Bytes() {
        assertThat(Kevent.BYTES).isEqualTo(32);
        Kevent.put(
                memory,
                1,
                0x0102_0304,
                Kevent.EVFILT_WRITE,
                Kevent.EV_EOF | Kevent.EV_ADD,
                Kevent.NOTE_TRIGGER,
                0x1122_3344_5566_7788L);
        Kevent.putData(memory, 1, 42);
        long entry = memory + 32;
        assertThat(Memory.getLong(entry)).isEqualTo(0x0102_0304L);
        assertThat(Memory.getShort(entry + 8)).isEqualTo((short) -2);
        assertThat(Memory.getShort(entry + 10)).isEqualTo((short) 0x8001);
        assertThat(Memory.getInt(entry + 12)).isEqualTo(0x0100_0000);
        assertThat(Memory.getLong(entry + 16)).isEqualTo(42);
        assertThat(Memory.getLong(entry + 24)).isEqualTo(0x1122_3344_5566_7788L);

        assertThat(Kevent.fd(memory, 1)).isEqualTo(0x0102_0304);
        assertThat(Kevent.filter(memory, 1)).isEqualTo(Kevent.EVFILT_WRITE);
        assertThat(Kevent.flags(memory, 1)).isEqualTo(Kevent.EV_EOF | Kevent.EV_ADD);
        assertThat(Kevent.fflags(memory, 1)).isEqualTo(Kevent.NOTE_TRIGGER);
        assertThat(Kevent.data(memory, 1)).isEqualTo(42);
        assertThat(Kevent.udata(memory, 1)).isEqualTo(0x1122_3344_5566_7788L);
        assertThat(Memory.getLong(memory)).as("the entry before").isZero();
        assertThat(Memory.getLong(memory + 64)).as("the entry behind").isZero();
    }

    @Test
    void dvpollIsPointerLongInt() {
        assertThat(SystemDevpoll.BYTES).isEqualTo(24);
        SystemDevpoll.put(memory, 0x1234_5678_9abcL, 17, 1_500_000);
        assertThat(Memory.getLong(memory)).isEqualTo(0x1234_5678_9abcL);
        assertThat(Memory.getLong(memory + 8)).isEqualTo(17);
        assertThat(Memory.getInt(memory + 16)).as("milliseconds").isEqualTo(2);
        SystemDevpoll.put(memory, 0, 0, -1);
        assertThat(Memory.getInt(memory + 16)).as("for ever").isEqualTo(-1);
    }

    @Test
    void iovecIsPointerAndLength() {
        assertThat(Descriptors.IOVEC_BYTES).isEqualTo(16);
        Descriptors.putIovec(memory, 2, 0x7fff_0000_0001L, 3);
        assertThat(Memory.getLong(memory + 32)).isEqualTo(0x7fff_0000_0001L);
        assertThat(Memory.getLong(memory + 40)).isEqualTo(3);
    }

    @Test
    void whatLinuxLacksSaysSoAndItsCallsFailCleanly() {
        assumeTrue(Platform.current().isLinux());
        assertThat(KqueueCalls.whyNot()).contains("kqueue: this system has none (macOS has)");
        assertThatThrownBy(KqueueCalls::ofSystem)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage(KqueueCalls.whyNot().orElseThrow());
        KqueueCalls kqueue = new SystemKqueue();
        assertThat(kqueue.kqueue()).isEqualTo(-Errno.ENOSYS);
        assertThat(kqueue.kevent(0, 0, 0, memory, 1, 0)).isEqualTo(-Errno.ENOSYS);
        assertThat(kqueue.close(-1)).isEqualTo(-Errno.EBADF);

        assertThat(DevpollCalls.whyNot().orElseThrow())
                .startsWith("devpoll: there is no /dev/poll");
        assertThatThrownBy(DevpollCalls::ofSystem)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage(DevpollCalls.whyNot().orElseThrow());
        DevpollCalls devpoll = new SystemDevpoll();
        assertThat(devpoll.open()).isEqualTo(-Errno.ENOENT);
        assertThat(devpoll.write(-1, memory, 1)).isEqualTo(-Errno.EBADF);
        assertThat(devpoll.poll(-1, memory, 1, 0)).isEqualTo(-Errno.EBADF);
        int[] pipe = new int[2];
        Descriptors.pipe2(pipe, 0);
        assertThat(devpoll.poll(pipe[0], memory, 1, 0)).isEqualTo(-Errno.ENOTTY);
        assertThat(devpoll.write(pipe[1], memory, 2)).isEqualTo(16);
        assertThat(devpoll.close(pipe[0])).isZero();
        assertThat(devpoll.close(pipe[1])).isZero();
    }
}
