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

    // struct winsize { unsigned short ws_row, ws_col, ws_xpixel, ws_ypixel; }; ioctl_tty(2)
    private static final long TIOCGWINSZ = Platform.current().isLinux() ? 0x5413L : 0x40087468L;

    private Terminals() {}

    /// {@return rows in the upper and columns in the lower 16 bits, both 0 where nobody knows; or
    /// `-errno`: `-ENOTTY` of what is no terminal}
    ///
    /// @param fd the terminal
    public static int size(int fd) {
        long winsize = SystemCalls.current().scratch(SystemCalls.OPTION);
        int result = Descriptors.ioctl(fd, TIOCGWINSZ, winsize);
        if (result < 0) {
            return result;
        }
        return (Memory.getShort(winsize) & 0x7fff) << 16
                | Short.toUnsignedInt(Memory.getShort(winsize + 2));
    }

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
