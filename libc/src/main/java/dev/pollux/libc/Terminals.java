package dev.pollux.libc;

/// Who may read a terminal: `termios(3)`, "Job control". A shell gives its terminal to one group of
/// processes at a time, the foreground; the others are stopped when they read
/// ([SignalCalls#SIGTTIN]).
///
/// All methods return a value >= 0 or `-errno`.
public final class Terminals {
    // pid_t tcgetpgrp(int fd);                                                       tcgetpgrp(3)
    // pid_t getpgrp(void);                                                             getpgrp(2)
    private static final Downcall TCGETPGRP = Downcall.of(Call.IOCTL, "tcgetpgrp");
    private static final Downcall GETPGRP = Downcall.of(Call.GETPGRP);

    private Terminals() {}

    /// {@return the group of processes that may read a terminal, or `-errno`: `-ENOTTY` when it is
    /// not the one that controls this process, so that nobody is stopped}
    ///
    /// @param fd the terminal
    public static int foreground(int fd) {
        return TCGETPGRP.call(fd);
    }

    /// {@return the group that this process belongs to; a shell may change it}
    public static int group() {
        return GETPGRP.call(0);
    }
}
