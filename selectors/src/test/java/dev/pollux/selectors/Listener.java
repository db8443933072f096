package dev.pollux.selectors;

import static dev.pollux.selectors.DescriptorEnd.check;

import dev.pollux.descriptors.Descriptor;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Sockets;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// A TCP socket that listens on a port of the kernel's choice.
record Listener(int fd) implements Descriptor, AutoCloseable {
    static Listener open() {
        int fd =
                check(
                        Sockets.socket(
                                Sockets.AF_INET, Sockets.SOCK_STREAM | Sockets.SOCK_NONBLOCK, 0));
        check(Sockets.bind(fd, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)));
        check(Sockets.listen(fd, 64));
        return new Listener(fd);
    }

    InetSocketAddress address() {
        try {
            return (InetSocketAddress) Sockets.localAddress(fd);
        } catch (ErrnoException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The next connection, or null if there is none.
    DescriptorEnd accept() {
        int accepted = Sockets.accept(fd, 0, 0);
        return accepted == -Errno.EAGAIN ? null : new DescriptorEnd(accepted);
    }

    @Override
    public void close() {
        check(Descriptors.close(fd));
    }
}
