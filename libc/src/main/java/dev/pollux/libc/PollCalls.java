package dev.pollux.libc;

/// `poll(2)`: an array of descriptors, handed to the kernel at every wait.
///
/// ```
/// struct pollfd { int fd; short events; short revents; };
/// ```
///
/// 8 bytes on every platform. The array belongs to the caller: `count` times [#POLLFD_BYTES]. An
/// entry with a negative descriptor is skipped by the kernel.
public final class PollCalls {
    private static final Platform PLATFORM = Platform.current();

    /// Readable, or a connection to accept, or the end of input.
    public static final int POLLIN = 0x1;

    /// Urgent data, or another exceptional condition.
    public static final int POLLPRI = 0x2;

    /// Writable, or a connection attempt decided.
    public static final int POLLOUT = 0x4;

    /// An error is pending. Always reported.
    public static final int POLLERR = 0x8;

    /// Both directions have ended. Always reported.
    public static final int POLLHUP = 0x10;

    /// Not an open descriptor. Always reported.
    public static final int POLLNVAL = 0x20;

    /// The peer has finished sending. 0 on macOS, which lacks it.
    public static final int POLLRDHUP = PLATFORM.pick(0x2000, 0);

    /// Bytes of a `struct pollfd`.
    public static final int POLLFD_BYTES = 8;

    static final int FD = 0;
    static final int EVENTS = 4;
    static final int REVENTS = 6;

    // int ppoll(struct pollfd *fds, nfds_t nfds, const struct timespec *, const sigset_t *);
    // poll(2)
    // int poll(struct pollfd *fds, nfds_t nfds, int timeout);
    // poll(2)
    private static final Downcall POLL = Downcall.of(PLATFORM.isLinux() ? Call.PPOLL : Call.POLL);

    private PollCalls() {}

    /// Waits until something has happened; does not wait with a time of 0.
    ///
    /// @param pollfds the address of the array
    /// @param count its length
    /// @param timeoutNanos how long, negative for ever. In milliseconds on macOS, rounded up
    /// @return how many entries have something to say, 0 after the timeout, or `-errno`
    public static int poll(long pollfds, int count, long timeoutNanos) {
        if (PLATFORM.isLinux()) {
            long timespec = SystemCalls.current().timespec(timeoutNanos);
            return POLL.call(pollfds, count, timespec, 0, 0, 0);
        }
        return POLL.call(pollfds, count, SystemCalls.millisRoundedUp(timeoutNanos));
    }

    /// Asks about one descriptor, which needs no array; does not wait.
    ///
    /// @param fd the descriptor
    /// @param events what is of interest
    /// @return what has happened to it, 0 for nothing, or `-errno`
    public static int pollOne(int fd, int events) {
        long pollfd = SystemCalls.current().scratch(SystemCalls.OPTION);
        put(pollfd, 0, fd, events);
        int result = poll(pollfd, 1, 0);
        return result < 0 ? result : revents(pollfd, 0);
    }

    /// Fills an entry and clears its result.
    ///
    /// @param pollfds the address of the array
    /// @param index which entry
    /// @param fd the descriptor, negative for none
    /// @param events what is of interest
    public static void put(long pollfds, int index, int fd, int events) {
        long entry = entry(pollfds, index);
        Memory.putInt(entry + FD, fd);
        Memory.putInt(entry + EVENTS, events & 0xffff);
    }

    /// Copies an entry over another.
    ///
    /// @param pollfds the address of the array
    /// @param from which entry
    /// @param to over which
    public static void move(long pollfds, int from, int to) {
        Memory.putLong(entry(pollfds, to), Memory.getLong(entry(pollfds, from)));
    }

    /// Changes what an entry is interested in.
    ///
    /// @param pollfds the address of the array
    /// @param index which entry
    /// @param events what is of interest
    public static void putEvents(long pollfds, int index, int events) {
        Memory.putShort(entry(pollfds, index) + EVENTS, (short) events);
    }

    /// {@return the descriptor of an entry}
    ///
    /// @param pollfds the address of the array
    /// @param index which entry
    public static int fd(long pollfds, int index) {
        return Memory.getInt(entry(pollfds, index) + FD);
    }

    /// {@return what an entry is interested in}
    ///
    /// @param pollfds the address of the array
    /// @param index which entry
    public static int events(long pollfds, int index) {
        return Short.toUnsignedInt(Memory.getShort(entry(pollfds, index) + EVENTS));
    }

    /// {@return what has happened to an entry, 0 for nothing}
    ///
    /// @param pollfds the address of the array
    /// @param index which entry
    public static int revents(long pollfds, int index) {
        return Short.toUnsignedInt(Memory.getShort(entry(pollfds, index) + REVENTS));
    }

    private static long entry(long pollfds, int index) {
        return pollfds + (long) index * POLLFD_BYTES;
    }
}
