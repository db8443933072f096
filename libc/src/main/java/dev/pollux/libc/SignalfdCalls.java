package dev.pollux.libc;

/// `signalfd(2)`: signals as a descriptor. Linux only, `-ENOSYS` elsewhere.
///
/// A signal comes here only while it is blocked, and the JVM's own threads block none: one sent to
/// the process goes to some of them and does what it always does. So this is for signals sent to
/// the thread that has blocked them and reads here. Leave alone what the JVM needs: SEGV, BUS, FPE,
/// ILL, PIPE, XFSZ, QUIT, HUP, INT, TERM, USR2, and 62 (`SIGRTMAX - 2`) of the JDK's sockets.
///
/// All methods return a value >= 0 or `-errno`.
public final class SignalfdCalls {
    /// The highest signal number.
    public static final int SIGNALS_MAX = 64;

    private static final int SFD_NONBLOCK_CLOEXEC = 0x80800;
    private static final int SIG_BLOCK = 0;
    private static final int SIG_UNBLOCK = 1;
    private static final int NEW = -1;

    // sigset_t: 128 bytes, of which the kernel knows the first 8: signal n is bit n - 1.
    private static final int SIGSET_BYTES = 128;

    // struct signalfd_siginfo { uint32_t ssi_signo; ... };  128 bytes
    // signalfd(2)
    private static final int SIGINFO_BYTES = 128;

    // int signalfd(int fd, const sigset_t *mask, int flags);
    // signalfd(2)
    // int pthread_sigmask(int how, const sigset_t *set, sigset_t *oldset);
    // pthread_sigmask(3)
    private static final Downcall SIGNALFD = Downcall.of(Call.SIGNALFD);
    private static final Downcall SIGMASK = Downcall.of(Call.PTHREAD_SIGMASK);

    private SignalfdCalls() {}

    /// Opens a queue of signals that never waits and is closed at `execve`.
    ///
    /// @param signals their numbers, 1 to [#SIGNALS_MAX]
    /// @return a descriptor or `-errno`
    /// @throws IllegalArgumentException if a number is out of range
    public static int create(int... signals) {
        return SIGNALFD.call(NEW, sigset(signals), SFD_NONBLOCK_CLOEXEC);
    }

    /// Blocks signals in the calling thread, which must be a platform thread: they wait until they
    /// are read.
    ///
    /// @param signals their numbers, 1 to [#SIGNALS_MAX]
    /// @return 0 or `-errno`
    /// @throws IllegalArgumentException if a number is out of range
    public static int block(int... signals) {
        // This one returns the error itself, above 0.
        return Platform.current().isLinux()
                ? -SIGMASK.call(SIG_BLOCK, sigset(signals), 0)
                : -Errno.ENOSYS;
    }

    /// Lets signals through to the calling thread again; those that wait are delivered at once.
    ///
    /// @param signals their numbers, 1 to [#SIGNALS_MAX]
    /// @return 0 or `-errno`
    /// @throws IllegalArgumentException if a number is out of range
    public static int unblock(int... signals) {
        return Platform.current().isLinux()
                ? -SIGMASK.call(SIG_UNBLOCK, sigset(signals), 0)
                : -Errno.ENOSYS;
    }

    /// Takes the next signal of the calling thread or the process.
    ///
    /// @param fd the queue
    /// @return its number, or `-EAGAIN` for none
    public static int read(int fd) {
        long siginfo = SystemCalls.current().scratch(SystemCalls.ADDRESS);
        int result = Descriptors.read(fd, siginfo, SIGINFO_BYTES);
        return result < 0 ? result : Memory.getInt(siginfo);
    }

    /// Fills the scratch `sigset_t`.
    private static long sigset(int[] signals) {
        long set = SystemCalls.current().scratch(SystemCalls.ADDRESS);
        long bits = 0;
        for (int signal : signals) {
            if (signal < 1 || signal > SIGNALS_MAX) {
                throw new IllegalArgumentException("no signal number: " + signal);
            }
            bits |= 1L << (signal - 1);
        }
        Memory.zero(set, SIGSET_BYTES);
        Memory.putLong(set, bits);
        return set;
    }
}
