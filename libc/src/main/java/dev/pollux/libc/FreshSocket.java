package dev.pollux.libc;

/// What macOS does not give a socket as it makes it, and Linux does: closed at `execve`, no
/// SIGPIPE, never waiting.
final class FreshSocket {
    private static final int SO_NOSIGPIPE = 0x1022;

    private FreshSocket() {}

    /// Gives it all to a socket; closes it on failure.
    ///
    /// @return the socket or `-errno`
    static int prepare(int fd, boolean nonBlocking) {
        int result = Descriptors.fcntl(fd, Descriptors.F_SETFD, Descriptors.FD_CLOEXEC);
        if (result >= 0) {
            result = Sockets.setOption(fd, SocketOptions.SOL_SOCKET, SO_NOSIGPIPE, 1);
        }
        if (result >= 0) {
            result = Descriptors.setNonBlocking(fd, nonBlocking);
        }
        if (result < 0) {
            Descriptors.close(fd);
            return result;
        }
        return fd;
    }

    /// Gives it all to what `accept(2)` has returned. If the peer has reset the connection by now,
    /// `setsockopt(2)` says `EINVAL`: that is the newcomer's end, while nothing is wrong with the
    /// listening socket.
    ///
    /// @param result a socket or `-errno`
    /// @return the socket, the `-errno`, or `-ECONNABORTED` if the socket takes no more options
    static int accepted(int result, boolean nonBlocking) {
        if (result < 0) {
            return result;
        }
        return prepare(result, nonBlocking) < 0 ? -Errno.ECONNABORTED : result;
    }
}
