package dev.pollux.libc;

import java.util.Locale;

/// The functions that [SystemCalls] counts. Each is one system call; the name is that of the C
/// function.
public enum Call {
    /// Waits in and takes from a listening socket: `accept(2)`, where there is no `accept4`.
    ACCEPT,
    /// Takes a connection from a listening socket: `accept4(2)`.
    ACCEPT4,
    /// Names a socket: `bind(2)`.
    BIND,
    /// Gives a descriptor back: `close(2)`.
    CLOSE,
    /// Starts a connection: `connect(2)`.
    CONNECT,
    /// Copies a descriptor over another: `dup2(2)`.
    DUP2,
    /// Opens an interest set: `epoll_create1(2)`.
    EPOLL_CREATE1,
    /// Changes an interest set: `epoll_ctl(2)`.
    EPOLL_CTL,
    /// Waits with nanoseconds: `epoll_pwait2(2)`.
    EPOLL_PWAIT2,
    /// Waits with milliseconds: `epoll_wait(2)`.
    EPOLL_WAIT,
    /// Opens a counter that is a descriptor: `eventfd(2)`.
    EVENTFD,
    /// Asks or changes what a descriptor is: `fcntl(2)`.
    FCNTL,
    /// Asks what a descriptor is open on: `fstat(2)`.
    FSTAT,
    /// Asks for the peer's address: `getpeername(2)`.
    GETPEERNAME,
    /// Asks for the group of this process: `getpgrp(2)`.
    GETPGRP,
    /// Asks for the number of this process: `getpid(2)`.
    GETPID,
    /// Asks for a resource limit: `getrlimit(2)`.
    GETRLIMIT,
    /// Asks for the own address: `getsockname(2)`.
    GETSOCKNAME,
    /// Asks for a socket option: `getsockopt(2)`.
    GETSOCKOPT,
    /// Asks for the number of this thread: `gettid(2)`.
    GETTID,
    /// Watches a path: `inotify_add_watch(2)`.
    INOTIFY_ADD_WATCH,
    /// Opens a queue of file system events: `inotify_init1(2)`.
    INOTIFY_INIT1,
    /// Ends a watch: `inotify_rm_watch(2)`.
    INOTIFY_RM_WATCH,
    /// Commands a device: `ioctl(2)`.
    IOCTL,
    /// Hands over requests and waits for completions: `io_uring_enter(2)`.
    IO_URING_ENTER,
    /// Tells a ring of files and buffers: `io_uring_register(2)`.
    IO_URING_REGISTER,
    /// Opens a ring: `io_uring_setup(2)`.
    IO_URING_SETUP,
    /// Changes and waits in one call: `kevent(2)`.
    KEVENT,
    /// Opens an interest set: `kqueue(2)`.
    KQUEUE,
    /// Makes a socket accept: `listen(2)`.
    LISTEN,
    /// Maps memory: `mmap(2)`.
    MMAP,
    /// Unmaps memory: `munmap(2)`.
    MUNMAP,
    /// Opens a file: `open(2)`.
    OPEN,
    /// Opens a process as a descriptor: `pidfd_open(2)`.
    PIDFD_OPEN,
    /// Signals a process that is open as a descriptor: `pidfd_send_signal(2)`.
    PIDFD_SEND_SIGNAL,
    /// Opens both ends of a pipe: `pipe(2)`, where there is no `pipe2`.
    PIPE,
    /// Opens both ends of a pipe: `pipe2(2)`.
    PIPE2,
    /// Waits with milliseconds: `poll(2)`.
    POLL,
    /// Waits with nanoseconds: `ppoll(2)`.
    PPOLL,
    /// Waits on bitmaps with nanoseconds: `pselect(2)`.
    PSELECT,
    /// Blocks signals in this thread: `pthread_sigmask(3)`.
    PTHREAD_SIGMASK,
    /// Reads: `read(2)`.
    READ,
    /// Reads into several pieces: `readv(2)`.
    READV,
    /// Reads from a socket: `recv(2)`.
    RECV,
    /// Takes a datagram, and who sent it: `recvfrom(2)`.
    RECVFROM,
    /// Takes a message with what came beside its bytes: `recvmsg(2)`.
    RECVMSG,
    /// Writes to a socket: `send(2)`.
    SEND,
    /// Copies from a file to a socket in the kernel: `sendfile(2)`.
    SENDFILE,
    /// Writes several pieces to a socket: `sendmsg(2)`.
    SENDMSG,
    /// Sends a datagram to an address: `sendto(2)`.
    SENDTO,
    /// Changes a resource limit: `setrlimit(2)`.
    SETRLIMIT,
    /// Changes a socket option: `setsockopt(2)`.
    SETSOCKOPT,
    /// Ends one or both directions: `shutdown(2)`.
    SHUTDOWN,
    /// Says what a signal does: `sigaction(2)`.
    SIGACTION,
    /// Opens signals as a descriptor: `signalfd(2)`.
    SIGNALFD,
    /// Takes a signal that is blocked, or waits for one: `sigtimedwait(2)`.
    SIGTIMEDWAIT,
    /// Opens a socket: `socket(2)`.
    SOCKET,
    /// Opens two connected sockets: `socketpair(2)`.
    SOCKETPAIR,
    /// Sends a signal to a thread: `tgkill(2)`.
    TGKILL,
    /// Opens a timer as a descriptor: `timerfd_create(2)`.
    TIMERFD_CREATE,
    /// Arms a timer: `timerfd_settime(2)`.
    TIMERFD_SETTIME,
    /// Writes: `write(2)`.
    WRITE,
    /// Writes several pieces: `writev(2)`.
    WRITEV;

    private final String symbol = name().toLowerCase(Locale.ROOT);

    /// {@return the name of the C function, `epoll_wait` for [#EPOLL_WAIT]}
    public String symbol() {
        return symbol;
    }

    /// {@return the place of this call in the counters}
    @SuppressWarnings(
            "EnumOrdinal") // A dense index is what is wanted; it never leaves the process.
    int slot() {
        return ordinal();
    }
}
