package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class DescriptorsTest {
    @RegisterExtension final OpenDescriptors open = new OpenDescriptors();
    private final long buffer = Memory.allocate(256);

    @AfterEach
    void free() {
        Memory.free(buffer);
    }

    @Test
    void aPipeCarriesBytes() {
        int[] pipe = pipe(0);
        byte[] text = "你好".getBytes(StandardCharsets.UTF_8);
        Memory.copy(text, 0, buffer, text.length);

        assertThat(Descriptors.write(pipe[1], buffer, text.length)).isEqualTo(6);
        assertThat(Descriptors.available(pipe[0])).isEqualTo(6);
        assertThat(Descriptors.read(pipe[0], buffer + 100, 100)).isEqualTo(6);
        byte[] got = new byte[6];
        Memory.copy(buffer + 100, got, 0, 6);
        assertThat(got).isEqualTo(text);

        assertThat(Descriptors.close(pipe[1])).isZero();
        assertThat(Descriptors.read(pipe[0], buffer, 1)).as("the end of input").isZero();
        assertThat(Descriptors.close(pipe[0])).isZero();
    }

    @Test
    void aRegularFileIsToldFromTheRest(@TempDir Path directory) throws IOException {
        String path = Files.writeString(directory.resolve("file"), "").toString();
        int file = Descriptors.open(path, Descriptors.O_RDONLY, 0);
        int folder = Descriptors.open(directory.toString(), Descriptors.O_RDONLY, 0);
        int device = Descriptors.open("/dev/null", Descriptors.O_RDONLY, 0);
        int[] pipe = pipe(0);
        assertThat(Descriptors.isRegularFile(file)).isTrue();
        for (int other : new int[] {folder, device, pipe[0], pipe[1], -1}) {
            assertThat(Descriptors.isRegularFile(other)).isFalse();
        }
        close(pipe);
        for (int fd : new int[] {file, folder, device}) {
            assertThat(Descriptors.close(fd)).isZero();
        }
    }

    @Test
    void anArrayWithoutRoomForTwoLosesNoDescriptors() {
        assertThatThrownBy(() -> Descriptors.pipe2(new int[1], 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(
                        () -> Sockets.socketpair(Sockets.AF_UNIX, Sockets.SOCK_STREAM, new int[1]))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aNonBlockingPipeSaysEagain() {
        int[] pipe = pipe(Descriptors.O_NONBLOCK);
        assertThat(Descriptors.read(pipe[0], buffer, 1)).isEqualTo(-Errno.EAGAIN);
        close(pipe);
    }

    @Test
    void aPipeWithoutReaderSaysEpipeAndTheProcessLives() {
        int[] pipe = pipe(0);
        Descriptors.close(pipe[0]);
        assertThat(Descriptors.write(pipe[1], buffer, 1)).isEqualTo(-Errno.EPIPE);
        Descriptors.close(pipe[1]);
    }

    @Test
    void aClosedDescriptorSaysEbadf() {
        int[] pipe = pipe(0);
        close(pipe);
        assertThat(Descriptors.isOpen(pipe[0])).isFalse();
        assertThat(Descriptors.close(-1)).isEqualTo(-Errno.EBADF);
        assertThat(Descriptors.read(-1, buffer, 1)).isEqualTo(-Errno.EBADF);
        assertThat(Descriptors.write(-1, buffer, 1)).isEqualTo(-Errno.EBADF);
        assertThat(Descriptors.fcntl(-1, Descriptors.F_GETFL, 0)).isEqualTo(-Errno.EBADF);
        assertThat(Descriptors.setNonBlocking(-1, true)).isEqualTo(-Errno.EBADF);
        assertThat(Descriptors.dup(-1)).isEqualTo(-Errno.EBADF);
        assertThat(Descriptors.dup2(-1, 0)).isEqualTo(-Errno.EBADF);
        assertThat(Descriptors.available(-1)).isEqualTo(-Errno.EBADF);
        assertThat(Descriptors.writev(-1, buffer, 1)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void closeOnExecIsAsked() {
        int[] pipe = pipe(Descriptors.O_CLOEXEC);
        int copy = Descriptors.dup(pipe[0]);
        assertThat(Descriptors.fcntl(pipe[0], Descriptors.F_GETFD, 0)).isEqualTo(1);
        assertThat(Descriptors.fcntl(copy, Descriptors.F_GETFD, 0)).isEqualTo(1);
        close(pipe);
        Descriptors.close(copy);
    }

    @Test
    void nonBlockingIsSwitchedOnAndOff() {
        int[] pipe = pipe(0);
        int before = Descriptors.fcntl(pipe[0], Descriptors.F_GETFL, 0);
        assertThat(Descriptors.setNonBlocking(pipe[0], true)).isZero();
        assertThat(Descriptors.fcntl(pipe[0], Descriptors.F_GETFL, 0))
                .isEqualTo(before | Descriptors.O_NONBLOCK);
        assertThat(Descriptors.setNonBlocking(pipe[0], false)).isZero();
        assertThat(Descriptors.fcntl(pipe[0], Descriptors.F_GETFL, 0)).isEqualTo(before);
        close(pipe);
    }

    @Test
    void dup2ReplacesWhatTheNumberMeant() {
        int[] first = pipe(0);
        int[] second = pipe(0);
        assertThat(Descriptors.dup2(second[0], first[0])).isEqualTo(first[0]);
        Memory.putByte(buffer, (byte) 'x');
        Descriptors.write(second[1], buffer, 1);
        Memory.putByte(buffer, (byte) 0);
        assertThat(Descriptors.read(first[0], buffer, 1)).isEqualTo(1);
        assertThat(Memory.getByte(buffer)).isEqualTo((byte) 'x');
        close(first);
        close(second);
    }

    @Test
    void writevGathers() {
        int[] pipe = pipe(0);
        Memory.copy(new byte[] {'a', 'b', 'c'}, 0, buffer, 3);
        Descriptors.putIovec(buffer + 64, 0, buffer + 2, 1);
        Descriptors.putIovec(buffer + 64, 1, buffer, 2);
        assertThat(Descriptors.writev(pipe[1], buffer + 64, 2)).isEqualTo(3);
        assertThat(Descriptors.read(pipe[0], buffer, 10)).isEqualTo(3);
        byte[] got = new byte[3];
        Memory.copy(buffer, got, 0, 3);
        assertThat(got).containsExactly('c', 'a', 'b');
        close(pipe);
    }

    @Test
    void filesAreOpenedAndMade(@TempDir Path directory) throws IOException {
        String path = directory.resolve("note").toString();
        assertThat(Descriptors.open(path, Descriptors.O_RDONLY, 0)).isEqualTo(-Errno.ENOENT);
        int flags = Descriptors.O_CREAT | Descriptors.O_EXCL | Descriptors.O_WRONLY;
        int fd = Descriptors.open(path, flags, 0600);
        assertThat(fd).isNotNegative();
        assertThat(Descriptors.fcntl(fd, Descriptors.F_GETFD, 0)).as("FD_CLOEXEC").isEqualTo(1);
        Memory.putInt(buffer, 0x41414141);
        assertThat(Descriptors.write(fd, buffer, 4)).isEqualTo(4);
        assertThat(Descriptors.open(path, flags, 0600)).isEqualTo(-Errno.EEXIST);
        Descriptors.close(fd);
        assertThat(Files.readString(Path.of(path))).isEqualTo("AAAA");
        assertThat(Descriptors.open(directory.toString(), Descriptors.O_WRONLY, 0))
                .isEqualTo(-Errno.EISDIR);
        assertThatThrownBy(() -> Descriptors.open("a\0b", Descriptors.O_RDONLY, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sendfileCopiesFromAnOffsetAndReportsTheEnd(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("page"), "一二三");
        int in = Descriptors.open(file.toString(), Descriptors.O_RDONLY, 0);
        int[] pair = new int[2];
        Sockets.socketpair(Sockets.AF_UNIX, Sockets.SOCK_STREAM, pair);
        assertThat(Descriptors.sendfile(pair[0], in, 3, 100)).isEqualTo(6);
        assertThat(Descriptors.sendfile(pair[0], in, 9, 100)).isZero();
        assertThat(Descriptors.sendfile(pair[0], -1, 0, 100)).isEqualTo(-Errno.EBADF);
        assertThat(Sockets.recv(pair[1], buffer, 100)).isEqualTo(6);
        byte[] got = new byte[6];
        Memory.copy(buffer, got, 0, 6);
        assertThat(new String(got, StandardCharsets.UTF_8)).isEqualTo("二三");
        close(pair);
        Descriptors.close(in);
    }

    @Test
    void aPipeIsNoTerminal() {
        int[] pipe = pipe(0);
        assertThat(Descriptors.isatty(pipe[0])).isFalse();
        close(pipe);
        int terminal = Descriptors.open("/dev/ptmx", Descriptors.O_RDWR | Descriptors.O_NOCTTY, 0);
        assertThat(terminal).isNotNegative();
        assertThat(Descriptors.isatty(terminal)).isTrue();
        Descriptors.close(terminal);
    }

    @Test
    void theDescriptorLimitIsReadAndChanged() {
        long soft = Descriptors.nofileSoft();
        long hard = Descriptors.nofileHard();
        assertThat(soft).isBetween(1L, hard);
        try {
            assertThat(Descriptors.setNofileSoft(soft - 1)).isZero();
            assertThat(Descriptors.nofileSoft()).isEqualTo(soft - 1);
            assertThat(Descriptors.nofileHard()).isEqualTo(hard);
        } finally {
            assertThat(Descriptors.setNofileSoft(soft)).isZero();
        }
        assertThat(Descriptors.nofileSoft()).isEqualTo(soft);
        if (hard < Long.MAX_VALUE) {
            assertThat(Descriptors.setNofileSoft(hard + 1)).isEqualTo(-Errno.EINVAL);
        }
    }

    private static int[] pipe(int flags) {
        int[] pipe = new int[2];
        assertThat(Descriptors.pipe2(pipe, flags)).isZero();
        return pipe;
    }

    private static void close(int[] ends) {
        assertThat(Descriptors.close(ends[0])).isZero();
        assertThat(Descriptors.close(ends[1])).isZero();
    }
}
