package dev.pollux.descriptors;

import static dev.pollux.descriptors.ErrnoAssertions.assertErrno;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.libc.Call;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.Memory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// What is opened through a path.
@Timeout(60)
@ExtendWith(LeakCheck.class)
final class FileStreamTest {
    // ioctl_tty(2)
    private static final long TIOCSWINSZ = 0x5414;
    private static final long TIOCGPTN = 0x80045430L;
    private static final long TIOCSPTLCK = 0x40045431L;

    @TempDir Path folder;

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static String read(FileStream stream) throws IOException {
        ByteBuffer got = ByteBuffer.allocate(100);
        stream.read(got);
        return UTF_8.decode(got.flip()).toString();
    }

    private void write(Path path, String text, StandardOpenOption... options) throws IOException {
        try (FileStream stream = FileStream.open(path, options)) {
            stream.write(text(text));
        }
    }

    @Test
    void aFileIsMadeEmptiedAndAppendedTo() throws Exception {
        Path path = folder.resolve("新的 file");
        assertErrno(Errno.ENOENT, () -> FileStream.open(path));
        assertErrno(Errno.ENOENT, () -> FileStream.open(path, StandardOpenOption.WRITE));
        write(path, "hello, 世界", StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        assertThat(Files.getPosixFilePermissions(path))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertErrno(
                Errno.EEXIST,
                () ->
                        FileStream.open(
                                path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
        write(path, "!", StandardOpenOption.APPEND);
        try (FileStream stream = FileStream.open(path)) {
            assertThat(read(stream)).isEqualTo("hello, 世界!");
            assertThat(stream.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertErrno(Errno.EBADF, () -> stream.write(text("x")));
            assertThat(stream.isTerminal()).isFalse();
            assertThat(stream.terminalSize()).isEmpty();
            assertThat(stream.toString()).contains("新的 file");
        }
        write(path, "x", StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        write(path, "y", StandardOpenOption.WRITE, StandardOpenOption.WRITE);
        assertThat(path).hasContent("y");
        assertThatThrownBy(() -> FileStream.open(path, StandardOpenOption.DELETE_ON_CLOSE))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void whoOnlyReadsNeitherMakesAFileNorEmptiesOne() throws Exception {
        Path path = Files.writeString(folder.resolve("kept"), "kept");
        try (FileStream stream =
                FileStream.open(
                        path, StandardOpenOption.READ, StandardOpenOption.TRUNCATE_EXISTING)) {
            assertThat(read(stream)).isEqualTo("kept");
        }
        assertErrno(
                Errno.ENOENT,
                () -> FileStream.open(folder.resolve("none"), StandardOpenOption.CREATE));
    }

    @Test
    void aDeviceIsReadAndWritten() throws Exception {
        try (FileStream nothing =
                FileStream.open(
                        Path.of("/dev/null"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            assertThat(nothing.write(text("gone"))).isEqualTo(4);
            assertThat(nothing.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(nothing.isTerminal()).isFalse();
        }
    }

    @Test
    void aFifoIsOpenedTogetherAndNoSignalEndsTheWait() throws Exception {
        Path fifo = folder.resolve("管道");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
        var reader = new Sleeper(() -> FileStream.open(fifo));
        reader.awaitSleep(Call.OPEN);
        reader.signal(50);
        assertThat(reader.result).isNotDone();
        try (FileStream writer = FileStream.open(fifo, StandardOpenOption.WRITE);
                FileStream read = (FileStream) reader.result()) {
            writer.write(text("through"));
            assertThat(read(read)).isEqualTo("through");
            try (FileStream again = writer.reopen(StandardOpenOption.WRITE)) {
                again.setBlocking(false);
                assertThat(writer.isBlocking()).as("flags of its own").isTrue();
            }
        }
    }

    @Test
    void aSocketIsNotOpenedOnceMore() throws Exception {
        try (Pair<StreamSocket> pair = StreamSocket.pair();
                FileStream stream = FileStream.adopt(OpenDescriptor.duplicate(pair.first()))) {
            assertErrno(Errno.ENXIO, () -> stream.reopen(StandardOpenOption.READ));
        }
    }

    @Test
    void aTerminalSaysThatItIsOneAndHowLarge() throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/ptmx")), "no pseudo-terminals here");
        long memory = Memory.allocateZeroed(8);
        try (FileStream screen =
                FileStream.open(
                        Path.of("/dev/ptmx"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            assertThat(Descriptors.ioctl(screen.fd(), TIOCSPTLCK, memory)).isZero();
            assertThat(Descriptors.ioctl(screen.fd(), TIOCGPTN, memory)).isZero();
            try (FileStream program =
                    FileStream.open(
                            Path.of("/dev/pts/" + Memory.getInt(memory)),
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE)) {
                assertThat(program.isTerminal()).isTrue();
                assertThat(program.terminalSize()).as("nobody has said").isEmpty();
                Memory.putLong(memory, 132L << 16 | 43);
                assertThat(Descriptors.ioctl(screen.fd(), TIOCSWINSZ, memory)).isZero();
                assertThat(program.terminalSize())
                        .isEqualTo(Optional.of(new FileStream.Size(43, 132)));
                screen.write(text("输入\n"));
                assertThat(read(program)).isEqualTo("输入\n");
                try (FileStream again = program.reopen(StandardOpenOption.READ)) {
                    assertThat(again.isTerminal()).isTrue();
                }
            }
        } finally {
            Memory.free(memory);
        }
    }
}
