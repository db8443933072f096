package dev.pollux.libc;

/// `pidfd_open(2)`: a process as a descriptor, readable once it has ended. Linux only, `-ENOSYS`
/// elsewhere.
public final class PidfdCalls {
    private static final int SYS_PIDFD_OPEN = 434;
    private static final String SYMBOL = "pidfd_open";

    // int pidfd_open(pid_t pid, unsigned int flags);      since glibc 2.36          pidfd_open(2)
    // long syscall(long number, ...);                                                  syscall(2)
    private static final boolean NAMED = Downcall.exists(SYMBOL);
    private static final Downcall OPEN = Downcall.of(Call.PIDFD_OPEN, NAMED ? SYMBOL : "syscall");

    private PidfdCalls() {}

    /// Opens a process; the descriptor is closed at `execve`.
    ///
    /// @param pid the process
    /// @return a descriptor or `-errno`
    public static int open(long pid) {
        if (!Platform.current().isLinux()) {
            return -Errno.ENOSYS;
        }
        return NAMED ? OPEN.call(pid, 0) : OPEN.call(SYS_PIDFD_OPEN, pid, 0);
    }
}
