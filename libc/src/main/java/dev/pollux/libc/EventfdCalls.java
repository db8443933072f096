package dev.pollux.libc;

/// `eventfd(2)`: a counter that is a descriptor, for waking a waiting thread. Linux only, `-ENOSYS`
/// elsewhere.
///
/// All methods return a value >= 0 or `-errno`.
public final class EventfdCalls {
    /// Each read takes one instead of all.
    public static final int EFD_SEMAPHORE = 1;

    private static final int EFD_NONBLOCK_CLOEXEC = 0x80800;

    // int eventfd(unsigned int initval, int flags);                                    eventfd(2)
    private static final Downcall EVENTFD = Downcall.of(Call.EVENTFD);

    private EventfdCalls() {}

    /// Opens a counter that never waits and is closed at `execve`.
    ///
    /// @param initial what it starts with, >= 0
    /// @param flags [#EFD_SEMAPHORE] or 0
    /// @return a descriptor or `-errno`
    public static int create(int initial, int flags) {
        return EVENTFD.call(initial, flags | EFD_NONBLOCK_CLOEXEC);
    }

    /// {@return what was counted since the last read, which is above 0, or `-EAGAIN` for nothing;
    /// the kernel's counter is unsigned, what a `long` cannot hold is [Long#MAX_VALUE]}
    ///
    /// @param fd the counter
    public static long read(int fd) {
        long scratch = SystemCalls.current().scratch(SystemCalls.OPTION);
        int result = Descriptors.read(fd, scratch, Long.BYTES);
        if (result < 0) {
            return result;
        }
        long count = Memory.getLong(scratch);
        return count < 0 ? Long.MAX_VALUE : count;
    }

    /// Counts.
    ///
    /// @param fd the counter
    /// @param add how much, above 0
    /// @return 0, or `-EAGAIN` if the counter is full
    public static int write(int fd, long add) {
        long scratch = SystemCalls.current().scratch(SystemCalls.OPTION);
        Memory.putLong(scratch, add);
        int result = Descriptors.write(fd, scratch, Long.BYTES);
        return Math.min(result, 0);
    }
}
