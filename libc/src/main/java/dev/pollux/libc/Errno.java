package dev.pollux.libc;

import org.jspecify.annotations.Nullable;

/// The error numbers of the running platform, `errno(3)`. A failed call returns one with the sign
/// turned: `result == -Errno.EAGAIN`.
public final class Errno {
    /// Where no platform is known no call is ever made, so that any table will do.
    private static final Platform PLATFORM = Platform.detect().orElse(Platform.LINUX_X86_64);

    private static final @Nullable KnownErrno[] BY_NUMBER = byNumber();

    /// `EPERM`: operation not permitted.
    public static final int EPERM = here(KnownErrno.EPERM);

    /// `ENOENT`: no such file or directory.
    public static final int ENOENT = here(KnownErrno.ENOENT);

    /// `ESRCH`: no such process.
    public static final int ESRCH = here(KnownErrno.ESRCH);

    /// `EINTR`: interrupted by a signal.
    public static final int EINTR = here(KnownErrno.EINTR);

    /// `EIO`: input/output error.
    public static final int EIO = here(KnownErrno.EIO);

    /// `ENXIO`: no such device or address.
    public static final int ENXIO = here(KnownErrno.ENXIO);

    /// `E2BIG`: argument list too long.
    public static final int E2BIG = here(KnownErrno.E2BIG);

    /// `EBADF`: bad file descriptor.
    public static final int EBADF = here(KnownErrno.EBADF);

    /// `ECHILD`: no child process.
    public static final int ECHILD = here(KnownErrno.ECHILD);

    /// `EAGAIN`: nothing to do now, try again.
    public static final int EAGAIN = here(KnownErrno.EAGAIN);

    /// `ENOMEM`: out of memory.
    public static final int ENOMEM = here(KnownErrno.ENOMEM);

    /// `EACCES`: permission denied.
    public static final int EACCES = here(KnownErrno.EACCES);

    /// `EFAULT`: bad address.
    public static final int EFAULT = here(KnownErrno.EFAULT);

    /// `EBUSY`: device or resource busy.
    public static final int EBUSY = here(KnownErrno.EBUSY);

    /// `EEXIST`: exists already.
    public static final int EEXIST = here(KnownErrno.EEXIST);

    /// `EXDEV`: on different file systems.
    public static final int EXDEV = here(KnownErrno.EXDEV);

    /// `ENODEV`: no such device.
    public static final int ENODEV = here(KnownErrno.ENODEV);

    /// `ENOTDIR`: not a directory.
    public static final int ENOTDIR = here(KnownErrno.ENOTDIR);

    /// `EISDIR`: is a directory.
    public static final int EISDIR = here(KnownErrno.EISDIR);

    /// `EINVAL`: invalid argument.
    public static final int EINVAL = here(KnownErrno.EINVAL);

    /// `ENFILE`: too many open files in the system.
    public static final int ENFILE = here(KnownErrno.ENFILE);

    /// `EMFILE`: too many open files in this process.
    public static final int EMFILE = here(KnownErrno.EMFILE);

    /// `ENOTTY`: inappropriate request for this device.
    public static final int ENOTTY = here(KnownErrno.ENOTTY);

    /// `EFBIG`: file too large.
    public static final int EFBIG = here(KnownErrno.EFBIG);

    /// `ENOSPC`: no space or quota left.
    public static final int ENOSPC = here(KnownErrno.ENOSPC);

    /// `ESPIPE`: not seekable.
    public static final int ESPIPE = here(KnownErrno.ESPIPE);

    /// `EROFS`: read-only file system.
    public static final int EROFS = here(KnownErrno.EROFS);

    /// `EPIPE`: broken pipe, the reader has gone.
    public static final int EPIPE = here(KnownErrno.EPIPE);

    /// `ERANGE`: result out of range.
    public static final int ERANGE = here(KnownErrno.ERANGE);

    /// `EDEADLK`: would deadlock.
    public static final int EDEADLK = here(KnownErrno.EDEADLK);

    /// `ENAMETOOLONG`: name too long.
    public static final int ENAMETOOLONG = here(KnownErrno.ENAMETOOLONG);

    /// `ENOSYS`: not implemented by this system.
    public static final int ENOSYS = here(KnownErrno.ENOSYS);

    /// `ENOTEMPTY`: directory not empty.
    public static final int ENOTEMPTY = here(KnownErrno.ENOTEMPTY);

    /// `ELOOP`: too many levels of links or nesting.
    public static final int ELOOP = here(KnownErrno.ELOOP);

    /// `ETIME`: timer expired.
    public static final int ETIME = here(KnownErrno.ETIME);

    /// `EPROTO`: protocol error.
    public static final int EPROTO = here(KnownErrno.EPROTO);

    /// `EBADMSG`: bad message.
    public static final int EBADMSG = here(KnownErrno.EBADMSG);

    /// `EOVERFLOW`: value too large.
    public static final int EOVERFLOW = here(KnownErrno.EOVERFLOW);

    /// `EILSEQ`: not possible in this encoding.
    public static final int EILSEQ = here(KnownErrno.EILSEQ);

    /// `ENOTSOCK`: not a socket.
    public static final int ENOTSOCK = here(KnownErrno.ENOTSOCK);

    /// `EDESTADDRREQ`: destination address required.
    public static final int EDESTADDRREQ = here(KnownErrno.EDESTADDRREQ);

    /// `EMSGSIZE`: message too long.
    public static final int EMSGSIZE = here(KnownErrno.EMSGSIZE);

    /// `EPROTOTYPE`: wrong protocol for this socket.
    public static final int EPROTOTYPE = here(KnownErrno.EPROTOTYPE);

    /// `ENOPROTOOPT`: no such option.
    public static final int ENOPROTOOPT = here(KnownErrno.ENOPROTOOPT);

    /// `EPROTONOSUPPORT`: protocol not supported.
    public static final int EPROTONOSUPPORT = here(KnownErrno.EPROTONOSUPPORT);

    /// `ENOTSUP`: not supported.
    public static final int ENOTSUP = here(KnownErrno.ENOTSUP);

    /// `EOPNOTSUPP`: not supported by this socket.
    public static final int EOPNOTSUPP = here(KnownErrno.EOPNOTSUPP);

    /// `EAFNOSUPPORT`: address family not supported.
    public static final int EAFNOSUPPORT = here(KnownErrno.EAFNOSUPPORT);

    /// `EADDRINUSE`: address already in use.
    public static final int EADDRINUSE = here(KnownErrno.EADDRINUSE);

    /// `EADDRNOTAVAIL`: address not available on this machine.
    public static final int EADDRNOTAVAIL = here(KnownErrno.EADDRNOTAVAIL);

    /// `ENETDOWN`: network is down.
    public static final int ENETDOWN = here(KnownErrno.ENETDOWN);

    /// `ENETUNREACH`: network unreachable.
    public static final int ENETUNREACH = here(KnownErrno.ENETUNREACH);

    /// `ENETRESET`: connection reset by the network.
    public static final int ENETRESET = here(KnownErrno.ENETRESET);

    /// `ECONNABORTED`: connection aborted before it was accepted.
    public static final int ECONNABORTED = here(KnownErrno.ECONNABORTED);

    /// `ECONNRESET`: connection reset by the peer.
    public static final int ECONNRESET = here(KnownErrno.ECONNRESET);

    /// `ENOBUFS`: no buffer space.
    public static final int ENOBUFS = here(KnownErrno.ENOBUFS);

    /// `EISCONN`: connected already.
    public static final int EISCONN = here(KnownErrno.EISCONN);

    /// `ENOTCONN`: not connected.
    public static final int ENOTCONN = here(KnownErrno.ENOTCONN);

    /// `ESHUTDOWN`: cannot send after shutdown.
    public static final int ESHUTDOWN = here(KnownErrno.ESHUTDOWN);

    /// `ETIMEDOUT`: timed out.
    public static final int ETIMEDOUT = here(KnownErrno.ETIMEDOUT);

    /// `ECONNREFUSED`: connection refused.
    public static final int ECONNREFUSED = here(KnownErrno.ECONNREFUSED);

    /// `EHOSTDOWN`: host is down.
    public static final int EHOSTDOWN = here(KnownErrno.EHOSTDOWN);

    /// `EHOSTUNREACH`: host unreachable.
    public static final int EHOSTUNREACH = here(KnownErrno.EHOSTUNREACH);

    /// `EALREADY`: in progress already.
    public static final int EALREADY = here(KnownErrno.EALREADY);

    /// `EINPROGRESS`: in progress.
    public static final int EINPROGRESS = here(KnownErrno.EINPROGRESS);

    /// `ESTALE`: stale file handle.
    public static final int ESTALE = here(KnownErrno.ESTALE);

    /// `EDQUOT`: disk quota exceeded.
    public static final int EDQUOT = here(KnownErrno.EDQUOT);

    /// `ECANCELED`: canceled.
    public static final int ECANCELED = here(KnownErrno.ECANCELED);

    /// `EWOULDBLOCK`: another name of [#EAGAIN] on every platform known here.
    public static final int EWOULDBLOCK = EAGAIN;

    private Errno() {}

    /// {@return the name of an error number, `EAGAIN`, or `errno 123` for one not known here}
    ///
    /// @param errno the number, above 0
    public static String name(int errno) {
        KnownErrno known = find(errno);
        return known == null ? "errno " + errno : known.name();
    }

    /// {@return what an error number means, in a few English words}
    ///
    /// @param errno the number, above 0
    public static String text(int errno) {
        KnownErrno known = find(errno);
        return known == null ? "an error without a name here" : known.text();
    }

    private static @Nullable KnownErrno find(int errno) {
        return errno > 0 && errno < BY_NUMBER.length ? BY_NUMBER[errno] : null;
    }

    private static int here(KnownErrno known) {
        return known.on(PLATFORM);
    }

    private static @Nullable KnownErrno[] byNumber() {
        var table = new @Nullable KnownErrno[160];
        for (KnownErrno known : KnownErrno.values()) {
            int number = here(known);
            if (table[number] == null) {
                table[number] = known;
            }
        }
        return table;
    }
}
