package dev.pollux.app;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;

/// Carries bytes from one descriptor to another, as far as both are ready. Holds at most one
/// buffer: it takes more only when the last has been given away, so the slower side sets the pace.
///
/// Belongs to one thread.
final class Relay implements AutoCloseable {
    private static final int BYTES = 64 * 1024;

    private final int from;
    private final int to;
    private final long buffer = Memory.allocate(BYTES);

    /// What is still to be given away: from here
    private int start;

    /// to here.
    private int end;

    private boolean ended;

    Relay(int from, int to) {
        this.from = from;
        this.to = to;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    /// {@return whether it waits for bytes}
    boolean wantsInput() {
        return !ended && start == end;
    }

    /// {@return whether it has bytes to give away}
    boolean hasOutput() {
        return start < end;
    }

    /// {@return whether everything has come and been given away}
    boolean isDone() {
        return ended && start == end;
    }

    /// Takes what is there; called when the source is ready.
    ///
    /// @throws ErrnoException when it cannot be read
    void take() throws ErrnoException {
        int count = Descriptors.read(from, buffer, BYTES);
        if (count == -Errno.EAGAIN || count == -Errno.EINTR) {
            return;
        }
        // A terminal whose other side has gone says EIO.
        end = count == -Errno.EIO ? 0 : ErrnoException.check(count, "read", from);
        start = 0;
        ended = end == 0;
        give();
    }

    /// Gives away as much as is taken.
    ///
    /// @throws ErrnoException when it cannot be written
    void give() throws ErrnoException {
        while (start < end) {
            int count = Descriptors.write(to, buffer + start, end - start);
            if (count == -Errno.EAGAIN) {
                return;
            }
            start += count == -Errno.EINTR ? 0 : ErrnoException.check(count, "write", to);
        }
    }

    /// Takes nothing more, and drops what it holds.
    void abandon() {
        ended = true;
        start = end;
    }

    @Override
    public void close() {
        Memory.free(buffer);
    }
}
