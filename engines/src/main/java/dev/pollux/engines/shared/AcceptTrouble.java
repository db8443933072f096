package dev.pollux.engines.shared;

import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.util.Set;

/// Accepts that fail, as one door meets them: whose fault each is, and that an episode of them is
/// told once, until somebody is accepted again.
///
/// Belongs to the thread that accepts.
public final class AcceptTrouble {
    /// How long a door rests that cannot accept.
    public static final long REST_NANOS = 100_000_000;

    /// What accept(2) says of the new connection, in "Error handling" and "ERRORS", not of the
    /// door: the next may be accepted.
    private static final Set<Integer> NEWCOMERS =
            Set.of(
                    Errno.ECONNABORTED,
                    Errno.EPROTO,
                    Errno.EINTR,
                    Errno.EPERM,
                    Errno.ENETDOWN,
                    Errno.ENOPROTOOPT,
                    Errno.EHOSTDOWN,
                    Errno.EHOSTUNREACH,
                    Errno.EOPNOTSUPP,
                    Errno.ENETUNREACH,
                    Errno.ETIMEDOUT,
                    Errno.ECONNRESET);

    /// Newcomers in a row that cannot be accepted: then it is no matter of theirs.
    private static final int PASSED_MOST = 64;

    private final Troubles troubles;
    private boolean told;
    private int passed;

    public AcceptTrouble(Troubles troubles) {
        this.troubles = troubles;
    }

    /// Somebody has been accepted.
    public void over() {
        told = false;
        passed = 0;
    }

    /// {@return whether what has been thrown concerns one newcomer alone: the next can be tried at
    /// once}
    public boolean passesOver(Throwable e) {
        return NEWCOMERS.contains(errno(e)) && ++passed < PASSED_MOST;
    }

    /// {@return whether it says that there is no descriptor}
    public static boolean isTableFull(Throwable e) {
        int errno = errno(e);
        return errno == Errno.EMFILE || errno == Errno.ENFILE;
    }

    private static int errno(Throwable e) {
        return e instanceof ErrnoException failed ? failed.errno() : 0;
    }

    /// The door rests, and tries again.
    public void rests(Throwable e) {
        rests(
                isTableFull(e)
                        ? "cannot accept, waiting for a descriptor"
                        : "cannot accept, trying again soon",
                e);
    }

    /// The same, in other words.
    public void rests(String what, Throwable e) {
        passed = 0;
        if (!told) {
            told = true;
            troubles.tell(what, e);
        }
    }
}
