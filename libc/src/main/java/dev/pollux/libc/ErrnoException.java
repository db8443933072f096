package dev.pollux.libc;

import java.io.IOException;
import java.io.Serial;

/// A system call that failed, told to a person: `bind(fd 7): EADDRINUSE: address already in use`.
public final class ErrnoException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    /// The error number of the running platform, above 0.
    private final int errno;

    /// The C function.
    private final String call;

    /// The descriptor it was called with, or negative for none.
    private final int fd;

    /// Makes the exception of a failed call.
    ///
    /// @param errno the error number, above 0
    /// @param call the name of the C function
    /// @param fd the descriptor it was called with, or -1 for none
    public ErrnoException(int errno, String call, int fd) {
        super(
                "%s%s: %s: %s"
                        .formatted(
                                call,
                                fd < 0 ? "" : "(fd " + fd + ")",
                                Errno.name(errno),
                                Errno.text(errno)));
        this.errno = errno;
        this.call = call;
        this.fd = fd;
    }

    /// Passes a good result on.
    ///
    /// @param result what the call has returned: a value >= 0 or `-errno`
    /// @param call the name of the C function
    /// @param fd the descriptor it was called with, or -1 for none
    /// @return the result, which is >= 0
    /// @throws ErrnoException if it is negative
    public static int check(int result, String call, int fd) throws ErrnoException {
        if (result < 0) {
            throw new ErrnoException(-result, call, fd);
        }
        return result;
    }

    /// Passes a good result on.
    ///
    /// @param result what the call has returned: a value >= 0 or `-errno`
    /// @param call the name of the C function
    /// @param fd the descriptor it was called with, or -1 for none
    /// @return the result, which is >= 0
    /// @throws ErrnoException if it is negative
    public static long check(long result, String call, int fd) throws ErrnoException {
        if (result < 0) {
            throw new ErrnoException((int) -result, call, fd);
        }
        return result;
    }

    /// {@return the error number of the running platform, above 0; compare with [Errno]'s
    /// constants}
    public int errno() {
        return errno;
    }

    /// {@return the name of the C function}
    public String call() {
        return call;
    }

    /// {@return the descriptor, or a negative number for none}
    public int fd() {
        return fd;
    }
}
