package dev.pollux.libc;

import java.util.Objects;

/// What works on any descriptor: read, write, duplicate, ask, close. Whose it is nobody checks, as
/// in C: a number that the JVM has opened for itself can be closed, or be made to mean another
/// file.
///
/// All methods return a value >= 0 or `-errno`.
public final class Descriptors {
    private static final Platform PLATFORM = Platform.current();

    /// Open for reading, `open(2)`.
    public static final int O_RDONLY = 0;

    /// Open for writing, `open(2)`.
    public static final int O_WRONLY = 1;

    /// Open for both, `open(2)`.
    public static final int O_RDWR = 2;

    /// Make the file if there is none, `open(2)`.
    public static final int O_CREAT = PLATFORM.pick(0x40, 0x200);

    /// With [#O_CREAT]: fail if there is one, `open(2)`.
    public static final int O_EXCL = PLATFORM.pick(0x80, 0x800);

    /// Do not become the controlling terminal, `open(2)`.
    public static final int O_NOCTTY = PLATFORM.pick(0x100, 0x20000);

    /// Empty the file, `open(2)`.
    public static final int O_TRUNC = PLATFORM.pick(0x200, 0x400);

    /// Write at the end, `open(2)`.
    public static final int O_APPEND = PLATFORM.pick(0x400, 0x8);

    /// Never wait: `EAGAIN` instead, `open(2)`.
    public static final int O_NONBLOCK = PLATFORM.pick(0x800, 0x4);

    /// Signal readiness, `fcntl(2)`.
    public static final int O_ASYNC = PLATFORM.pick(0x2000, 0x40);

    /// Close at `execve`, `open(2)`.
    public static final int O_CLOEXEC = PLATFORM.pick(0x80000, 0x1000000);

    /// Duplicate, `fcntl(2)`.
    public static final int F_DUPFD = 0;

    /// Duplicate, closed at `execve`, `fcntl(2)`.
    public static final int F_DUPFD_CLOEXEC = PLATFORM.pick(1030, 67);

    /// Which of [#O_RDONLY], [#O_WRONLY] and [#O_RDWR] the open file's flags name, `fcntl(2)`.
    public static final int O_ACCMODE = 3;

    /// Ask for the descriptor's flags, `fcntl(2)`.
    public static final int F_GETFD = 1;

    /// Change the descriptor's flags, `fcntl(2)`.
    public static final int F_SETFD = 2;

    /// Ask for the open file's flags, `fcntl(2)`.
    public static final int F_GETFL = 3;

    /// Change the open file's flags, `fcntl(2)`.
    public static final int F_SETFL = 4;

    /// The one descriptor flag: close at `execve`, `fcntl(2)`.
    public static final int FD_CLOEXEC = 1;

    /// How many pieces one call takes: `IOV_MAX`, `readv(2)`.
    public static final int IOVECS_MAX = 1024;

    /// Bytes of a `struct iovec { void *iov_base; size_t iov_len; }`, for [#writev].
    public static final int IOVEC_BYTES = 16;

    private static final long FIONREAD = PLATFORM.isLinux() ? 0x541BL : 0x4004667FL;

    // ssize_t read(int fd, void *buf, size_t count);                                       read(2)
    // ssize_t write(int fd, const void *buf, size_t count);                               write(2)
    // int close(int fd);                                                                  close(2)
    // int fcntl(int fd, int cmd, ...);                                                    fcntl(2)
    static final Downcall READ = Downcall.of(Call.READ);
    private static final Downcall WRITE = Downcall.of(Call.WRITE);
    private static final Downcall CLOSE = Downcall.of(Call.CLOSE);
    private static final Downcall FCNTL = Downcall.variadic(Call.FCNTL, 2);

    private Descriptors() {}

    /// What a server does not need to start, linked when first used.
    private static final class Rare {
        // ssize_t readv(int fd, const struct iovec *iov, int iovcnt);                     readv(2)
        // ssize_t writev(int fd, const struct iovec *iov, int iovcnt);                   writev(2)
        // int dup2(int oldfd, int newfd);                                                  dup2(2)
        // int pipe(int fildes[2]);                                                         pipe(2)
        // int pipe2(int pipefd[2], int flags);                                             pipe(2)
        // int open(const char *pathname, int flags, mode_t mode...);                       open(2)
        // int ioctl(int fd, unsigned long request, ...);                                  ioctl(2)
        // int isatty(int fd);                                                            isatty(3)
        private static final Downcall READV = Downcall.of(Call.READV);
        private static final Downcall WRITEV = Downcall.of(Call.WRITEV);
        private static final Downcall DUP2 = Downcall.of(Call.DUP2);
        private static final Downcall PIPE = Downcall.of(Call.PIPE);
        private static final Downcall PIPE2 = Downcall.of(Call.PIPE2);
        private static final Downcall OPEN = Downcall.variadic(Call.OPEN, 2);
        private static final Downcall IOCTL = Downcall.variadic(Call.IOCTL, 2);
        private static final Downcall ISATTY = Downcall.of(Call.IOCTL, "isatty");

        // Linux: ssize_t sendfile(int out_fd, int in_fd, off_t *offset, size_t count); sendfile(2)
        // macOS: int sendfile(int fd, int s, off_t offset, off_t *len, struct sf_hdtr *hdtr, int
        // flags);
        private static final Downcall SENDFILE = Downcall.of(Call.SENDFILE);
    }

    /// Reads; may block.
    ///
    /// @param fd the descriptor
    /// @param address where the bytes go
    /// @param bytes at most so many
    /// @return how many bytes, 0 at the end of input, or `-errno`
    public static int read(int fd, long address, int bytes) {
        return READ.call(fd, address, bytes);
    }

    /// Reads into several pieces in one call, one after the other; may block.
    ///
    /// @param fd the descriptor
    /// @param iovec the address of `count` structures of [#IOVEC_BYTES]: address, length
    /// @param count how many, at most [#IOVECS_MAX]
    /// @return how many bytes, 0 at the end of input, or `-errno`
    public static long readv(int fd, long iovec, int count) {
        return Rare.READV.callLong(fd, iovec, count, 0, 0, 0);
    }

    /// Writes; may block, and may write less than asked. There is no SIGPIPE in a JVM: `-EPIPE`.
    ///
    /// @param fd the descriptor
    /// @param address where the bytes are
    /// @param bytes how many
    /// @return how many were taken, or `-errno`
    public static int write(int fd, long address, int bytes) {
        return WRITE.call(fd, address, bytes);
    }

    /// Writes several pieces in one call; may block, and may write less than asked.
    ///
    /// @param fd the descriptor
    /// @param iovec the address of `count` structures of [#IOVEC_BYTES]: address, length
    /// @param count how many, at most 1024
    /// @return how many bytes were taken, or `-errno`
    public static long writev(int fd, long iovec, int count) {
        return Rare.WRITEV.callLong(fd, iovec, count, 0, 0, 0);
    }

    /// Fills one entry of an array of `struct iovec`.
    ///
    /// @param iovec the address of the array
    /// @param index which entry
    /// @param address where the bytes of this piece are
    /// @param bytes how many
    public static void putIovec(long iovec, int index, long address, long bytes) {
        long entry = iovec + (long) index * IOVEC_BYTES;
        Memory.putPointer(entry, address);
        Memory.putLong(entry + 8, bytes);
    }

    /// Gives the descriptor back. Never to be repeated: after an error it is closed all the same
    /// (Linux).
    ///
    /// @param fd the descriptor
    /// @return 0 or `-errno`
    public static int close(int fd) {
        return CLOSE.call(fd);
    }

    /// Makes another descriptor of the same open file, which is closed at `execve`.
    ///
    /// @param fd the descriptor
    /// @return the lowest free number, or `-errno`
    public static int dup(int fd) {
        return fcntl(fd, F_DUPFD_CLOEXEC, 0);
    }

    /// Makes a number mean the same open file; what it meant before is closed silently. Not closed
    /// at `execve`.
    ///
    /// @param from the descriptor
    /// @param to the number
    /// @return `to` or `-errno`
    public static int dup2(int from, int to) {
        return Rare.DUP2.call(from, to);
    }

    /// Opens a pipe.
    ///
    /// @param ends receives the read end, then the write end
    /// @param flags [#O_NONBLOCK], [#O_CLOEXEC] or 0
    /// @return 0 or `-errno`
    /// @throws IndexOutOfBoundsException if the array has no room for two; nothing is opened then
    public static int pipe2(int[] ends, int flags) {
        Objects.checkFromIndexSize(0, 2, ends.length);
        SystemCalls calls = SystemCalls.current();
        long pair = calls.scratch(SystemCalls.PAIR);
        int result = PLATFORM.isLinux() ? Rare.PIPE2.call(pair, flags) : Rare.PIPE.call(pair);
        if (result < 0) {
            return result;
        }
        ends[0] = Memory.getInt(pair);
        ends[1] = Memory.getInt(pair + 4);
        return PLATFORM.isLinux() ? 0 : setBoth(ends, flags);
    }

    /// Gives flags to both ends of a fresh pair, where the call that made it cannot; closes it on
    /// failure.
    static int setBoth(int[] ends, int flags) {
        for (int fd : ends) {
            int result = (flags & O_CLOEXEC) == 0 ? 0 : fcntl(fd, F_SETFD, FD_CLOEXEC);
            if (result >= 0 && (flags & O_NONBLOCK) != 0) {
                result = setNonBlocking(fd, true);
            }
            if (result < 0) {
                close(ends[0]);
                close(ends[1]);
                return result;
            }
        }
        return 0;
    }

    /// Asks or changes what a descriptor is.
    ///
    /// @param fd the descriptor
    /// @param command `F_...`
    /// @param argument its argument, an integer or an address
    /// @return what the command returns, or `-errno`
    public static int fcntl(int fd, int command, long argument) {
        return FCNTL.call(fd, command, argument);
    }

    /// Makes calls on the open file wait, or answer `EAGAIN`. All duplicates share this.
    ///
    /// @param fd the descriptor
    /// @param nonBlocking whether they answer
    /// @return 0 or `-errno`
    public static int setNonBlocking(int fd, boolean nonBlocking) {
        int flags = fcntl(fd, F_GETFL, 0);
        if (flags < 0) {
            return flags;
        }
        int wanted = nonBlocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
        return wanted == flags ? 0 : fcntl(fd, F_SETFL, wanted);
    }

    /// {@return whether the number is an open descriptor of this process}
    ///
    /// @param fd the number
    public static boolean isOpen(int fd) {
        return fcntl(fd, F_GETFD, 0) >= 0;
    }

    /// Opens a file; may block. Always closed at `execve`.
    ///
    /// @param path its path
    /// @param flags `O_...`
    /// @param mode the permissions of a new file, 0600
    /// @return a descriptor or `-errno`: `-EILSEQ` for a path that the JVM's encoding of file names
    ///   cannot hold (in the C locale, all but ASCII)
    /// @throws IllegalArgumentException if the path has a zero character
    public static int open(String path, int flags, int mode) {
        long name = PathBytes.allocate(path);
        if (name < 0) {
            return (int) name;
        }
        try {
            return Rare.OPEN.call(name, flags | O_CLOEXEC, mode);
        } finally {
            Memory.free(name);
        }
    }

    /// Opens what a descriptor stands for once more, which gives it flags of its own: those of the
    /// open file are shared by all its duplicates, in other processes too. Linux only.
    ///
    /// @param fd a terminal, pipe or file
    /// @param flags `O_...`, at most the access that the descriptor has
    /// @return a descriptor or `-errno`: `-ENXIO` of a socket
    public static int reopen(int fd, int flags) {
        return open("/proc/self/fd/" + fd, flags, 0); // proc(5)
    }

    /// {@return whether the descriptor is open on a regular file, which is neither pipe nor socket
    /// nor device}
    ///
    /// @param fd the descriptor
    public static boolean isRegularFile(int fd) {
        return FileTypes.isRegular(fd);
    }

    /// {@return whether the descriptor is a terminal}
    ///
    /// @param fd the descriptor
    public static boolean isatty(int fd) {
        return Rare.ISATTY.call(fd) == 1;
    }

    /// Commands a device; may block.
    ///
    /// @param fd the descriptor
    /// @param request the command
    /// @param argument its argument, an integer or an address
    /// @return what the command returns, or `-errno`
    public static int ioctl(int fd, long request, long argument) {
        return Rare.IOCTL.call(fd, request, argument);
    }

    /// {@return how many bytes can be read at once (`FIONREAD`), or `-errno`}
    ///
    /// @param fd a socket, pipe or terminal
    public static int available(int fd) {
        long answer = SystemCalls.current().scratch(SystemCalls.OPTION);
        int result = ioctl(fd, FIONREAD, answer);
        return result < 0 ? result : Memory.getInt(answer);
    }

    /// Copies from a file to a socket inside the kernel; may block on the file.
    ///
    /// @param out the socket
    /// @param in the file
    /// @param offset the first byte to read; the file's own position stays
    /// @param bytes at most so many, above 0
    /// @return how many were taken, 0 at the end of the file, or `-errno`
    public static long sendfile(int out, int in, long offset, long bytes) {
        long scratch = SystemCalls.current().scratch(SystemCalls.OFFSET);
        if (PLATFORM.isLinux()) {
            Memory.putLong(scratch, offset);
            return Rare.SENDFILE.callLong(out, in, scratch, bytes, 0, 0);
        }
        Memory.putLong(scratch, bytes);
        int result = Rare.SENDFILE.call(in, out, offset, scratch, 0);
        long taken = Memory.getLong(scratch);
        return result < 0 && taken == 0 ? result : taken;
    }

    /// {@return how many descriptors this process may have now, or `-errno`; no limit is
    /// [Long#MAX_VALUE]}
    public static long nofileSoft() {
        return ResourceLimits.soft(ResourceLimits.RLIMIT_NOFILE);
    }

    /// {@return up to where [#setNofileSoft] may raise the limit, or `-errno`; no limit is
    /// [Long#MAX_VALUE]}
    public static long nofileHard() {
        return ResourceLimits.hard(ResourceLimits.RLIMIT_NOFILE);
    }

    /// Changes how many descriptors this process may have (`RLIMIT_NOFILE`).
    ///
    /// @param descriptors the new limit, at most the hard one
    /// @return 0 or `-errno`
    public static int setNofileSoft(long descriptors) {
        return ResourceLimits.setSoft(ResourceLimits.RLIMIT_NOFILE, descriptors);
    }
}
