package dev.pollux.libc;

/// `pidfd_open(2)`: a process as a descriptor, readable once it has ended. Linux only, `-ENOSYS`
/// elsewhere.
public final class PidfdCalls {
    private static final int SYS_PIDFD_SEND_SIGNAL = 424;
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

    // int pidfd_send_signal(int pidfd, int sig, siginfo_t *info, unsigned int flags);
    //                                                                     pidfd_send_signal(2)
    private static final class Rare {
        private static final NumberedCall SEND_SIGNAL =
                NumberedCall.of(Call.PIDFD_SEND_SIGNAL, SYS_PIDFD_SEND_SIGNAL);
    }

    /// Sends a signal to the process, which cannot be another one that got its number.
    ///
    /// @param fd the process
    /// @param signal its number; 0 sends nothing and only asks
    /// @return 0 or `-errno`: `-ESRCH` when the process has ended and was reaped
    public static int sendSignal(int fd, int signal) {
        return Rare.SEND_SIGNAL.call(fd, signal, 0, 0, 0, 0);
    }
}
