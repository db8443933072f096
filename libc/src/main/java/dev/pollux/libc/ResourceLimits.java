package dev.pollux.libc;

/// `getrlimit(2)`: how much of something this process may have. Linked when first used.
///
/// ```
/// struct rlimit { rlim_t rlim_cur; rlim_t rlim_max; };
/// ```
final class ResourceLimits {
    /// How many descriptors.
    static final int RLIMIT_NOFILE = Platform.current().pick(7, 8);

    /// How many queued signals the user of this process may have. Linux only.
    static final int RLIMIT_SIGPENDING = 11;

    // int getrlimit(int resource, struct rlimit *rlim);                               getrlimit(2)
    // int setrlimit(int resource, const struct rlimit *rlim);                         getrlimit(2)
    private static final Downcall GETRLIMIT = Downcall.of(Call.GETRLIMIT);
    private static final Downcall SETRLIMIT = Downcall.of(Call.SETRLIMIT);
    private static final int SOFT = 0;
    private static final int HARD = 8;

    private ResourceLimits() {}

    /// {@return the limit that holds, or `-errno`; no limit is [Long#MAX_VALUE]}
    static long soft(int resource) {
        return get(resource, SOFT);
    }

    /// {@return up to where [#setSoft] may go, or `-errno`; no limit is [Long#MAX_VALUE]}
    static long hard(int resource) {
        return get(resource, HARD);
    }

    /// Changes the limit that holds.
    ///
    /// @return 0 or `-errno`
    static int setSoft(int resource, long limit) {
        long limits = SystemCalls.current().scratch(SystemCalls.RLIMIT);
        int result = GETRLIMIT.call(resource, limits);
        if (result < 0) {
            return result;
        }
        Memory.putLong(limits + SOFT, limit);
        return SETRLIMIT.call(resource, limits);
    }

    private static long get(int resource, int offset) {
        long limits = SystemCalls.current().scratch(SystemCalls.RLIMIT);
        int result = GETRLIMIT.call(resource, limits);
        if (result < 0) {
            return result;
        }
        // RLIM_INFINITY is all ones on Linux, where rlim_t is unsigned.
        long limit = Memory.getLong(limits + offset);
        return limit < 0 ? Long.MAX_VALUE : limit;
    }
}
