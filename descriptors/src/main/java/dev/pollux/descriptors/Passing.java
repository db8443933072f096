package dev.pollux.descriptors;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import dev.pollux.libc.Sockets;
import dev.pollux.libc.UnixSockets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Descriptors that travel over a Unix domain socket, and who is at its other end.
final class Passing {
    private Passing() {}

    static int send(Ownership ownership, ByteBuffer from, List<? extends Descriptor> passed)
            throws IOException {
        if (!from.hasRemaining()) {
            throw new IllegalArgumentException("descriptors travel with at least one byte");
        }
        if (passed.size() > UnixSockets.DESCRIPTORS_MAX) {
            throw new IllegalArgumentException(
                    "%d descriptors, at most %d go with one message"
                            .formatted(passed.size(), UnixSockets.DESCRIPTORS_MAX));
        }
        int[] numbers = passed.stream().mapToInt(Descriptor::fd).toArray();
        int fd = ownership.beginWait();
        long message = Memory.allocate(UnixSockets.MESSAGE_BYTES);
        try {
            ThreadMemory memory = ThreadMemory.current();
            int bytes = Math.min(from.remaining(), memory.room);
            long address = from.isDirect() ? ThreadMemory.address(from) : memory.bytes();
            if (!from.isDirect()) {
                ThreadMemory.take(from, address, bytes);
            }
            int result;
            do {
                result = UnixSockets.send(fd, address, bytes, numbers, flags(ownership), message);
            } while (ownership.again(result));
            if (Ownership.wouldBlock(result)) {
                return 0;
            }
            if (result < 0) {
                throw ownership.failure(result, "sendmsg");
            }
            ThreadMemory.advance(from, result);
            return result;
        } finally {
            Memory.free(message);
            ownership.end();
        }
    }

    private static int flags(Ownership ownership) {
        return ownership.waits() ? 0 : Sockets.MSG_DONTWAIT;
    }

    static int receive(
            Ownership ownership, ByteBuffer to, Consumer<? super OpenDescriptor> received)
            throws IOException {
        ThreadMemory.requireWritable(to);
        if (!to.hasRemaining()) {
            throw new IllegalArgumentException("descriptors travel with at least one byte");
        }
        int fd = ownership.beginWait();
        long message = Memory.allocate(UnixSockets.MESSAGE_BYTES);
        try {
            ThreadMemory memory = ThreadMemory.current();
            int bytes = Math.min(to.remaining(), memory.room);
            long address = to.isDirect() ? ThreadMemory.address(to) : memory.bytes();
            int result;
            do {
                result = UnixSockets.receive(fd, address, bytes, flags(ownership), message);
            } while (ownership.again(result));
            if (result <= 0) {
                return nothing(ownership, result);
            }
            List<OpenDescriptor> passed = owned(message, fd);
            if (to.isDirect()) {
                ThreadMemory.advance(to, result);
            } else {
                ThreadMemory.give(address, to, result);
            }
            passed.forEach(received);
            return result;
        } finally {
            Memory.free(message);
            ownership.end();
        }
    }

    private static int nothing(Ownership ownership, int result) throws IOException {
        if (Ownership.wouldBlock(result)) {
            return 0;
        }
        if (result < 0) {
            throw ownership.failure(result, "recvmsg");
        }
        if (!ownership.isOpen()) {
            throw new AsynchronousCloseException();
        }
        return -1;
    }

    /// {@return the descriptors that a message has brought, or closes them all}
    private static List<OpenDescriptor> owned(long message, int fd) throws ErrnoException {
        int[] numbers = UnixSockets.passed(message);
        var owned = new ArrayList<OpenDescriptor>(numbers.length);
        try {
            if (UnixSockets.lostSome(message)) {
                throw new ErrnoException(Errno.EMFILE, "recvmsg", fd);
            }
            for (int number : numbers) {
                owned.add(OpenDescriptor.adopt(number));
            }
            return owned;
        } catch (Throwable t) {
            for (int i = owned.size(); i < numbers.length; i++) {
                Descriptors.close(numbers[i]);
            }
            for (OpenDescriptor each : owned) {
                each.close();
            }
            throw t;
        }
    }

    static Credentials credentials(Ownership ownership)
            throws ClosedChannelException, ErrnoException {
        int fd = ownership.begin();
        try {
            long ucred = ThreadMemory.current().bytes();
            ErrnoException.check(UnixSockets.peerCredentials(fd, ucred), "getsockopt", fd);
            return new Credentials(
                    Memory.getInt(ucred), Memory.getInt(ucred + 4), Memory.getInt(ucred + 8));
        } finally {
            ownership.end();
        }
    }
}
