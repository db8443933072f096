package dev.pollux.libc;

/// The error numbers of each kernel and their meaning, `errno(3)`. Where two names share a number,
/// the first one is shown.
enum KnownErrno {
    EPERM(1, 1, "operation not permitted"),
    ENOENT(2, 2, "no such file or directory"),
    ESRCH(3, 3, "no such process"),
    EINTR(4, 4, "interrupted by a signal"),
    EIO(5, 5, "input/output error"),
    ENXIO(6, 6, "no such device or address"),
    E2BIG(7, 7, "argument list too long"),
    EBADF(9, 9, "bad file descriptor"),
    ECHILD(10, 10, "no child process"),
    EAGAIN(11, 35, "nothing to do now, try again"),
    ENOMEM(12, 12, "out of memory"),
    EACCES(13, 13, "permission denied"),
    EFAULT(14, 14, "bad address"),
    EBUSY(16, 16, "device or resource busy"),
    EEXIST(17, 17, "exists already"),
    EXDEV(18, 18, "on different file systems"),
    ENODEV(19, 19, "no such device"),
    ENOTDIR(20, 20, "not a directory"),
    EISDIR(21, 21, "is a directory"),
    EINVAL(22, 22, "invalid argument"),
    ENFILE(23, 23, "too many open files in the system"),
    EMFILE(24, 24, "too many open files in this process"),
    ENOTTY(25, 25, "inappropriate request for this device"),
    EFBIG(27, 27, "file too large"),
    ENOSPC(28, 28, "no space or quota left"),
    ESPIPE(29, 29, "not seekable"),
    EROFS(30, 30, "read-only file system"),
    EPIPE(32, 32, "broken pipe, the reader has gone"),
    ERANGE(34, 34, "result out of range"),
    EDEADLK(35, 11, "would deadlock"),
    ENAMETOOLONG(36, 63, "name too long"),
    ENOSYS(38, 78, "not implemented by this system"),
    ENOTEMPTY(39, 66, "directory not empty"),
    ELOOP(40, 62, "too many levels of links or nesting"),
    ETIME(62, 101, "timer expired"),
    EPROTO(71, 100, "protocol error"),
    EBADMSG(74, 94, "bad message"),
    EOVERFLOW(75, 84, "value too large"),
    EILSEQ(84, 92, "not possible in this encoding"),
    ENOTSOCK(88, 38, "not a socket"),
    EDESTADDRREQ(89, 39, "destination address required"),
    EMSGSIZE(90, 40, "message too long"),
    EPROTOTYPE(91, 41, "wrong protocol for this socket"),
    ENOPROTOOPT(92, 42, "no such option"),
    EPROTONOSUPPORT(93, 43, "protocol not supported"),
    EOPNOTSUPP(95, 102, "not supported by this socket"),
    ENOTSUP(95, 45, "not supported"),
    EAFNOSUPPORT(97, 47, "address family not supported"),
    EADDRINUSE(98, 48, "address already in use"),
    EADDRNOTAVAIL(99, 49, "address not available on this machine"),
    ENETDOWN(100, 50, "network is down"),
    ENETUNREACH(101, 51, "network unreachable"),
    ENETRESET(102, 52, "connection reset by the network"),
    ECONNABORTED(103, 53, "connection aborted before it was accepted"),
    ECONNRESET(104, 54, "connection reset by the peer"),
    ENOBUFS(105, 55, "no buffer space"),
    EISCONN(106, 56, "connected already"),
    ENOTCONN(107, 57, "not connected"),
    ESHUTDOWN(108, 58, "cannot send after shutdown"),
    ETIMEDOUT(110, 60, "timed out"),
    ECONNREFUSED(111, 61, "connection refused"),
    EHOSTDOWN(112, 64, "host is down"),
    EHOSTUNREACH(113, 65, "host unreachable"),
    EALREADY(114, 37, "in progress already"),
    EINPROGRESS(115, 36, "in progress"),
    ESTALE(116, 70, "stale file handle"),
    EDQUOT(122, 69, "disk quota exceeded"),
    ECANCELED(125, 89, "canceled");

    private final int linux;
    private final int macos;
    private final String text;

    KnownErrno(int linux, int macos, String text) {
        this.linux = linux;
        this.macos = macos;
        this.text = text;
    }

    int on(Platform platform) {
        return platform.pick(linux, macos);
    }

    String text() {
        return text;
    }
}
