package dev.pollux.libc;

/// `struct io_uring_cqe`: a completion.
///
/// ```
/// struct io_uring_cqe {   offset                                                io_uring(7)
///   __u64 user_data;           0
///   __s32 res;                 8
///   __u32 flags; };           12
/// ```
public final class Cqe {
    /// Bytes of one.
    public static final int BYTES = 16;

    /// The kernel has picked a buffer: [#bufferId].
    public static final int IORING_CQE_F_BUFFER = 1;

    /// More completions of this request follow.
    public static final int IORING_CQE_F_MORE = 1 << 1;

    /// There is more to receive, or to accept, already.
    public static final int IORING_CQE_F_SOCK_NONEMPTY = 1 << 2;

    /// The memory of a zero-copy send is free again.
    public static final int IORING_CQE_F_NOTIF = 1 << 3;

    /// The kernel goes on filling this buffer; with [BufferRing#IOU_PBUF_RING_INC].
    public static final int IORING_CQE_F_BUF_MORE = 1 << 4;

    /// In the result of a notification, where [Sqe#IORING_SEND_ZC_REPORT_USAGE] was asked: the
    /// kernel has copied after all.
    public static final int IORING_NOTIF_USAGE_ZC_COPIED = 1 << 31;

    private static final int USER_DATA = 0;
    private static final int RESULT = 8;
    private static final int FLAGS = 12;
    private static final int BUFFER_SHIFT = 16;

    private Cqe() {}

    /// {@return what the request was marked with}
    ///
    /// @param cqe the address of the completion
    public static long userData(long cqe) {
        return Memory.getLong(cqe + USER_DATA);
    }

    /// Marks a completion anew that waits in the queue; it is the program's until
    /// [UringMemory#publishCqHead].
    ///
    /// @param cqe the address of the completion
    /// @param userData the new mark
    public static void setUserData(long cqe, long userData) {
        Memory.putLong(cqe + USER_DATA, userData);
    }

    /// {@return what the system call would have returned: a value >= 0, or `-errno`}
    ///
    /// @param cqe the address of the completion
    public static int result(long cqe) {
        return Memory.getInt(cqe + RESULT);
    }

    /// {@return `IORING_CQE_F_...`, and in the upper half the buffer}
    ///
    /// @param cqe the address of the completion
    public static int flags(long cqe) {
        return Memory.getInt(cqe + FLAGS);
    }

    /// {@return which buffer the kernel has picked, 0 to 65535; meaningless without
    /// [#IORING_CQE_F_BUFFER]}
    ///
    /// @param flags what [#flags] has returned
    public static int bufferId(int flags) {
        return flags >>> BUFFER_SHIFT;
    }
}
