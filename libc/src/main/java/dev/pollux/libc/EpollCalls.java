package dev.pollux.libc;

/// `epoll(7)`: an interest set that the kernel keeps. Linux only, `-ENOSYS` elsewhere.
///
/// All methods return a value >= 0 or `-errno`.
public final class EpollCalls {
    /// Add to the set, `epoll_ctl(2)`.
    public static final int EPOLL_CTL_ADD = 1;

    /// Remove from the set, `epoll_ctl(2)`.
    public static final int EPOLL_CTL_DEL = 2;

    /// Change what is of interest, `epoll_ctl(2)`.
    public static final int EPOLL_CTL_MOD = 3;

    /// Readable, or a connection to accept, or the end of input.
    public static final int EPOLLIN = 0x1;

    /// Urgent data, or another exceptional condition.
    public static final int EPOLLPRI = 0x2;

    /// Writable, or a connection attempt decided.
    public static final int EPOLLOUT = 0x4;

    /// An error is pending. Always reported.
    public static final int EPOLLERR = 0x8;

    /// Both directions have ended. Always reported.
    public static final int EPOLLHUP = 0x10;

    /// The peer has finished sending.
    public static final int EPOLLRDHUP = 0x2000;

    /// Wake one of several sets that watch the same file; with [#EPOLL_CTL_ADD] only.
    public static final int EPOLLEXCLUSIVE = 1 << 28;

    /// Report once, then stay silent until [#EPOLL_CTL_MOD].
    public static final int EPOLLONESHOT = 1 << 30;

    /// Report changes instead of states: edge-triggered.
    public static final int EPOLLET = 1 << 31;

    /// Where the parts of an event are.
    ///
    /// ```
    /// struct epoll_event { uint32_t events; epoll_data_t data; };                        epoll_event(3type)
    /// ```
    ///
    /// Packed on x86-64 (so that 32-bit programs see the same), naturally aligned elsewhere.
    ///
    /// @param bytes the size of one
    /// @param data the offset of the data; the events are at 0
    record Layout(int bytes, int data) {
        static Layout of(Platform platform) {
            return platform == Platform.LINUX_X86_64 ? new Layout(12, 4) : new Layout(16, 8);
        }
    }

    private static final Layout LAYOUT = Layout.of(Platform.current());

    /// Bytes of one event in the memory given to [#wait].
    public static final int EVENT_BYTES = LAYOUT.bytes();

    private static final int DATA = LAYOUT.data();

    /// A poll for more events than this goes through the ordinary handle: collecting 18,000 took
    /// the kernel 12 to 24 ms, for which a critical one holds up the collector, and 256 took 0.1
    /// ms.
    private static final int CRITICAL_EVENTS_MAX = 256;

    private static final int EPOLL_CLOEXEC = 0x80000;

    // int epoll_create1(int flags);                                                epoll_create(2)
    // int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event);             epoll_ctl(2)
    // int epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout);
    //                                                                                epoll_wait(2)
    // int epoll_pwait2(int epfd, struct epoll_event *events, int maxevents,
    //                  const struct timespec *timeout, const sigset_t *sigmask);     epoll_wait(2)
    private static final Downcall CREATE = Downcall.of(Call.EPOLL_CREATE1);
    private static final Downcall CTL = Downcall.nonBlocking(Call.EPOLL_CTL);
    private static final Downcall WAIT = Downcall.of(Call.EPOLL_WAIT);
    private static final Downcall POLL = Downcall.nonBlocking(Call.EPOLL_WAIT);
    private static final Downcall PWAIT2 = Downcall.of(Call.EPOLL_PWAIT2);

    /// Set once the kernel has refused `epoll_pwait2`: it came with Linux 5.11 and glibc 2.35. Racy
    /// on purpose, as every thread that misses it finds out by itself.
    private static boolean millisOnly;

    private EpollCalls() {}

    /// {@return a new interest set, closed at `execve`, or `-errno`}
    public static int create() {
        return CREATE.call(EPOLL_CLOEXEC);
    }

    /// Changes the set; never blocks, but for the time in which another thread collects the set's
    /// events, which holds up the collector too.
    ///
    /// @param epoll the set
    /// @param operation `EPOLL_CTL_...`
    /// @param fd the descriptor
    /// @param events what is of interest; ignored by [#EPOLL_CTL_DEL]
    /// @param data what [#data] will say of it
    /// @return 0 or `-errno`
    public static int ctl(int epoll, int operation, int fd, int events, long data) {
        long event = SystemCalls.current().scratch(SystemCalls.EVENT);
        Memory.putInt(event, events);
        Memory.putLong(event + DATA, data);
        return CTL.call(epoll, operation, fd, event, 0, 0);
    }

    /// Waits for events; never blocks with a time of 0.
    ///
    /// @param epoll the set
    /// @param events where they go, `max` times [#EVENT_BYTES]
    /// @param max at most so many, above 0
    /// @param timeoutNanos how long, negative for ever. In nanoseconds where the kernel can, else
    ///   in milliseconds, rounded up and at most 24 days
    /// @return how many events there are, 0 after the timeout, or `-errno`
    public static int wait(int epoll, long events, int max, long timeoutNanos) {
        if (timeoutNanos == 0) {
            return max <= CRITICAL_EVENTS_MAX
                    ? POLL.call(epoll, events, max, 0, 0, 0)
                    : WAIT.call(epoll, events, max, 0, 0, 0);
        }
        if (timeoutNanos < 0) {
            return WAIT.call(epoll, events, max, -1, 0, 0);
        }
        if (!millisOnly) {
            long timespec = SystemCalls.current().timespec(timeoutNanos);
            int count = PWAIT2.call(epoll, events, max, timespec, 0, 0);
            // Old container sandboxes say EPERM to what they do not know; the call itself never
            // does.
            if (count != -Errno.ENOSYS && count != -Errno.EPERM) {
                return count;
            }
            millisOnly = true;
        }
        return WAIT.call(epoll, events, max, SystemCalls.millisRoundedUp(timeoutNanos));
    }

    /// {@return what has happened: the events of one entry}
    ///
    /// @param events the memory given to [#wait]
    /// @param index which entry
    public static int events(long events, int index) {
        return Memory.getInt(events + (long) index * EVENT_BYTES);
    }

    /// {@return to whom it has happened: the data given to [#ctl]}
    ///
    /// @param events the memory given to [#wait]
    /// @param index which entry
    public static long data(long events, int index) {
        return Memory.getLong(events + (long) index * EVENT_BYTES + DATA);
    }
}
