package dev.pollux.app;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import org.jspecify.annotations.Nullable;

/// Carries bytes from one descriptor to another, as far as both are ready. Holds at most one
/// buffer: it takes more only when the last has been given away, so the slower side sets the pace.
///
/// Where writing may wait it gives only when it is told that there is room, and no more at a time
/// than a pipe then takes.
///
/// Belongs to one thread.
final class Relay implements AutoCloseable {
    private static final int BYTES = 64 * 1024;

    /// `PIPE_BUF`, `pipe(7)`.
    private static final int PIPE_BYTES = 4096;

    private final int from;
    private final int to;

    /// Whether writing to it may wait.
    private final boolean waits;

    /// How it is shown; null for as it is.
    private final @Nullable CaretNotation notation;

    private final long buffer = Memory.allocate(BYTES);

    /// What is still to be given away: from here
    private int start;

    /// to here.
    private int end;

    private boolean ended;

    /// Makes one that carries bytes as they are to a descriptor that never waits.
    Relay(int from, int to) {
        this(from, to, false, null);
    }

    /// Makes one.
    ///
    /// @param waits whether writing to `to` may wait
    /// @param notation how it is shown; null for as it is
    Relay(int from, int to, boolean waits, @Nullable CaretNotation notation) {
        this.from = from;
        this.to = to;
        this.waits = waits;
        this.notation = notation;
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
        int most = notation == null ? BYTES : BYTES / CaretNotation.LONGER_MAX - PIPE_BYTES;
        int count = Descriptors.read(from, buffer, most);
        if (count == -Errno.EAGAIN || count == -Errno.EINTR) {
            return;
        }
        // A terminal whose other side has gone says EIO.
        end = count == -Errno.EIO ? 0 : ErrnoException.check(count, "read", from);
        start = 0;
        ended = end == 0;
        if (notation != null) {
            show(notation);
        }
        if (!waits) {
            give();
        }
    }

    private void show(CaretNotation notation) {
        byte[] bytes = new byte[end];
        Memory.copy(buffer, bytes, 0, end);
        byte[] shown = notation.show(bytes, ended);
        Memory.copy(shown, 0, buffer, shown.length);
        end = shown.length;
    }

    /// Gives away as much as is taken; called when the target is ready.
    ///
    /// @throws ErrnoException when it cannot be written
    void give() throws ErrnoException {
        boolean again = true;
        while (start < end && again) {
            int most = waits ? Math.min(end - start, PIPE_BYTES) : end - start;
            int count = Descriptors.write(to, buffer + start, most);
            if (count == -Errno.EAGAIN) {
                return;
            }
            start += count == -Errno.EINTR ? 0 : ErrnoException.check(count, "write", to);
            again = !waits;
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
