package dev.pollux.descriptors;

import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.PidfdCalls;
import java.io.IOException;

/// A process as a descriptor, `pidfd_open(2)`: readable once it has ended. It stays that process,
/// whoever gets its number afterwards. Linux only.
///
/// How a child has ended is for [Process#exitValue] to say, as the JVM waits for its children
/// itself; right after this has become readable, [Process#waitFor] takes no time worth mentioning.
public final class PidFd implements OwnedDescriptor {
    private final Ownership ownership;

    private PidFd(int fd) {
        ownership = Ownership.of(fd, Ownership.Kind.FILE, "a PidFd", true);
    }

    /// {@return a process as a descriptor}
    ///
    /// @param process a child; it must not have been reaped, which the JVM does soon after its end
    /// @throws ErrnoException if the kernel refuses it: `ESRCH` if there is no such process
    public static PidFd open(Process process) throws ErrnoException {
        return open(process.pid());
    }

    /// {@return a process as a descriptor}
    ///
    /// @param pid its number
    /// @throws ErrnoException if the kernel refuses it: `ESRCH` if there is no such process
    public static PidFd open(long pid) throws ErrnoException {
        return new PidFd(ErrnoException.check(PidfdCalls.open(pid), "pidfd_open", -1));
    }

    @Override
    public Ownership ownership() {
        return ownership;
    }

    /// Sends a signal to the process.
    ///
    /// @param signal its number, as [dev.pollux.libc.SignalCalls] has them
    /// @return whether it was sent; not if the process has ended and was waited for
    /// @throws IOException an [ErrnoException] if the kernel refuses it, as `EPERM`
    public boolean signal(int signal) throws IOException {
        int fd = ownership.begin();
        try {
            int result = PidfdCalls.sendSignal(fd, signal);
            if (result < 0 && result != -Errno.ESRCH) {
                throw ownership.failure(result, "pidfd_send_signal");
            }
            return result >= 0;
        } finally {
            ownership.end();
        }
    }

    @Override
    public String toString() {
        return ownership.toString();
    }
}
