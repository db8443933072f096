package dev.pollux.descriptors;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import dev.pollux.libc.SocketOptions;
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
    private static final int NOBODY = -1;

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
        Descriptor[] all = passed.toArray(Descriptor[]::new);
        var numbers = new int[all.length];
        int held = 0;
        try {
            while (held < all.length) {
                numbers[held] = Ownership.hold(all[held]);
                held++;
            }
            return send(ownership, from, numbers);
        } finally {
            while (held > 0) {
                Ownership.letGo(all[--held]);
            }
        }
    }

    private static int send(Ownership ownership, ByteBuffer from, int[] numbers)
            throws IOException {
        int fd = ownership.beginWait();
        long message = 0;
        try {
            requireUnix(fd);
            message = Memory.allocate(UnixSockets.MESSAGE_BYTES);
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
            ownership.endWait();
        }
    }

    /// TCP sends the bytes, and drops the descriptors without a word.
    private static void requireUnix(int fd) throws ErrnoException {
        int domain = Sockets.getOption(fd, SocketOptions.SOL_SOCKET, SocketOptions.SO_DOMAIN);
        if (domain == Sockets.AF_INET || domain == Sockets.AF_INET6) {
            throw new ErrnoException(Errno.EOPNOTSUPP, "sendmsg", fd);
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
        var numbers = new int[UnixSockets.DESCRIPTORS_MAX];
        int fd = ownership.beginWait();
        long message = 0;
        try {
            message = Memory.allocate(UnixSockets.MESSAGE_BYTES);
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
            List<OpenDescriptor> passed = owned(numbers, UnixSockets.passed(message, numbers));
            int given = 0;
            try {
                if (to.isDirect()) {
                    ThreadMemory.advance(to, result);
                } else {
                    ThreadMemory.give(address, to, result);
                }
                if (UnixSockets.lostSome(message)) {
                    throw new ErrnoException(Errno.EMFILE, "recvmsg", fd);
                }
                while (given < passed.size()) {
                    received.accept(passed.get(given++));
                }
                return result;
            } finally {
                closeAll(passed, given);
            }
        } finally {
            Memory.free(message);
            ownership.endWait();
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

    /// {@return the owners of some numbers, all of which are closed if the heap has no room for
    /// them}
    private static List<OpenDescriptor> owned(int[] numbers, int count) throws ErrnoException {
        int next = 0;
        List<OpenDescriptor> owned = List.of();
        try {
            owned = new ArrayList<>(count);
            while (next < count) {
                owned.add(OpenDescriptor.adopt(numbers[next++]));
            }
            return owned;
        } catch (Throwable t) {
            while (next < count) {
                Descriptors.close(numbers[next++]);
            }
            closeAll(owned, 0);
            throw t;
        }
    }

    private static void closeAll(List<OpenDescriptor> descriptors, int first) {
        for (int i = first; i < descriptors.size(); i++) {
            try {
                descriptors.get(i).close();
            } catch (ErrnoException _) {
                // It is closed all the same, and was nobody's yet.
            }
        }
    }

    static Credentials credentials(Ownership ownership)
            throws ClosedChannelException, ErrnoException {
        int fd = ownership.begin();
        try {
            long ucred = ThreadMemory.current().bytes();
            ErrnoException.check(UnixSockets.peerCredentials(fd, ucred), "getsockopt", fd);
            var told =
                    new Credentials(
                            Memory.getInt(ucred),
                            Memory.getInt(ucred + 4),
                            Memory.getInt(ucred + 8));
            if (told.pid() == 0
                    && told.uid() == NOBODY) { // What it says of a socket without a peer.
                throw new ErrnoException(Errno.ENOTCONN, "getsockopt", fd);
            }
            return told;
        } finally {
            ownership.end();
        }
    }
}
