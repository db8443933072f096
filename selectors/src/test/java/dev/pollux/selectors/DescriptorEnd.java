package dev.pollux.selectors;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pollux.descriptors.Descriptor;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import dev.pollux.libc.Sockets;

/// An end that is a plain descriptor: a socket unless said otherwise.
final class DescriptorEnd implements End, Descriptor {
    private static final int ROOM = 65_536;

    /// One thread at a time uses an end.
    private final long buffer = Memory.allocate(ROOM);

    private int fd;

    DescriptorEnd(int fd) {
        this.fd = check(fd);
    }

    static DescriptorEnd[] socketPair() {
        int[] ends = new int[2];
        check(Sockets.socketpair(Sockets.AF_UNIX, Sockets.SOCK_STREAM, ends));
        return both(ends);
    }

    /// A pipe: what is written to the second can be read from the first.
    static DescriptorEnd[] pipe() {
        int[] ends = new int[2];
        check(Descriptors.pipe2(ends, Descriptors.O_NONBLOCK | Descriptors.O_CLOEXEC));
        return both(ends);
    }

    private static DescriptorEnd[] both(int[] ends) {
        for (int fd : ends) {
            check(Descriptors.setNonBlocking(fd, true));
        }
        return new DescriptorEnd[] {new DescriptorEnd(ends[0]), new DescriptorEnd(ends[1])};
    }

    static int check(int result) {
        if (result < 0) {
            throw new AssertionError(Errno.name(-result));
        }
        return result;
    }

    @Override
    public int fd() {
        return fd;
    }

    @Override
    public Object fileobj() {
        return this;
    }

    @Override
    public <T> SelectorKey<T> register(Selector<T> selector, Interest interest, T data)
            throws ErrnoException {
        return selector.register(this, interest, data);
    }

    @Override
    public void send(String text) {
        int length = text.getBytes(UTF_8).length;
        int sent = trySend(text);
        if (sent != length) {
            throw new AssertionError("sent " + sent + " of " + length);
        }
    }

    /// Sends what it can: how many bytes, or `-errno`.
    int trySend(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        Memory.copy(bytes, 0, buffer, bytes.length);
        return Descriptors.write(fd, buffer, bytes.length);
    }

    /// What can be read, or the name of the error.
    String tryReceive() {
        int count = Descriptors.read(fd, buffer, ROOM);
        return count < 0 ? Errno.name(-count) : count + " bytes";
    }

    @Override
    public String receive() {
        int count = Descriptors.read(fd, buffer, ROOM);
        byte[] bytes = new byte[Math.max(0, count)];
        Memory.copy(buffer, bytes, 0, bytes.length);
        if (count == -Errno.EAGAIN) {
            return null;
        }
        check(count);
        return new String(bytes, UTF_8);
    }

    @Override
    public void finish() {
        check(Sockets.shutdown(fd, Sockets.SHUT_WR));
    }

    @Override
    public void close() {
        if (fd >= 0) {
            check(Descriptors.close(fd));
            Memory.free(buffer);
            fd = -1;
        }
    }

    @Override
    public String toString() {
        return "end " + fd;
    }
}
