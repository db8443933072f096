package dev.pollux.libc;

/// `timerfd_create(2)`: a timer that is a descriptor, readable once it has expired. Linux only,
/// `-ENOSYS` elsewhere.
///
/// All methods return a value >= 0 or `-errno`.
public final class TimerfdCalls {
    /// The clock that nobody sets, and that stands still while the machine sleeps.
    public static final int CLOCK_MONOTONIC = 1;

    /// The time of day, in seconds since 1970.
    public static final int CLOCK_REALTIME = 0;

    /// The first time is a point of the clock, and no distance from now.
    public static final int TFD_TIMER_ABSTIME = 1;

    private static final int TFD_NONBLOCK_CLOEXEC = 0x80800;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    // int timerfd_create(int clockid, int flags);                              timerfd_create(2)
    // int timerfd_settime(int fd, int flags, const struct itimerspec *new_value,
    //                     struct itimerspec *old_value);                       timerfd_create(2)
    private static final Downcall CREATE = Downcall.of(Call.TIMERFD_CREATE);
    private static final Downcall SETTIME = Downcall.of(Call.TIMERFD_SETTIME);

    // struct itimerspec {              offset
    //   struct timespec it_interval;        0
    //   struct timespec it_value; };       16
    private static final int INTERVAL = 0;
    private static final int VALUE = 16;

    private TimerfdCalls() {}

    /// {@return a timer on the monotonic clock, disarmed, which never waits and is closed at
    /// `execve`, or `-errno`}
    public static int create() {
        return create(CLOCK_MONOTONIC);
    }

    /// {@return a timer, disarmed, which never waits and is closed at `execve`, or `-errno`}
    ///
    /// @param clock [#CLOCK_MONOTONIC] or [#CLOCK_REALTIME]
    public static int create(int clock) {
        return CREATE.call(clock, TFD_NONBLOCK_CLOEXEC);
    }

    /// Arms the timer, or disarms it. What has expired before is forgotten.
    ///
    /// @param fd the timer
    /// @param firstNanos until it expires, from now; 0 disarms
    /// @param intervalNanos between expirations after the first; 0 for none
    /// @return 0 or `-errno`
    public static int settime(int fd, long firstNanos, long intervalNanos) {
        return settime(fd, 0, firstNanos, intervalNanos);
    }

    /// Arms the timer, or disarms it. What has expired before is forgotten.
    ///
    /// @param fd the timer
    /// @param flags [#TFD_TIMER_ABSTIME] or 0
    /// @param firstNanos when it expires, on its clock or from now; 0 disarms
    /// @param intervalNanos between expirations after the first; 0 for none
    /// @return 0 or `-errno`
    public static int settime(int fd, int flags, long firstNanos, long intervalNanos) {
        long times = SystemCalls.current().scratch(SystemCalls.ADDRESS);
        putTimespec(times + INTERVAL, intervalNanos);
        putTimespec(times + VALUE, firstNanos);
        return SETTIME.call(fd, flags, times, 0);
    }

    /// {@return how often it has expired since the last read, above 0, or `-EAGAIN` for never}
    ///
    /// @param fd the timer
    public static long read(int fd) {
        long scratch = SystemCalls.current().scratch(SystemCalls.OPTION);
        int result = Descriptors.read(fd, scratch, Long.BYTES);
        return result < 0 ? result : Memory.getLong(scratch);
    }

    private static void putTimespec(long address, long nanos) {
        Memory.putLong(address, nanos / NANOS_PER_SECOND);
        Memory.putLong(address + 8, nanos % NANOS_PER_SECOND);
    }
}
