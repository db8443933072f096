package dev.pollux.libc;

/// `signalfd(2)`: signals as a descriptor. Linux only, `-ENOSYS` elsewhere.
///
/// A signal comes here only while it is blocked, and the JVM's own threads block none: one sent to
/// the process goes to some of them and does what it always does. So this is for signals sent to
/// the thread that has blocked them and reads here. Leave alone what the JVM needs: SEGV, BUS, FPE,
/// ILL, PIPE, XFSZ, QUIT, HUP, INT, TERM, USR2, and 62 (`SIGRTMAX - 2`) of the JDK's sockets.
/// [SignalCalls] blocks signals, and takes them one by one.
///
/// All methods return a value >= 0 or `-errno`.
public final class SignalfdCalls {
    /// Bytes of one `struct signalfd_siginfo`.
    public static final int SIGINFO_BYTES = 128;

    private static final int SFD_NONBLOCK_CLOEXEC = 0x80800;
    private static final int NEW = -1;

    // struct signalfd_siginfo {   offset                                              signalfd(2)
    //   uint32_t ssi_signo;            0
    //   int32_t ssi_errno;             4
    //   int32_t ssi_code;              8
    //   uint32_t ssi_pid;             12
    //   uint32_t ssi_uid;             16
    //   int32_t ssi_fd;               20
    //   uint32_t ssi_tid;             24
    //   uint32_t ssi_band; ... };     28
    private static final int SIGNO = 0;
    private static final int CODE = 8;
    private static final int FD = 20;
    private static final int BAND = 28;

    // int signalfd(int fd, const sigset_t *mask, int flags);                          signalfd(2)
    private static final Downcall SIGNALFD = Downcall.of(Call.SIGNALFD);

    private SignalfdCalls() {}

    /// Opens a queue of signals that never waits and is closed at `execve`.
    ///
    /// @param signals their numbers, 1 to [SignalCalls#SIGNALS_MAX]
    /// @return a descriptor or `-errno`
    /// @throws IllegalArgumentException if a number is out of range
    public static int create(int... signals) {
        return SIGNALFD.call(NEW, SignalCalls.scratchSet(signals), SFD_NONBLOCK_CLOEXEC);
    }

    /// Takes the next signal of the calling thread or the process; does not wait.
    ///
    /// @param fd the queue
    /// @return its number, or `-EAGAIN` for none
    public static int read(int fd) {
        long siginfo = SystemCalls.current().scratch(SystemCalls.ADDRESS);
        int result = Descriptors.read(fd, siginfo, SIGINFO_BYTES);
        return result < 0 ? result : signo(siginfo, 0);
    }

    /// Takes the next signals of the calling thread or the process, as many as there are and fit,
    /// in one call; never blocks.
    ///
    /// @param fd the queue
    /// @param siginfos where they go, `max` times [#SIGINFO_BYTES]
    /// @param max at most so many, above 0
    /// @return how many, above 0, or `-EAGAIN` for none
    public static int read(int fd, long siginfos, int max) {
        int result = Descriptors.READ.call(fd, siginfos, (long) max * SIGINFO_BYTES, 0, 0, 0);
        return result < 0 ? result : result / SIGINFO_BYTES;
    }

    /// {@return the number of a signal}
    ///
    /// @param siginfos the memory given to [#read(int, long, int)]
    /// @param index which entry
    public static int signo(long siginfos, int index) {
        return Memory.getInt(siginfos + (long) index * SIGINFO_BYTES + SIGNO);
    }

    /// {@return why it came, `POLL_...` or [SignalCalls#SI_KERNEL] for one of `F_SETSIG`}
    ///
    /// @param siginfos the memory given to [#read(int, long, int)]
    /// @param index which entry
    public static int code(long siginfos, int index) {
        return Memory.getInt(siginfos + (long) index * SIGINFO_BYTES + CODE);
    }

    /// {@return the descriptor that is ready, see [SignalCalls#setSignal]}
    ///
    /// @param siginfos the memory given to [#read(int, long, int)]
    /// @param index which entry
    public static int fd(long siginfos, int index) {
        return Memory.getInt(siginfos + (long) index * SIGINFO_BYTES + FD);
    }

    /// {@return for what it is ready, `POLL...` of [PollCalls]}
    ///
    /// @param siginfos the memory given to [#read(int, long, int)]
    /// @param index which entry
    public static int band(long siginfos, int index) {
        return Memory.getInt(siginfos + (long) index * SIGINFO_BYTES + BAND);
    }
}
