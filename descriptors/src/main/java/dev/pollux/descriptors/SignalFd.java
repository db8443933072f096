package dev.pollux.descriptors;

import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.SignalCalls;
import dev.pollux.libc.SignalfdCalls;
import java.io.IOException;
import java.util.OptionalInt;

/// Signals as a descriptor, `signalfd(2)`: readable in the thread that a signal is pending for. It
/// never blocks. Linux only.
///
/// **A signal comes here only while it is blocked in the thread it is sent to**, and a JVM has
/// threads that block none: one that is sent to the process goes to one of those, and does what it
/// always does. So this is for signals that are sent to the one thread that has opened this and
/// reads it, as by `tgkill(2)` or `F_SETOWN_EX`. For SIGINT, SIGTERM and SIGHUP a JVM has
/// [Runtime#addShutdownHook].
public final class SignalFd implements OwnedDescriptor {
    private final Ownership ownership;

    private SignalFd(Ownership ownership) {
        this.ownership = ownership;
    }

    /// Opens a queue of signals, and blocks them in the calling thread, which keeps them blocked.
    ///
    /// @param signals their numbers, as [SignalCalls] has them; none that the JVM needs
    ///   ([SignalfdCalls])
    /// @return the queue
    /// @throws IllegalArgumentException if a number is out of range
    /// @throws ErrnoException if the kernel refuses it, as `EMFILE`
    public static SignalFd open(int... signals) throws ErrnoException {
        int fd = ErrnoException.check(SignalfdCalls.create(signals), "signalfd", -1);
        Ownership owner = Ownership.of(fd, Ownership.Kind.FILE, "a SignalFd", false);
        var queue = new SignalFd(owner);
        int result = SignalCalls.block(signals);
        if (result < 0) {
            queue.close();
            throw new ErrnoException(-result, "pthread_sigmask", -1);
        }
        return queue;
    }

    @Override
    public Ownership ownership() {
        return ownership;
    }

    /// {@return the number of the next signal that is pending for the calling thread, empty for
    /// none}
    ///
    /// @throws IOException if it is closed
    public OptionalInt take() throws IOException {
        int fd = ownership.beginWait();
        try {
            int result;
            do {
                result = SignalfdCalls.read(fd);
            } while (ownership.again(result));
            if (Ownership.wouldBlock(result)) {
                return OptionalInt.empty();
            }
            if (result < 0) {
                throw ownership.failure(result, "read");
            }
            return OptionalInt.of(result);
        } finally {
            ownership.endWait();
        }
    }

    @Override
    public String toString() {
        return ownership.toString();
    }
}
