package dev.pollux.libc;

/// Writes requests for sockets: one method per operation, each giving a whole [Sqe] that may still
/// be changed.
///
/// In all of them `sqe` is the address of the entry and `userData` what the completion will be
/// marked with. A descriptor is an ordinary one; for a direct one add [Sqe#IOSQE_FIXED_FILE].
/// Memory that a request points to belongs to the kernel until the last completion, also of a
/// request that was cancelled.
public final class UringSockets {
    private static final int SOCKET_URING_OP_SIOCOUTQ = 1;
    private static final int SOCKET_URING_OP_GETSOCKOPT = 2;
    private static final int SOCKET_URING_OP_SETSOCKOPT = 3;
    private static final int SOCKET_URING_OP_GETSOCKNAME = 5;

    private UringSockets() {}

    /// Takes a connection.
    ///
    /// @param sqe the entry
    /// @param fd the listening socket
    /// @param address where the peer's address goes, [SocketAddresses#BYTES], or 0
    /// @param length where its length is and goes, 4 bytes, or 0
    /// @param flags [Sockets#SOCK_NONBLOCK], or 0
    /// @param userData the mark
    public static void accept(
            long sqe, int fd, long address, long length, int flags, long userData) {
        Sqe.put(sqe, UringOperation.ACCEPT, fd, length, address, 0, userData);
        Sqe.setOperationFlags(sqe, flags);
    }

    /// Takes connections again and again, as direct descriptors if [Sqe#intoSlot] with
    /// [Sqe#IORING_FILE_INDEX_ALLOC] follows. It ends with the first completion that lacks
    /// [Cqe#IORING_CQE_F_MORE], which may still be a connection.
    ///
    /// @param sqe the entry
    /// @param fd the listening socket
    /// @param flags [Sockets#SOCK_NONBLOCK], or 0
    /// @param userData the mark
    public static void acceptMultishot(long sqe, int fd, int flags, long userData) {
        accept(sqe, fd, 0, 0, flags, userData);
        Sqe.addPriority(sqe, Sqe.IORING_ACCEPT_MULTISHOT);
    }

    /// Receives.
    ///
    /// @param sqe the entry
    /// @param fd the socket
    /// @param address where the bytes go; 0 if [Sqe#selectBuffer] follows
    /// @param bytes at most so many; 0 for all of a picked buffer
    /// @param flags `MSG_...`
    /// @param userData the mark
    public static void recv(long sqe, int fd, long address, int bytes, int flags, long userData) {
        Sqe.put(sqe, UringOperation.RECV, fd, 0, address, bytes, userData);
        Sqe.setOperationFlags(sqe, flags);
    }

    /// Receives again and again into buffers that the kernel picks. It ends with the first
    /// completion that lacks [Cqe#IORING_CQE_F_MORE]: 0 at the end of input, `-ENOBUFS` when there
    /// is no buffer, another error, or even bytes when the completion queue is full.
    ///
    /// @param sqe the entry
    /// @param fd the socket
    /// @param group which buffers, see [UringRegister#bufferRing]
    /// @param userData the mark
    public static void recvMultishot(long sqe, int fd, int group, long userData) {
        recv(sqe, fd, 0, 0, 0, userData);
        Sqe.selectBuffer(sqe, group);
        Sqe.addPriority(sqe, Sqe.IORING_RECV_MULTISHOT);
    }

    /// Sends; may take less than asked, unless [Sockets#MSG_WAITALL] is among the flags.
    ///
    /// @param sqe the entry
    /// @param fd the socket
    /// @param address where the bytes are
    /// @param bytes how many
    /// @param flags `MSG_...`, always with [Sockets#MSG_NOSIGNAL]
    /// @param userData the mark
    public static void send(long sqe, int fd, long address, int bytes, int flags, long userData) {
        Sqe.put(sqe, UringOperation.SEND, fd, 0, address, bytes, userData);
        Sqe.setOperationFlags(sqe, flags);
    }

    /// Sends several pieces. Linux 6.17; before, [#sendmsg] does it.
    ///
    /// @param sqe the entry
    /// @param fd the socket
    /// @param iovec the address of an array of `struct iovec`, see [Descriptors#putIovec]; free
    ///   once the request is taken, but not what it points to
    /// @param count how many pieces, at most 1024
    /// @param flags `MSG_...`, always with [Sockets#MSG_NOSIGNAL]
    /// @param userData the mark
    public static void sendv(long sqe, int fd, long iovec, int count, int flags, long userData) {
        send(sqe, fd, iovec, count, flags, userData);
        Sqe.addPriority(sqe, Sqe.IORING_SEND_VECTORIZED);
    }

    /// Sends out of the program's memory without a copy. If the first completion has
    /// [Cqe#IORING_CQE_F_MORE], a second one with [Cqe#IORING_CQE_F_NOTIF] says that the memory is
    /// free.
    ///
    /// @param sqe the entry
    /// @param fd the socket
    /// @param address where the bytes are
    /// @param bytes how many
    /// @param flags `MSG_...`, always with [Sockets#MSG_NOSIGNAL]
    /// @param userData the mark
    public static void sendZeroCopy(
            long sqe, int fd, long address, int bytes, int flags, long userData) {
        Sqe.put(sqe, UringOperation.SEND_ZC, fd, 0, address, bytes, userData);
        Sqe.setOperationFlags(sqe, flags);
    }

    /// Sends a message.
    ///
    /// @param sqe the entry
    /// @param fd the socket
    /// @param message the address of a `struct msghdr`, see [MessageHeader#put]
    /// @param flags `MSG_...`, always with [Sockets#MSG_NOSIGNAL]
    /// @param userData the mark
    public static void sendmsg(long sqe, int fd, long message, int flags, long userData) {
        Sqe.put(sqe, UringOperation.SENDMSG, fd, 0, message, 1, userData);
        Sqe.setOperationFlags(sqe, flags);
    }

    /// Sends a message without a copy; completions as with [#sendZeroCopy].
    ///
    /// @param sqe the entry
    /// @param fd the socket
    /// @param message the address of a `struct msghdr`, see [MessageHeader#put]
    /// @param flags `MSG_...`, always with [Sockets#MSG_NOSIGNAL]
    /// @param userData the mark
    public static void sendmsgZeroCopy(long sqe, int fd, long message, int flags, long userData) {
        Sqe.put(sqe, UringOperation.SENDMSG_ZC, fd, 0, message, 1, userData);
        Sqe.setOperationFlags(sqe, flags);
    }

    /// Receives a message.
    ///
    /// @param sqe the entry
    /// @param fd the socket
    /// @param message the address of a `struct msghdr`, see [MessageHeader#put]
    /// @param flags `MSG_...`
    /// @param userData the mark
    public static void recvmsg(long sqe, int fd, long message, int flags, long userData) {
        Sqe.put(sqe, UringOperation.RECVMSG, fd, 0, message, 1, userData);
        Sqe.setOperationFlags(sqe, flags);
    }

    /// Ends one or both directions of a socket, and completes what waits in them.
    ///
    /// @param sqe the entry
    /// @param fd the socket
    /// @param how `SHUT_...`
    /// @param userData the mark
    public static void shutdown(long sqe, int fd, int how, long userData) {
        Sqe.put(sqe, UringOperation.SHUTDOWN, fd, 0, 0, how, userData);
    }

    /// Opens a socket, as a direct descriptor if [Sqe#intoSlot] follows.
    ///
    /// @param sqe the entry
    /// @param domain `AF_...`
    /// @param type `SOCK_STREAM` or `SOCK_DGRAM`
    /// @param protocol 0
    /// @param userData the mark
    public static void socket(long sqe, int domain, int type, int protocol, long userData) {
        Sqe.put(sqe, UringOperation.SOCKET, domain, type, 0, protocol, userData);
    }

    /// Starts a connection, and completes when it is decided.
    ///
    /// @param sqe the entry
    /// @param fd the socket
    /// @param address the address of the peer, see [SocketAddresses#encode]; free once the request
    ///   is taken
    /// @param length its length
    /// @param userData the mark
    public static void connect(long sqe, int fd, long address, int length, long userData) {
        Sqe.put(sqe, UringOperation.CONNECT, fd, length, address, 0, userData);
    }

    /// Changes an option. Linux 6.7.
    ///
    /// @param sqe the entry
    /// @param fd the socket
    /// @param level whose option it is
    /// @param name which, see [SocketOptions]
    /// @param value where its value is; free when complete
    /// @param bytes the length of the value, 4 for an `int`
    /// @param userData the mark
    public static void setsockopt(
            long sqe, int fd, int level, int name, long value, int bytes, long userData) {
        option(sqe, SOCKET_URING_OP_SETSOCKOPT, fd, level, name, userData);
        Sqe.setAddr3(sqe, value);
        Sqe.setOptionLength(sqe, bytes);
    }

    /// Asks for an option of level [SocketOptions#SOL_SOCKET]; the kernel answers for no other. It
    /// completes with the length of the value. Linux 6.7.
    ///
    /// @param sqe the entry
    /// @param fd the socket
    /// @param name which, see [SocketOptions]
    /// @param value where its value goes
    /// @param bytes how much room is there
    /// @param userData the mark
    public static void getsockopt(
            long sqe, int fd, int name, long value, int bytes, long userData) {
        option(sqe, SOCKET_URING_OP_GETSOCKOPT, fd, SocketOptions.SOL_SOCKET, name, userData);
        Sqe.setAddr3(sqe, value);
        Sqe.setOptionLength(sqe, bytes);
    }

    private static void option(long sqe, int command, int fd, int level, int name, long userData) {
        long levelAndName = Integer.toUnsignedLong(level) | (long) name << 32;
        Sqe.put(sqe, UringOperation.URING_CMD, fd, command, levelAndName, 0, userData);
    }

    /// Asks what [Sockets#untaken] asks: the result. Linux 6.7; a Unix domain socket does not tell
    /// (`-EOPNOTSUPP`).
    ///
    /// @param sqe the entry
    /// @param fd the socket
    /// @param userData the mark
    public static void untaken(long sqe, int fd, long userData) {
        Sqe.put(sqe, UringOperation.URING_CMD, fd, SOCKET_URING_OP_SIOCOUTQ, 0, 0, userData);
    }

    /// Asks for the socket's own address, or its peer's. Linux 6.19; before, `-EOPNOTSUPP`, and a
    /// direct descriptor tells only after [UringRequests#install].
    ///
    /// @param sqe the entry
    /// @param fd the socket
    /// @param address where it goes, [SocketAddresses#BYTES]
    /// @param length where its length is and goes, 4 bytes
    /// @param peer whether the peer's
    /// @param userData the mark
    public static void getsockname(
            long sqe, int fd, long address, long length, boolean peer, long userData) {
        int command = SOCKET_URING_OP_GETSOCKNAME;
        Sqe.put(sqe, UringOperation.URING_CMD, fd, command, address, 0, userData);
        Sqe.setAddr3(sqe, length);
        Sqe.setOptionLength(sqe, peer ? 1 : 0);
    }
}
