package dev.pollux.libc;

import java.util.Arrays;

/// `signal(7)`: signals that are blocked and taken, and descriptors that send them when they are
/// ready. Linux only, `-ENOSYS` elsewhere.
///
/// There are no handlers here: a handler in Java aborts the JVM. A signal that a thread has blocked
/// waits in its queue until the thread takes it with [#wait] or from a [SignalfdCalls] queue. Free
/// for programs are [#rtMin] to 61, and [#SIGIO].
///
/// The JVM cannot live without handlers of its own for ILL, TRAP, BUS, FPE, SEGV, USR2, PIPE, XFSZ
/// and the signal 62 of the JDK's sockets: [#block], [#ignore] and [#restore] refuse these. QUIT,
/// HUP, INT and TERM, which it dumps its threads and shuts down at, are the program's decision.
///
/// All methods return a value >= 0 or `-errno`, and those that speak of the calling thread want a
/// platform thread.
public final class SignalCalls {
    /// The highest signal number.
    public static final int SIGNALS_MAX = 64;

    /// A process of the background reads its terminal: stops it with all its threads, unless the
    /// thread that reads has blocked this; then the read fails with EIO.
    public static final int SIGTTIN = 21;

    /// A descriptor is ready, and nobody said which: what the kernel sends when the queue is full.
    public static final int SIGIO = 29;

    /// Urgent data has come. Does nothing where it is not blocked, and is never refused by a full
    /// queue.
    public static final int SIGURG = 23;

    /// Code of a signal that the kernel sends without a reason in it.
    public static final int SI_KERNEL = 0x80;

    /// Code: readable, or a connection to accept, or the end of input.
    public static final int POLL_IN = 1;

    /// Code: writable, or a connection attempt decided.
    public static final int POLL_OUT = 2;

    /// Code: a message is there.
    public static final int POLL_MSG = 3;

    /// Code: an error is pending.
    public static final int POLL_ERR = 4;

    /// Code: urgent data.
    public static final int POLL_PRI = 5;

    /// Code: the peer has gone, in one direction or both.
    public static final int POLL_HUP = 6;

    /// Bytes of a `sigset_t`.
    public static final int SIGSET_BYTES = 128;

    /// Bytes of a `siginfo_t`.
    public static final int SIGINFO_BYTES = 128;

    private static final int SIG_BLOCK = 0;
    private static final int SIG_UNBLOCK = 1;
    private static final int SIG_DFL = 0;
    private static final int SIG_IGN = 1;
    private static final int F_SETSIG = 10;
    private static final int F_SETOWN_EX = 15;
    private static final int F_GETOWN_EX = 16;

    // siginfo_t, for a signal of a descriptor:  offset                                sigaction(2)
    //   int si_signo;                                0
    //   int si_errno;                                4
    //   int si_code;                                 8
    //   long si_band;                               16
    //   int si_fd;                                  24
    private static final int INFO_SIGNO = 0;
    private static final int INFO_CODE = 8;
    private static final int INFO_BAND = 16;
    private static final int INFO_FD = 24;

    // struct sigaction {       offset      glibc's; the kernel's own is shorter       sigaction(2)
    //   void *sa_handler;           0
    //   sigset_t sa_mask;           8
    //   int sa_flags;             136
    //   void *sa_restorer; };     144
    private static final int SIGACTION_BYTES = 152;

    // struct f_owner_ex { int type; pid_t pid; };                                         fcntl(2)
    private static final int F_OWNER_TID = 0;

    private static final boolean LINUX = Platform.current().isLinux();

    /// ILL, TRAP, BUS, FPE, SEGV, USR2, PIPE, XFSZ, and `SIGRTMAX - 2`: bit n - 1 of each.
    private static final long OF_THE_JVM =
            bits(4) | bits(5) | bits(7) | bits(8) | bits(11) | bits(12) | bits(13) | bits(25)
                    | bits(62);

    // int pthread_sigmask(int how, const sigset_t *set, sigset_t *oldset);      pthread_sigmask(3)
    // int sigtimedwait(const sigset_t *set, siginfo_t *info,
    //                  const struct timespec *timeout);                            sigtimedwait(2)
    private static final Downcall SIGMASK = Downcall.of(Call.PTHREAD_SIGMASK);
    private static final Downcall WAIT = Downcall.of(Call.SIGTIMEDWAIT);

    private SignalCalls() {}

    /// What is called once or never, linked when first used.
    private static final class Rare {
        // int sigaction(int signum, const struct sigaction *act, struct sigaction *oldact);
        //                                                                             sigaction(2)
        // pid_t gettid(void);                                                            gettid(2)
        // pid_t getpid(void);                                                            getpid(2)
        // int tgkill(pid_t tgid, pid_t tid, int sig);                                    tgkill(2)
        // int __libc_current_sigrtmin(void);                                             signal(7)
        private static final Downcall SIGACTION = Downcall.of(Call.SIGACTION);
        private static final Downcall GETTID = Downcall.of(Call.GETTID);
        private static final Downcall GETPID = Downcall.of(Call.GETPID);
        private static final Downcall TGKILL = Downcall.of(Call.TGKILL);
        private static final int RT_MIN = rtMin();
        private static final int PROCESS = GETPID.call(0);

        private static int rtMin() {
            var function = Downcall.link("__libc_current_sigrtmin");
            var state = SystemCalls.current().state;
            return LINUX ? (int) Downcall.invoke(function, state, 0, 0, 0, 0, 0, 0) : -Errno.ENOSYS;
        }
    }

    /// {@return the first real-time signal that the C library leaves to programs, 34 with glibc}
    public static int rtMin() {
        return Rare.RT_MIN;
    }

    /// Fills a set.
    ///
    /// @param set its address, [#SIGSET_BYTES]
    /// @param signals their numbers, 1 to [#SIGNALS_MAX]
    /// @throws IllegalArgumentException if a number is out of range
    public static void putSet(long set, int... signals) {
        long bits = bits(signals);
        // The kernel knows the first 8 bytes: signal n is bit n - 1.
        Memory.zero(set, SIGSET_BYTES);
        Memory.putLong(set, bits);
    }

    private static long bits(int... signals) {
        long bits = 0;
        for (int signal : signals) {
            if (signal < 1 || signal > SIGNALS_MAX) {
                throw new IllegalArgumentException("no signal number: " + signal);
            }
            bits |= 1L << (signal - 1);
        }
        return bits;
    }

    private static void refuseTheJvms(int... signals) {
        if ((bits(signals) & OF_THE_JVM) != 0) {
            throw new IllegalArgumentException(
                    "needed by the JVM itself: one of the signals " + Arrays.toString(signals));
        }
    }

    /// Fills the scratch set of the calling thread.
    static long scratchSet(int... signals) {
        long set = SystemCalls.current().scratch(SystemCalls.ADDRESS);
        putSet(set, signals);
        return set;
    }

    /// Blocks signals in the calling thread: they wait until they are taken.
    ///
    /// @param signals their numbers, 1 to [#SIGNALS_MAX]
    /// @return 0 or `-errno`
    /// @throws IllegalArgumentException if a number is out of range, or the JVM needs that signal
    public static int block(int... signals) {
        refuseTheJvms(signals);
        return mask(SIG_BLOCK, signals);
    }

    /// Lets signals through to the calling thread again; those that wait are delivered at once.
    ///
    /// @param signals their numbers, 1 to [#SIGNALS_MAX]
    /// @return 0 or `-errno`
    /// @throws IllegalArgumentException if a number is out of range
    public static int unblock(int... signals) {
        return mask(SIG_UNBLOCK, signals);
    }

    private static int mask(int how, int... signals) {
        long set = scratchSet(signals);
        // This one returns the error itself, above 0.
        return LINUX ? -SIGMASK.call(how, set, 0) : -Errno.ENOSYS;
    }

    /// Lets a signal do nothing in the whole process where it is not blocked, instead of ending it.
    /// One that is blocked is queued all the same. Programs started by this process inherit it.
    ///
    /// @param signal its number
    /// @return 0 or `-errno`
    /// @throws IllegalArgumentException if the number is out of range, or the JVM needs that signal
    public static int ignore(int signal) {
        return dispose(signal, SIG_IGN);
    }

    /// Lets a signal do again what it does by itself, which for most ends the process.
    ///
    /// @param signal its number
    /// @return 0 or `-errno`
    /// @throws IllegalArgumentException if the number is out of range, or the JVM needs that signal
    public static int restore(int signal) {
        return dispose(signal, SIG_DFL);
    }

    private static int dispose(int signal, int disposition) {
        refuseTheJvms(signal);
        if (!LINUX) {
            return -Errno.ENOSYS;
        }
        long action = Memory.allocateZeroed(SIGACTION_BYTES);
        Memory.putPointer(action, disposition);
        int result = Rare.SIGACTION.call(signal, action, 0);
        Memory.free(action);
        return result;
    }

    /// Takes a signal that waits in the calling thread or the process, or waits for one; never
    /// blocks with a time of 0. Lower numbers come first, and equal ones in the order they were
    /// sent.
    ///
    /// @param set the address of a `sigset_t` of blocked signals, see [#putSet]
    /// @param siginfo where its facts go, [#SIGINFO_BYTES], or 0
    /// @param timeoutNanos how long, negative for ever
    /// @return its number, `-EAGAIN` after the timeout, `-EINTR`, or another `-errno`
    public static int wait(long set, long siginfo, long timeoutNanos) {
        long timespec = SystemCalls.current().timespec(timeoutNanos);
        return WAIT.call(set, siginfo, timespec, 0, 0, 0);
    }

    /// {@return the number of a signal}
    ///
    /// @param siginfo the memory given to [#wait]
    public static int signo(long siginfo) {
        return Memory.getInt(siginfo + INFO_SIGNO);
    }

    /// {@return why it came, `POLL_...` or [#SI_KERNEL] for one of a descriptor}
    ///
    /// @param siginfo the memory given to [#wait]
    public static int code(long siginfo) {
        return Memory.getInt(siginfo + INFO_CODE);
    }

    /// {@return the descriptor that is ready; meaningless if [#code] is no `POLL_...`}
    ///
    /// @param siginfo the memory given to [#wait]
    public static int fd(long siginfo) {
        return Memory.getInt(siginfo + INFO_FD);
    }

    /// {@return for what it is ready, `POLL...` of [PollCalls]; meaningless if [#code] is no
    /// `POLL_...`}
    ///
    /// @param siginfo the memory given to [#wait]
    public static int band(long siginfo) {
        return (int) Memory.getLong(siginfo + INFO_BAND);
    }

    /// Says which signal a descriptor sends when it becomes ready, with [#fd] and [#band] in it
    /// (`F_SETSIG`). It begins with [Descriptors#O_ASYNC], set by `F_SETFL`, and after that the
    /// descriptor must be looked at once, as what came before sends nothing.
    ///
    /// @param fd a socket, pipe or terminal; others never send
    /// @param signal a real-time signal, so that several may wait at once; 0 for a bare [#SIGIO]
    /// @return 0 or `-errno`
    public static int setSignal(int fd, int signal) {
        return LINUX ? Descriptors.fcntl(fd, F_SETSIG, signal) : -Errno.ENOSYS;
    }

    /// Says to which thread (`F_SETOWN_EX`).
    ///
    /// @param fd the descriptor
    /// @param tid what [#gettid] has returned there; 0 for nobody
    /// @return 0 or `-errno`
    public static int setOwner(int fd, int tid) {
        long owner = SystemCalls.current().scratch(SystemCalls.PAIR);
        Memory.putInt(owner, F_OWNER_TID);
        Memory.putInt(owner + 4, tid);
        return LINUX ? Descriptors.fcntl(fd, F_SETOWN_EX, owner) : -Errno.ENOSYS;
    }

    /// {@return to which thread a descriptor sends, 0 for nobody; `-ESRCH` if to a process; or
    /// another `-errno` (`F_GETOWN_EX`)}
    ///
    /// @param fd the descriptor
    public static int owner(int fd) {
        long owner = SystemCalls.current().scratch(SystemCalls.PAIR);
        int result = LINUX ? Descriptors.fcntl(fd, F_GETOWN_EX, owner) : -Errno.ENOSYS;
        if (result < 0) {
            return result;
        }
        return Memory.getInt(owner) == F_OWNER_TID ? Memory.getInt(owner + 4) : -Errno.ESRCH;
    }

    /// {@return the kernel's number of the calling thread}
    public static int gettid() {
        return Rare.GETTID.call(0);
    }

    /// Sends a signal to a thread of this process.
    ///
    /// @param tid what [#gettid] has returned there
    /// @param signal its number; 0 only looks whether the thread is there
    /// @return 0, `-ESRCH` for no such thread, `-EAGAIN` when the queue is full, or another
    ///   `-errno`
    public static int tgkill(int tid, int signal) {
        return Rare.TGKILL.call(Rare.PROCESS, tid, signal);
    }

    /// {@return how many signals may be queued for the user of this process, in all processes, or
    /// `-errno`; no limit is [Long#MAX_VALUE]}
    public static long sigpendingSoft() {
        return LINUX ? ResourceLimits.soft(ResourceLimits.RLIMIT_SIGPENDING) : -Errno.ENOSYS;
    }

    /// Changes how many signals may be queued before this process is refused one
    /// (`RLIMIT_SIGPENDING`). A descriptor that is refused sends a bare [#SIGIO].
    ///
    /// @param signals the new limit
    /// @return 0 or `-errno`
    public static int setSigpendingSoft(long signals) {
        return LINUX
                ? ResourceLimits.setSoft(ResourceLimits.RLIMIT_SIGPENDING, signals)
                : -Errno.ENOSYS;
    }
}
