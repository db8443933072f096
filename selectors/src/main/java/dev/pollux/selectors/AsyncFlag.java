package dev.pollux.selectors;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.SignalCalls;

/// Makes descriptors send signals, `O_ASYNC` of fcntl(2). It belongs to the open file, which
/// duplicates and other processes may share: so only a selector that has a file for itself may do
/// this.
final class AsyncFlag {
    /// How many system calls it takes to raise.
    static final int CALLS_TO_RAISE = 5;

    /// How many system calls it takes to lower.
    static final int CALLS_TO_LOWER = 3;

    private AsyncFlag() {}

    /// Lets a descriptor send a signal whenever it becomes ready for something more. What it is
    /// ready for already sends none.
    ///
    /// @param fd the descriptor
    /// @param signal a real-time signal
    /// @param tid the thread to which
    /// @return 0, `-EPERM` for what never sends any, or another `-errno`
    static int raise(int fd, int signal, int tid) {
        int flags = Descriptors.fcntl(fd, Descriptors.F_GETFL, 0);
        int result = flags;
        // The owner before the flag: the signals of a file without one end whole process groups.
        if (result >= 0) {
            result = SignalCalls.setSignal(fd, signal);
        }
        if (result >= 0) {
            result = SignalCalls.setOwner(fd, tid);
        }
        if (result >= 0) {
            result = Descriptors.fcntl(fd, Descriptors.F_SETFL, flags | Descriptors.O_ASYNC);
        }
        if (result >= 0) {
            result = isRaised(fd) ? 0 : -Errno.EPERM;
        }
        return result;
    }

    /// The kernel takes the flag from any file, and keeps it for those that can send.
    private static boolean isRaised(int fd) {
        return (Descriptors.fcntl(fd, Descriptors.F_GETFL, 0) & Descriptors.O_ASYNC) != 0;
    }

    /// Ends that. A file that sends to somebody else is left alone: it has got the number since.
    ///
    /// @param fd the descriptor, which may be closed by now, or be another file
    /// @param tid the thread to which it was raised
    /// @return 0 or `-errno`
    static int lower(int fd, int tid) {
        int flags = Descriptors.fcntl(fd, Descriptors.F_GETFL, 0);
        if (flags < 0 || (flags & Descriptors.O_ASYNC) == 0 || SignalCalls.owner(fd) != tid) {
            return Math.min(flags, 0);
        }
        return Descriptors.fcntl(fd, Descriptors.F_SETFL, flags & ~Descriptors.O_ASYNC);
    }
}
