package dev.pollux.libc;

import java.net.SocketAddress;
import java.util.Objects;

/// Sockets: TCP over IPv4 and IPv6, and Unix domain.
///
/// All methods return a value >= 0 or `-errno`, except the two that return an address. Every
/// descriptor made here is closed at `execve`.
public final class Sockets {
    private static final Platform PLATFORM = Platform.current();

    /// Unix domain, `unix(7)`.
    public static final int AF_UNIX = 1;

    /// IPv4, `ip(7)`.
    public static final int AF_INET = 2;

    /// IPv6, `ipv6(7)`.
    public static final int AF_INET6 = PLATFORM.pick(10, 30);

    /// A stream of bytes, `socket(2)`.
    public static final int SOCK_STREAM = 1;

    /// Datagrams, `socket(2)`.
    public static final int SOCK_DGRAM = 2;

    /// To be or-ed to the type: never wait, `socket(2)`. Works on macOS too, where a second call
    /// does it.
    public static final int SOCK_NONBLOCK = 0x800;

    /// What [#linger] says of a socket that does not.
    public static final int NO_LINGER = Integer.MIN_VALUE;

    /// No more receiving, `shutdown(2)`.
    public static final int SHUT_RD = 0;

    /// No more sending: the peer sees the end, `shutdown(2)`.
    public static final int SHUT_WR = 1;

    /// Neither, `shutdown(2)`.
    public static final int SHUT_RDWR = 2;

    private static final long SIOCOUTQ = 0x5411;
    private static final int SO_NWRITE = 0x1024;

    /// A call that moves more than this lasts too long to keep the garbage collector, and with it
    /// every thread, waiting for it: 64 KiB take about 7 us, 4 MiB milliseconds. It is linked as
    /// one that may block, at some 10 ns more.
    static final int BRIEF_BYTES = 64 * 1024;

    private static final int TIMEVAL_BYTES = 16;
    private static final int UNSPECIFIED_BYTES = 16;
    private static final int SOCK_CLOEXEC = 0x80000;

    /// Do not wait, `recv(2)`, `send(2)`.
    public static final int MSG_DONTWAIT = PLATFORM.pick(0x40, 0x80);

    /// Go on until all is received or sent, `recv(2)`.
    public static final int MSG_WAITALL = PLATFORM.pick(0x100, 0x40);

    /// No SIGPIPE, `send(2)`. 0 on macOS, where each socket gets `SO_NOSIGPIPE` instead.
    public static final int MSG_NOSIGNAL = PLATFORM.pick(0x4000, 0);

    // ssize_t recv(int sockfd, void *buf, size_t len, int flags);                         recv(2)
    // ssize_t send(int sockfd, const void *buf, size_t len, int flags);                   send(2)
    // ssize_t sendmsg(int sockfd, const struct msghdr *msg, int flags);                   send(2)
    // int accept4(int sockfd, struct sockaddr *addr, socklen_t *addrlen, int flags);    accept(2)
    // int shutdown(int sockfd, int how);                                              shutdown(2)
    private static final Downcall RECV = Downcall.nonBlocking(Call.RECV);
    private static final Downcall SEND = Downcall.nonBlocking(Call.SEND);
    private static final Downcall SENDMSG = Downcall.nonBlocking(Call.SENDMSG);
    private static final Downcall ACCEPT =
            Downcall.of(PLATFORM.isLinux() ? Call.ACCEPT4 : Call.ACCEPT);
    private static final Downcall SHUTDOWN = Downcall.of(Call.SHUTDOWN);

    // int socket(int domain, int type, int protocol);                                   socket(2)
    // int socketpair(int domain, int type, int protocol, int sv[2]);                socketpair(2)
    // int bind(int sockfd, const struct sockaddr *addr, socklen_t addrlen);               bind(2)
    // int listen(int sockfd, int backlog);                                              listen(2)
    // int connect(int sockfd, const struct sockaddr *addr, socklen_t addrlen);         connect(2)
    // int setsockopt(int sockfd, int level, int optname, const void *, socklen_t);  getsockopt(2)
    // int getsockopt(int sockfd, int level, int optname, void *, socklen_t *);      getsockopt(2)
    // int getsockname(int sockfd, struct sockaddr *addr, socklen_t *addrlen);      getsockname(2)
    // int getpeername(int sockfd, struct sockaddr *addr, socklen_t *addrlen);      getpeername(2)
    private static final Downcall SOCKET = Downcall.of(Call.SOCKET);
    private static final Downcall BIND = Downcall.of(Call.BIND);
    private static final Downcall LISTEN = Downcall.of(Call.LISTEN);
    private static final Downcall CONNECT = Downcall.of(Call.CONNECT);
    private static final Downcall SETSOCKOPT = Downcall.of(Call.SETSOCKOPT);
    private static final Downcall GETSOCKOPT = Downcall.of(Call.GETSOCKOPT);
    private static final Downcall GETSOCKNAME = Downcall.of(Call.GETSOCKNAME);

    private Sockets() {}

    /// What a server does not need to start, linked when first used.
    private static final class Rare {
        private static final Downcall SOCKETPAIR = Downcall.of(Call.SOCKETPAIR);
        private static final Downcall GETPEERNAME = Downcall.of(Call.GETPEERNAME);
        private static final Downcall RECV_LONG = Downcall.of(Call.RECV);
        private static final Downcall SEND_LONG = Downcall.of(Call.SEND);
        private static final Downcall SENDMSG_LONG = Downcall.of(Call.SENDMSG);
    }

    /// Opens a socket.
    ///
    /// @param domain `AF_...`
    /// @param type `SOCK_STREAM` or `SOCK_DGRAM`, with [#SOCK_NONBLOCK] or without
    /// @param protocol 0
    /// @return a descriptor or `-errno`
    public static int socket(int domain, int type, int protocol) {
        if (PLATFORM.isLinux()) {
            return SOCKET.call(domain, type | SOCK_CLOEXEC, protocol);
        }
        int fd = SOCKET.call(domain, type & ~SOCK_NONBLOCK, protocol);
        return fd < 0 ? fd : FreshSocket.prepare(fd, (type & SOCK_NONBLOCK) != 0);
    }

    /// Opens two sockets that are connected to each other.
    ///
    /// @param domain [#AF_UNIX]
    /// @param type `SOCK_STREAM` or `SOCK_DGRAM`, with [#SOCK_NONBLOCK] or without
    /// @param ends receives the two descriptors
    /// @return 0 or `-errno`
    /// @throws IndexOutOfBoundsException if the array has no room for two; nothing is opened then
    public static int socketpair(int domain, int type, int[] ends) {
        Objects.checkFromIndexSize(0, 2, ends.length);
        long pair = SystemCalls.current().scratch(SystemCalls.PAIR);
        int flags = PLATFORM.isLinux() ? type | SOCK_CLOEXEC : type & ~SOCK_NONBLOCK;
        int result = Rare.SOCKETPAIR.call(domain, flags, 0, pair);
        if (result < 0) {
            return result;
        }
        ends[0] = Memory.getInt(pair);
        ends[1] = Memory.getInt(pair + 4);
        boolean nonBlocking = (type & SOCK_NONBLOCK) != 0;
        int wanted = Descriptors.O_CLOEXEC | (nonBlocking ? Descriptors.O_NONBLOCK : 0);
        return PLATFORM.isLinux() ? 0 : Descriptors.setBoth(ends, wanted);
    }

    /// Gives a socket its own address. A Unix domain path must not exist yet.
    ///
    /// @param fd the socket
    /// @param local the address; port 0 lets the kernel choose
    /// @return 0 or `-errno`
    public static int bind(int fd, SocketAddress local) {
        long address = SystemCalls.current().scratch(SystemCalls.ADDRESS);
        int length = SocketAddresses.encode(local, address);
        return length < 0 ? length : BIND.call(fd, address, length);
    }

    /// Lets a socket take connections.
    ///
    /// @param fd the socket
    /// @param backlog how many may wait to be accepted; the kernel clamps it to `somaxconn`
    /// @return 0 or `-errno`
    public static int listen(int fd, int backlog) {
        return LISTEN.call(fd, backlog);
    }

    /// Takes a connection as a non-blocking socket. Blocks if the listening socket does.
    ///
    /// @param fd the listening socket
    /// @param peerAddress where the peer's address goes, [SocketAddresses#BYTES], or 0
    /// @param peerLength where its length goes, 4 bytes; read only if there is a `peerAddress`
    /// @return a descriptor or `-errno`: `-ECONNABORTED` if the peer has gone again
    public static int accept(int fd, long peerAddress, long peerLength) {
        return accept(fd, peerAddress, peerLength, SOCK_NONBLOCK);
    }

    /// Takes a connection. Blocks if the listening socket does.
    ///
    /// @param fd the listening socket
    /// @param peerAddress where the peer's address goes, [SocketAddresses#BYTES], or 0
    /// @param peerLength where its length goes, 4 bytes; read only if there is a `peerAddress`
    /// @param type [#SOCK_NONBLOCK], or 0 for a socket that waits
    /// @return a descriptor or `-errno`: `-ECONNABORTED` if the peer has gone again
    public static int accept(int fd, long peerAddress, long peerLength, int type) {
        if (peerAddress != 0) {
            Memory.putInt(peerLength, SocketAddresses.BYTES);
        }
        long length = peerAddress == 0 ? 0 : peerLength;
        if (PLATFORM.isLinux()) {
            return ACCEPT.call(fd, peerAddress, length, type | SOCK_CLOEXEC);
        }
        return FreshSocket.accepted(ACCEPT.call(fd, peerAddress, length), type != 0);
    }

    /// Starts a connection; blocks if the socket does.
    ///
    /// @param fd the socket
    /// @param peer where to
    /// @return 0 or `-errno`; `-EINPROGRESS` when a non-blocking socket will be writable once it is
    ///   decided, and [#error] tells how
    public static int connect(int fd, SocketAddress peer) {
        long address = SystemCalls.current().scratch(SystemCalls.ADDRESS);
        int length = SocketAddresses.encode(peer, address);
        return length < 0 ? length : CONNECT.call(fd, address, length);
    }

    /// Dissolves a TCP connection (`connect(2)` to `AF_UNSPEC`): the peer gets a reset, and who
    /// sleeps in the socket wakes with an error. The descriptor stays open. Linux.
    ///
    /// @param fd the socket
    /// @return 0 or `-errno`: `-EINVAL` of a Unix domain socket
    public static int disconnect(int fd) {
        long address = SystemCalls.current().scratch(SystemCalls.ADDRESS);
        Memory.putLong(address, 0);
        Memory.putLong(address + 8, 0);
        return CONNECT.call(fd, address, UNSPECIFIED_BYTES);
    }

    /// Receives; never blocks, whatever the socket's mode.
    ///
    /// @param fd the socket
    /// @param address where the bytes go
    /// @param bytes at most so many
    /// @return how many, 0 at the end of input, or `-errno`
    public static int recv(int fd, long address, int bytes) {
        if (!isBrief(bytes)) {
            return Rare.RECV_LONG.call(fd, address, bytes, MSG_DONTWAIT, 0, 0);
        }
        return RECV.call(fd, address, bytes, MSG_DONTWAIT, 0, 0);
    }

    /// Sends; never blocks, whatever the socket's mode, and raises no SIGPIPE.
    ///
    /// @param fd the socket
    /// @param address where the bytes are
    /// @param bytes how many
    /// @return how many were taken, or `-errno`
    public static int send(int fd, long address, int bytes) {
        if (!isBrief(bytes)) {
            return Rare.SEND_LONG.call(fd, address, bytes, MSG_DONTWAIT | MSG_NOSIGNAL, 0, 0);
        }
        return SEND.call(fd, address, bytes, MSG_DONTWAIT | MSG_NOSIGNAL, 0, 0);
    }

    /// Sends several pieces in one call; never blocks, and raises no SIGPIPE.
    ///
    /// @param fd the socket
    /// @param iovec the address of an array of `struct iovec`, see [Descriptors#putIovec]
    /// @param count how many pieces, at most 1024
    /// @return how many bytes were taken, or `-errno`
    public static long sendv(int fd, long iovec, int count) {
        long message = SystemCalls.current().scratch(SystemCalls.MESSAGE);
        // Nobody else uses the scratch one, so all other fields stay zero.
        MessageHeader.putPieces(message, iovec, count);
        int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
        if (!isBrief(MessageHeader.size(iovec, count))) {
            return Rare.SENDMSG_LONG.callLong(fd, message, flags, 0, 0, 0);
        }
        return SENDMSG.callLong(fd, message, flags, 0, 0, 0);
    }

    static boolean isBrief(long bytes) {
        return bytes <= BRIEF_BYTES;
    }

    /// Receives; waits for bytes if the socket is a blocking one.
    ///
    /// @param fd the socket
    /// @param address where the bytes go
    /// @param bytes at most so many
    /// @return how many, 0 at the end of input, or `-errno`
    public static int recvBlocking(int fd, long address, int bytes) {
        return Rare.RECV_LONG.call(fd, address, bytes, 0, 0, 0);
    }

    /// Sends; waits for room if the socket is a blocking one. Raises no SIGPIPE.
    ///
    /// @param fd the socket
    /// @param address where the bytes are
    /// @param bytes how many
    /// @return how many were taken, or `-errno`
    public static int sendBlocking(int fd, long address, int bytes) {
        return Rare.SEND_LONG.call(fd, address, bytes, MSG_NOSIGNAL, 0, 0);
    }

    /// Asks how much of what was sent the peer has not taken yet: of a TCP socket the bytes that
    /// are not acknowledged, sent or not (`SIOCOUTQ`, `tcp(7)`; `SO_NWRITE` on macOS); of a Unix
    /// domain socket of Linux the memory of what the peer has not received, `unix(7)`.
    ///
    /// @param fd the socket
    /// @return a number that falls as the peer takes something, 0 when it has taken all; or
    ///   `-errno`
    public static int untaken(int fd) {
        if (!PLATFORM.isLinux()) {
            return getOption(fd, SocketOptions.SOL_SOCKET, SO_NWRITE);
        }
        long answer = SystemCalls.current().scratch(SystemCalls.OPTION);
        int result = Descriptors.ioctl(fd, SIOCOUTQ, answer);
        return result < 0 ? result : Memory.getInt(answer);
    }

    /// Ends one or both directions, and wakes who waits in them.
    ///
    /// @param fd the socket
    /// @param how `SHUT_...`
    /// @return 0 or `-errno`
    public static int shutdown(int fd, int how) {
        return SHUTDOWN.call(fd, how);
    }

    /// Changes an option that is an integer.
    ///
    /// @param fd the socket
    /// @param level whose option it is
    /// @param name which, see [SocketOptions]
    /// @param value the new value
    /// @return 0 or `-errno`
    public static int setOption(int fd, int level, int name, int value) {
        long option = SystemCalls.current().scratch(SystemCalls.OPTION);
        Memory.putInt(option, value);
        return SETSOCKOPT.call(fd, level, name, option, 4);
    }

    /// Asks for an option that is an integer >= 0.
    ///
    /// @param fd the socket
    /// @param level whose option it is
    /// @param name which, see [SocketOptions]
    /// @return its value, or `-errno`
    public static int getOption(int fd, int level, int name) {
        SystemCalls calls = SystemCalls.current();
        long option = calls.scratch(SystemCalls.OPTION);
        long length = calls.scratch(SystemCalls.LENGTH);
        Memory.putInt(length, 4);
        int result = GETSOCKOPT.call(fd, level, name, option, length);
        return result < 0 ? result : Memory.getInt(option);
    }

    /// Asks for, and clears, the pending error: how a connection attempt has ended.
    ///
    /// @param fd the socket
    /// @return 0 for none, or `-errno`, be it the pending one or that of asking
    public static int error(int fd) {
        int pending = getOption(fd, SocketOptions.SOL_SOCKET, SocketOptions.SO_ERROR);
        return pending > 0 ? -pending : pending;
    }

    /// Says what `close` does with bytes not sent yet: `struct linger { int l_onoff; int l_linger;
    /// }`.
    ///
    /// @param fd the socket
    /// @param on whether to linger at all
    /// @param seconds how long `close` waits; 0 drops them and resets the connection
    /// @return 0 or `-errno`
    public static int setLinger(int fd, boolean on, int seconds) {
        long linger = SystemCalls.current().scratch(SystemCalls.OPTION);
        Memory.putInt(linger, on ? 1 : 0);
        Memory.putInt(linger + 4, seconds);
        return SETSOCKOPT.call(fd, SocketOptions.SOL_SOCKET, SocketOptions.SO_LINGER, linger, 8);
    }

    /// Asks what `close` does with bytes not sent yet.
    ///
    /// @param fd the socket
    /// @return how many seconds it waits, [#NO_LINGER], or `-errno`
    public static int linger(int fd) {
        SystemCalls calls = SystemCalls.current();
        long linger = calls.scratch(SystemCalls.TIMESPEC);
        long length = calls.scratch(SystemCalls.LENGTH);
        Memory.putInt(length, 2 * Integer.BYTES);
        int name = SocketOptions.SO_LINGER;
        int result = GETSOCKOPT.call(fd, SocketOptions.SOL_SOCKET, name, linger, length);
        if (result < 0) {
            return result;
        }
        return Memory.getInt(linger) == 0 ? NO_LINGER : Memory.getInt(linger + Integer.BYTES);
    }

    /// Says how long [#recvBlocking] and [#accept] wait before `-EAGAIN`.
    ///
    /// @param fd the socket
    /// @param nanos how long, rounded up to microseconds; 0 or less for ever
    /// @return 0 or `-errno`
    public static int setReceiveTimeout(int fd, long nanos) {
        return setTimeout(fd, SocketOptions.SO_RCVTIMEO, nanos);
    }

    /// Says how long [#sendBlocking] and [#connect] wait: `-EAGAIN` if nothing was sent,
    /// `-EINPROGRESS` if not connected yet.
    ///
    /// @param fd the socket
    /// @param nanos how long, rounded up to microseconds; 0 or less for ever
    /// @return 0 or `-errno`
    public static int setSendTimeout(int fd, long nanos) {
        return setTimeout(fd, SocketOptions.SO_SNDTIMEO, nanos);
    }

    /// Stores a `struct timeval { time_t tv_sec; suseconds_t tv_usec; }`.
    private static int setTimeout(int fd, int name, long nanos) {
        long timeval = SystemCalls.current().scratch(SystemCalls.TIMESPEC);
        long micros = nanos <= 0 ? 0 : (nanos - 1) / 1_000 + 1;
        Memory.putLong(timeval, micros / 1_000_000);
        // An int on macOS: the same place, little-endian.
        Memory.putLong(timeval + 8, micros % 1_000_000);
        return SETSOCKOPT.call(fd, SocketOptions.SOL_SOCKET, name, timeval, TIMEVAL_BYTES);
    }

    /// {@return the socket's own address}
    ///
    /// @param fd the socket
    /// @throws ErrnoException if the kernel does not tell
    public static SocketAddress localAddress(int fd) throws ErrnoException {
        return name(GETSOCKNAME, "getsockname", fd);
    }

    /// {@return the address of the socket's peer}
    ///
    /// @param fd the socket
    /// @throws ErrnoException if the kernel does not tell, as when there is none
    public static SocketAddress peerAddress(int fd) throws ErrnoException {
        return name(Rare.GETPEERNAME, "getpeername", fd);
    }

    /// {@return the family of a socket's own address, `AF_...`, or whatever is where it should be}
    static int family(int fd) throws ErrnoException {
        int _ = ask(GETSOCKNAME, "getsockname", fd);
        return SocketAddresses.family(SystemCalls.current().scratch(SystemCalls.ADDRESS));
    }

    private static SocketAddress name(Downcall downcall, String call, int fd)
            throws ErrnoException {
        int length = ask(downcall, call, fd);
        return SocketAddresses.decode(SystemCalls.current().scratch(SystemCalls.ADDRESS), length);
    }

    /// {@return the length of the address, which is in the scratch memory}
    private static int ask(Downcall downcall, String call, int fd) throws ErrnoException {
        SystemCalls calls = SystemCalls.current();
        long length = calls.scratch(SystemCalls.LENGTH);
        Memory.putInt(length, SocketAddresses.BYTES);
        int result = downcall.call(fd, calls.scratch(SystemCalls.ADDRESS), length);
        ErrnoException.check(result, call, fd);
        return Memory.getInt(length);
    }
}
