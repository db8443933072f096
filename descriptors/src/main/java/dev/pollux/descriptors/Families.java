package dev.pollux.descriptors;

import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.PollCalls;
import dev.pollux.libc.SocketAddresses;
import dev.pollux.libc.SocketOptions;
import dev.pollux.libc.Sockets;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;

/// Opens sockets of each family, and asks them what they are.
final class Families {
    private Families() {}

    /// {@return the family of an address}
    static ProtocolFamily of(SocketAddress address) {
        int domain = SocketAddresses.domain(address);
        if (domain == Sockets.AF_UNIX) {
            return StandardProtocolFamily.UNIX;
        }
        return domain == Sockets.AF_INET
                ? StandardProtocolFamily.INET
                : StandardProtocolFamily.INET6;
    }

    static int socket(ProtocolFamily family, int type) throws ErrnoException {
        return ErrnoException.check(Sockets.socket(domain(family), type, 0), "socket", -1);
    }

    private static int domain(ProtocolFamily family) {
        return switch (family.name()) {
            case "INET" -> Sockets.AF_INET;
            case "INET6" -> Sockets.AF_INET6;
            case "UNIX" -> Sockets.AF_UNIX;
            default -> throw new UnsupportedOperationException("no such family: " + family.name());
        };
    }

    static int[] pair(int type) throws ErrnoException {
        var ends = new int[2];
        ErrnoException.check(Sockets.socketpair(Sockets.AF_UNIX, type, ends), "socketpair", -1);
        return ends;
    }

    static void bind(Ownership ownership, SocketAddress local)
            throws ClosedChannelException, ErrnoException {
        int fd = ownership.begin();
        try {
            ErrnoException.check(Sockets.bind(fd, local), "bind", fd);
        } finally {
            ownership.end();
        }
    }

    static void shutdown(Ownership ownership, int how) throws IOException {
        int fd = ownership.begin();
        try {
            ErrnoException.check(Sockets.shutdown(fd, how), "shutdown", fd);
        } finally {
            ownership.end();
        }
    }

    /// {@return 0 when it is connected, or `-errno`}
    static int connect(Ownership ownership, int fd, SocketAddress peer) {
        int result = Sockets.connect(fd, peer);
        // In the Unix domain an attempt ends with the signal, elsewhere it goes on, and cannot be
        // made again.
        while (peer instanceof UnixDomainSocketAddress && ownership.again(result)) {
            result = Sockets.connect(fd, peer);
        }
        return ownership.again(result) ? awaitConnected(ownership, fd) : result;
    }

    /// {@return 0, or `-errno` of an attempt that a signal has interrupted}
    private static int awaitConnected(Ownership ownership, int fd) {
        long pollfd = ThreadMemory.current().bytes();
        int result;
        do {
            PollCalls.put(pollfd, 0, fd, PollCalls.POLLOUT);
            result = PollCalls.poll(pollfd, 1, -1);
        } while (ownership.again(result));
        return result < 0 ? result : Sockets.error(fd);
    }

    /// {@return whether an attempt to connect has succeeded, or else is under way}
    static boolean isConnected(int fd) throws ErrnoException {
        long pollfd = ThreadMemory.current().bytes();
        int decided;
        do {
            PollCalls.put(pollfd, 0, fd, PollCalls.POLLOUT);
            decided = PollCalls.poll(pollfd, 1, 0);
        } while (Ownership.interrupted(decided)); // Even of a time of 0, with a signal pending.
        ErrnoException.check(decided, "poll", fd);
        if (decided == 0) {
            return false;
        }
        ErrnoException.check(Sockets.error(fd), "connect", fd);
        Sockets.peerAddress(fd); // A socket that was never connected is writable, too.
        return true;
    }

    /// @throws IllegalArgumentException if a descriptor is not the socket that is wanted
    static void require(OpenDescriptor descriptor, int type, boolean listens) throws IOException {
        int fd = descriptor.ownership().begin();
        try {
            int level = SocketOptions.SOL_SOCKET;
            int actual = Sockets.getOption(fd, level, SocketOptions.SO_TYPE);
            if (actual != -Errno.ENOTSOCK) {
                ErrnoException.check(actual, "getsockopt", fd);
            }
            int listening = Sockets.getOption(fd, level, SocketOptions.SO_ACCEPTCONN);
            if (actual != type || listening == 1 != listens) {
                throw new IllegalArgumentException("another kind of descriptor: fd " + fd);
            }
        } finally {
            descriptor.ownership().end();
        }
    }
}
