package dev.pollux.libc;

/// Asks the kernel whether the layouts are right, so that a wrong one is a message and not a crash.
///
/// It needs neither a network, nor sockets, nor a class of the JDK's that might need a descriptor
/// to be loaded: a sandbox may forbid the ones, a full table the other.
public final class SelfTest {
    private static final long MARK = 0x0123_4567_89ab_cdefL;
    private static final int EVENTS_MAX = 2;

    private SelfTest() {}

    /// Sends one value through each structure and looks at what comes back. Takes about a
    /// millisecond, most of it for linking.
    ///
    /// @throws ErrnoException if a call that it needs fails, as for want of descriptors: then it
    ///   has not found out, and another attempt may
    /// @throws IllegalStateException if a layout is wrong
    /// @throws UnsupportedOperationException if the platform is not known here
    public static void run() throws ErrnoException {
        boolean linux = Platform.current().isLinux();
        expect(Descriptors.close(-1) == -Errno.EBADF, "errno");
        socketAddress();
        pollfd();
        if (linux) {
            epollEvent();
        }
    }

    /// The family is what systems put at different places; behind it all of them agree. Any kind of
    /// socket tells it, and who may have none needs no address.
    private static void socketAddress() throws ErrnoException {
        int[] domains = {Sockets.AF_UNIX, Sockets.AF_INET, Sockets.AF_INET6};
        for (int domain : domains) {
            int fd = Sockets.socket(domain, Sockets.SOCK_STREAM, 0);
            if (!isForbidden(fd)) {
                ErrnoException.check(fd, "socket", -1);
                try {
                    expect(Sockets.family(fd) == domain, "struct sockaddr");
                } finally {
                    Descriptors.close(fd);
                }
                return;
            }
        }
    }

    /// What sandboxes say to kinds of sockets (`RestrictAddressFamilies=` of systemd.exec(5),
    /// seccomp(2)).
    private static boolean isForbidden(int result) {
        return result == -Errno.EAFNOSUPPORT
                || result == -Errno.EPERM
                || result == -Errno.EACCES
                || result == -Errno.ENOSYS;
    }

    private static void pollfd() throws ErrnoException {
        int[] pipe = new int[2];
        ErrnoException.check(Descriptors.pipe2(pipe, Descriptors.O_CLOEXEC), "pipe2", -1);
        long pollfds = 0;
        try {
            pollfds = Memory.allocate(2L * PollCalls.POLLFD_BYTES);
            PollCalls.put(pollfds, 0, pipe[0], PollCalls.POLLIN);
            PollCalls.put(pollfds, 1, pipe[1], PollCalls.POLLOUT);
            int ready = ErrnoException.check(PollCalls.poll(pollfds, 2, 0), "poll", -1);
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

    private static void epollEvent() throws ErrnoException {
        int epoll = ErrnoException.check(EpollCalls.create(), "epoll_create1", -1);
        int first = EventfdCalls.create(1, 0);
        int second = EventfdCalls.create(1, 0);
        long events = 0;
        try {
            events = Memory.allocate((long) EVENTS_MAX * EpollCalls.EVENT_BYTES);
            watch(epoll, first, MARK);
            watch(epoll, second, ~MARK);
            int ready = EpollCalls.wait(epoll, events, EVENTS_MAX, 0);
            ErrnoException.check(ready, "epoll_wait", epoll);
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

    private static void watch(int epoll, int fd, long data) throws ErrnoException {
        ErrnoException.check(fd, "eventfd", -1);
        int add = EpollCalls.EPOLL_CTL_ADD;
        int result = EpollCalls.ctl(epoll, add, fd, EpollCalls.EPOLLIN, data);
        ErrnoException.check(result, "epoll_ctl", fd);
    }

    private static void expect(boolean right, String layout) {
        if (!right) {
            throw new IllegalStateException(
                    "self-test: %s is laid out differently on this %s"
                            .formatted(layout, Platform.current()));
        }
    }
}
