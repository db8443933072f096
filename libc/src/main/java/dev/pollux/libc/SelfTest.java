package dev.pollux.libc;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// Asks the kernel whether the layouts are right, so that a wrong one is a message and not a crash.
public final class SelfTest {
    private static final long MARK = 0x0123_4567_89ab_cdefL;
    private static final int EVENTS_MAX = 2;

    private SelfTest() {}

    /// Sends one value through each structure and looks at what comes back. Takes about a
    /// millisecond, most of it for linking.
    ///
    /// @throws IllegalStateException if a layout is wrong, or a call needed for the test fails
    /// @throws UnsupportedOperationException if the platform is not known here
    public static void run() {
        boolean linux = Platform.current().isLinux();
        expect(Descriptors.close(-1) == -Errno.EBADF, "errno");
        socketAddress();
        pollfd();
        if (linux) {
            epollEvent();
        }
    }

    private static void socketAddress() {
        var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        int fd =
                check(
                        Sockets.socket(SocketAddresses.domain(loopback), Sockets.SOCK_DGRAM, 0),
                        "socket");
        try {
            check(Sockets.bind(fd, loopback), "bind");
            SocketAddress bound = Sockets.localAddress(fd);
            boolean same =
                    bound instanceof InetSocketAddress inet
                            && inet.getAddress().equals(loopback.getAddress())
                            && inet.getPort() != 0;
            expect(same, "struct sockaddr");
        } catch (ErrnoException e) {
            throw new IllegalStateException("self-test: " + e.getMessage(), e);
        } finally {
            Descriptors.close(fd);
        }
    }

    private static void pollfd() {
        int[] pipe = new int[2];
        long pollfds = Memory.allocate(2L * PollCalls.POLLFD_BYTES);
        check(Descriptors.pipe2(pipe, Descriptors.O_CLOEXEC), "pipe2");
        try {
            PollCalls.put(pollfds, 0, pipe[0], PollCalls.POLLIN);
            PollCalls.put(pollfds, 1, pipe[1], PollCalls.POLLOUT);
            int ready = check(PollCalls.poll(pollfds, 2, 0), "poll");
            boolean right =
                    ready == 1
                            && PollCalls.revents(pollfds, 0) == 0
                            && PollCalls.revents(pollfds, 1) == PollCalls.POLLOUT;
            expect(right, "struct pollfd");
        } finally {
            Descriptors.close(pipe[0]);
            Descriptors.close(pipe[1]);
            Memory.free(pollfds);
        }
    }

    private static void epollEvent() {
        long events = Memory.allocate((long) EVENTS_MAX * EpollCalls.EVENT_BYTES);
        int epoll = check(EpollCalls.create(), "epoll_create1");
        int first = EventfdCalls.create(1, 0);
        int second = EventfdCalls.create(1, 0);
        try {
            watch(epoll, first, MARK);
            watch(epoll, second, ~MARK);
            int ready = check(EpollCalls.wait(epoll, events, EVENTS_MAX, 0), "epoll_wait");
            boolean right =
                    ready == 2
                            && EpollCalls.events(events, 0) == EpollCalls.EPOLLIN
                            && EpollCalls.events(events, 1) == EpollCalls.EPOLLIN
                            && EpollCalls.data(events, 0) == MARK
                            && EpollCalls.data(events, 1) == ~MARK;
            expect(right, "struct epoll_event");
        } finally {
            Descriptors.close(first);
            Descriptors.close(second);
            Descriptors.close(epoll);
            Memory.free(events);
        }
    }

    private static void watch(int epoll, int fd, long data) {
        check(fd, "eventfd");
        int add = EpollCalls.EPOLL_CTL_ADD;
        check(EpollCalls.ctl(epoll, add, fd, EpollCalls.EPOLLIN, data), "epoll_ctl");
    }

    private static int check(int result, String call) {
        if (result < 0) {
            throw new IllegalStateException(
                    "self-test: %s: %s: %s"
                            .formatted(call, Errno.name(-result), Errno.text(-result)));
        }
        return result;
    }

    private static void expect(boolean right, String layout) {
        if (!right) {
            throw new IllegalStateException(
                    "self-test: %s is laid out differently on this %s"
                            .formatted(layout, Platform.current()));
        }
    }
}
