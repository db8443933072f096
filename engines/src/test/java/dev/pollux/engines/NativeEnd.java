package dev.pollux.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import dev.pollux.libc.Sockets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// A bare descriptor in the hands of a test: one end of a [Pipe], a pair, a terminal.
public final class NativeEnd implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final long TIOCSPTLCK = 0x40045431;
    private static final long TIOCGPTN = 0x80045430L;

    private final int fd;
    private boolean open = true;

    NativeEnd(int fd) {
        assertThat(fd).isNotNegative();
        this.fd = fd;
    }

    /// {@return two connected Unix domain sockets, which do not block}
    public static NativeEnd[] pair() {
        int[] ends = new int[2];
        int type = Sockets.SOCK_STREAM | Sockets.SOCK_NONBLOCK;
        assertThat(Sockets.socketpair(Sockets.AF_UNIX, type, ends)).isZero();
        return new NativeEnd[] {new NativeEnd(ends[0]), new NativeEnd(ends[1])};
    }

    /// {@return the keyboard and screen of a new Linux terminal, and the end a program has,
    /// `pty(7)`}
    public static NativeEnd[] terminal() {
        int flags = Descriptors.O_RDWR | Descriptors.O_NOCTTY;
        NativeEnd person = new NativeEnd(Descriptors.open("/dev/ptmx", flags, 0));
        long number = Memory.allocate(Integer.BYTES);
        Memory.putInt(number, 0);
        assertThat(Descriptors.ioctl(person.fd, TIOCSPTLCK, number)).isZero();
        assertThat(Descriptors.ioctl(person.fd, TIOCGPTN, number)).isZero();
        String name = "/dev/pts/" + Memory.getInt(number);
        Memory.free(number);
        return new NativeEnd[] {person, new NativeEnd(Descriptors.open(name, flags, 0))};
    }

    public int fd() {
        return fd;
    }

    public void write(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        long memory = Memory.allocate(bytes.length);
        try {
            Memory.copy(bytes, 0, memory, bytes.length);
            int written =
                    ErrnoException.check(Descriptors.write(fd, memory, bytes.length), "write", fd);
            assertThat(written).isEqualTo(bytes.length);
        } finally {
            Memory.free(memory);
        }
    }

    /// Makes it wait in its reads.
    public NativeEnd blocking() {
        assertThat(Descriptors.setNonBlocking(fd, false)).isNotNegative();
        return this;
    }

    /// Ends the sending half of a socket.
    public void endOutput() {
        assertThat(Sockets.shutdown(fd, Sockets.SHUT_WR)).isZero();
    }

    /// {@return what one read gives; empty at the end}
    private byte[] readBytes() throws IOException {
        long memory = Memory.allocate(BUFFER_BYTES);
        try {
            int count = Descriptors.read(fd, memory, BUFFER_BYTES);
            byte[] bytes = new byte[ErrnoException.check(count, "read", fd)];
            Memory.copy(memory, bytes, 0, count);
            return bytes;
        } finally {
            Memory.free(memory);
        }
    }

    public String read() throws IOException {
        return new String(readBytes(), StandardCharsets.UTF_8);
    }

    /// {@return so many bytes, from as many reads as it takes}
    byte[] read(int size) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (all.size() < size) {
            all.writeBytes(readBytes());
        }
        return all.toByteArray();
    }

    /// {@return everything up to the end}
    public byte[] readToEnd() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part = readBytes(); part.length > 0; part = readBytes()) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    public String readTextToEnd() throws IOException {
        return new String(readToEnd(), StandardCharsets.UTF_8);
    }

    public boolean isOpen() {
        return Descriptors.isOpen(fd);
    }

    /// Closes it now, and not again at the end of the test.
    public void hangUp() {
        if (open) {
            open = false;
            assertThat(Descriptors.close(fd)).isZero();
        }
    }

    @Override
    public void close() {
        hangUp();
    }
}
