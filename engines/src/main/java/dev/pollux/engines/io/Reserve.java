package dev.pollux.engines.io;

import dev.pollux.libc.Descriptors;

/// A descriptor that is held for the moment when the process's table is full: given up, it is what
/// a waiting connection can be accepted with, to be told at once that there is no room.
///
/// Belongs to the thread that accepts.
public final class Reserve {
    private static final String SOMETHING = "/dev/null";

    /// -1 where there is none.
    private int fd = -1;

    /// Takes it again.
    ///
    /// @return whether it is held
    public boolean take() {
        if (fd < 0) {
            fd = Math.max(Descriptors.open(SOMETHING, Descriptors.O_RDONLY, 0), -1);
        }
        return fd >= 0;
    }

    /// Gives it up.
    ///
    /// @return false when there was none
    public boolean giveUp() {
        if (fd < 0) {
            return false;
        }
        Descriptors.close(fd);
        fd = -1;
        return true;
    }
}
