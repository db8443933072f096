package dev.pollux.libc;

/// What only Unix domain sockets have, `unix(7)`: descriptors sent beside the bytes (`SCM_RIGHTS`),
/// and a peer that the kernel vouches for.
///
/// All methods return a value >= 0 or `-errno`, except those that read a message.
///
/// ```
/// struct cmsghdr {        offset                                                       cmsg(3)
///   size_t cmsg_len;           0   of the header and the data   (socklen_t on macOS)
///   int cmsg_level;            8                                               (4 on macOS)
///   int cmsg_type;            12                                               (8 on macOS)
///   unsigned char data[]; };  16                                              (12 on macOS)
/// ```
public final class UnixSockets {
    private static final Platform PLATFORM = Platform.current();

    /// How many descriptors go with one message: `SCM_MAX_FD`, `unix(7)`.
    public static final int DESCRIPTORS_MAX = 253;

    private static final int HEADER = PLATFORM.pick(16, 12);
    private static final int LEVEL = PLATFORM.pick(8, 4);
    private static final int TYPE = LEVEL + 4;
    private static final int ALIGNMENT = PLATFORM.pick(8, 4);
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_CTRUNC = PLATFORM.pick(0x8, 0x20);
    private static final int MSG_CMSG_CLOEXEC = PLATFORM.pick(0x4000_0000, 0);
    private static final int SO_PEERCRED = 17;

    private static final int IOVEC = 64;
    private static final int CONTROL = 80;
    private static final int CONTROL_BYTES = 1040;

    /// Room for a message: its header, the place of its bytes, and what comes beside them.
    public static final int MESSAGE_BYTES = CONTROL + CONTROL_BYTES;

    /// Bytes of `struct ucred { pid_t pid; uid_t uid; gid_t gid; }`.
    public static final int CREDENTIALS_BYTES = 12;

    // ssize_t sendmsg(int sockfd, const struct msghdr *msg, int flags);                   send(2)
    // ssize_t recvmsg(int sockfd, struct msghdr *msg, int flags);                         recv(2)
    private static final Downcall SENDMSG = Downcall.of(Call.SENDMSG);
    private static final Downcall RECVMSG = Downcall.of(Call.RECVMSG);

    // int getsockopt(int sockfd, int level, int optname, void *, socklen_t *);      getsockopt(2)
    private static final Downcall GETSOCKOPT = Downcall.of(Call.GETSOCKOPT);

    private UnixSockets() {}

    /// Sends bytes, and descriptors with the first of them. Waits for room if the socket is a
    /// blocking one, unless told not to.
    ///
    /// @param fd the socket
    /// @param address where the bytes are
    /// @param bytes how many, above 0: without a byte nothing is sent
    /// @param passed the descriptors, of which the peer gets duplicates; at most [#DESCRIPTORS_MAX]
    /// @param flags [Sockets#MSG_DONTWAIT] or 0
    /// @param message memory of [#MESSAGE_BYTES]
    /// @return how many bytes were taken, with all descriptors, or `-errno`: then none
    public static int send(int fd, long address, int bytes, int[] passed, int flags, long message) {
        put(message, address, bytes);
        int length = HEADER + passed.length * Integer.BYTES;
        long control = message + CONTROL;
        Memory.putLong(control, 0);
        Memory.putInt(control, length);
        Memory.putInt(control + LEVEL, SocketOptions.SOL_SOCKET);
        Memory.putInt(control + TYPE, SCM_RIGHTS);
        for (int i = 0; i < passed.length; i++) {
            Memory.putInt(control + HEADER + (long) i * Integer.BYTES, passed[i]);
        }
        MessageHeader.putControl(message, control, passed.length == 0 ? 0 : aligned(length));
        return SENDMSG.call(fd, message, flags | Sockets.MSG_NOSIGNAL);
    }

    /// Receives bytes, and the descriptors that came with them, which are closed at `execve`. Waits
    /// for bytes if the socket is a blocking one, unless told not to.
    ///
    /// @param fd the socket
    /// @param address where the bytes go
    /// @param bytes at most so many, above 0
    /// @param flags [Sockets#MSG_DONTWAIT] or 0
    /// @param message memory of [#MESSAGE_BYTES], where [#passed] finds the descriptors
    /// @return how many bytes, 0 at the end of input, or `-errno`
    public static int receive(int fd, long address, int bytes, int flags, long message) {
        put(message, address, bytes);
        MessageHeader.putControl(message, message + CONTROL, CONTROL_BYTES);
        return RECVMSG.call(fd, message, flags | MSG_CMSG_CLOEXEC);
    }

    private static void put(long message, long address, int bytes) {
        Descriptors.putIovec(message + IOVEC, 0, address, bytes);
        MessageHeader.put(message, message + IOVEC, 1);
    }

    /// Tells which descriptors a message has brought: they are open, and the caller's.
    ///
    /// @param message what [#receive] has filled
    /// @param passed receives them, with room for [#DESCRIPTORS_MAX]; it is there before they are,
    ///   so that none is lost for want of memory
    /// @return how many they are
    public static int passed(long message, int[] passed) {
        long control = message + CONTROL;
        long end = control + MessageHeader.controlBytes(message);
        int count = 0;
        while (control + HEADER <= end) {
            int length = Memory.getInt(control);
            if (length < HEADER) {
                break;
            }
            for (long at = control + HEADER;
                    isRights(control) && at + Integer.BYTES <= control + length;
                    at += Integer.BYTES) {
                passed[count++] = Memory.getInt(at);
            }
            control += aligned(length);
        }
        return count;
    }

    /// {@return whether descriptors were lost as there was no room for them in this process's
    /// table}
    ///
    /// @param message what [#receive] has filled
    public static boolean lostSome(long message) {
        return (MessageHeader.flags(message) & MSG_CTRUNC) != 0;
    }

    private static boolean isRights(long control) {
        return Memory.getInt(control + LEVEL) == SocketOptions.SOL_SOCKET
                && Memory.getInt(control + TYPE) == SCM_RIGHTS;
    }

    private static int aligned(int length) {
        return (length + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /// Asks who has made the peer's end (`SO_PEERCRED`). Linux only, `-ENOSYS` elsewhere.
    ///
    /// @param fd a connected socket
    /// @param credentials where they go, [#CREDENTIALS_BYTES]: the process, its user, its group
    /// @return 0 or `-errno`
    public static int peerCredentials(int fd, long credentials) {
        if (!PLATFORM.isLinux()) {
            return -Errno.ENOSYS;
        }
        long length = SystemCalls.current().scratch(SystemCalls.LENGTH);
        Memory.putInt(length, CREDENTIALS_BYTES);
        return GETSOCKOPT.call(fd, SocketOptions.SOL_SOCKET, SO_PEERCRED, credentials, length);
    }
}
