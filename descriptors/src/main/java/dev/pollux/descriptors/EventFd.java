package dev.pollux.descriptors;

import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.EventfdCalls;
import java.io.IOException;

/// A counter that is a descriptor, `eventfd(2)`: readable while it is above 0. It never blocks, and
/// any thread may use it, to wake one that waits in a selector. Linux only.
public final class EventFd implements OwnedDescriptor {
    private final Ownership ownership;

    private EventFd(int fd) {
        ownership = Ownership.of(fd, Ownership.Kind.FILE, "an EventFd", false);
    }

    /// {@return a counter that starts at 0, and of which [#take] takes all}
    ///
    /// @throws ErrnoException if the kernel refuses it, as `EMFILE`
    public static EventFd open() throws ErrnoException {
        return opened(0, 0);
    }

    /// {@return a counter of which each [#take] takes 1 (`EFD_SEMAPHORE`)}
    ///
    /// @param initial what it starts with, >= 0
    /// @throws ErrnoException if the kernel refuses it, as `EMFILE`
    public static EventFd semaphore(int initial) throws ErrnoException {
        if (initial < 0) {
            throw new IllegalArgumentException("a semaphore starts at 0 or above: " + initial);
        }
        return opened(initial, EventfdCalls.EFD_SEMAPHORE);
    }

    private static EventFd opened(int initial, int flags) throws ErrnoException {
        return new EventFd(
                ErrnoException.check(EventfdCalls.create(initial, flags), "eventfd", -1));
    }

    @Override
    public Ownership ownership() {
        return ownership;
    }

    /// Counts, which makes it readable.
    ///
    /// @param count how much, above 0
    /// @return whether it was counted; not if the counter would exceed what it can hold
    /// @throws IOException if it is closed
    public boolean add(long count) throws IOException {
        if (count <= 0) {
            throw new IllegalArgumentException("counts up only: " + count);
        }
        int fd = ownership.beginWait();
        try {
            int result;
            do {
                result = EventfdCalls.write(fd, count);
            } while (ownership.again(result));
            if (result < 0 && result != -Errno.EAGAIN) {
                throw ownership.failure(result, "write");
            }
            return result >= 0;
        } finally {
            ownership.endWait();
        }
    }

    /// {@return what was counted, which is 0 again now; of a semaphore 1, which it is less now; 0
    /// for nothing}
    ///
    /// @throws IOException if it is closed
    public long take() throws IOException {
        int fd = ownership.beginWait();
        try {
            long result;
            do {
                result = EventfdCalls.read(fd);
            } while (ownership.again(result));
            if (Ownership.wouldBlock(result)) {
                return 0;
            }
            if (result < 0) {
                throw ownership.failure(result, "read");
            }
            return result;
        } finally {
            ownership.endWait();
        }
    }

    @Override
    public String toString() {
        return ownership.toString();
    }
}
