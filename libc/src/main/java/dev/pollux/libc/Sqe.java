package dev.pollux.libc;

/// `struct io_uring_sqe`: a request.
///
/// ```
/// struct io_uring_sqe {      offset                                          io_uring_enter(2)
///   __u8 opcode;                  0
///   __u8 flags;                   1
///   __u16 ioprio;                 2      further flags of sends, receives and accepts
///   __s32 fd;                     4
///   __u64 off;                    8      or addr2, or __u32 cmd_op
///   __u64 addr;                  16      or __u32 level, __u32 optname
///   __u32 len;                   24
///   __u32 rw_flags;              28      or msg_flags, accept_flags, cancel_flags, ...
///   __u64 user_data;             32
///   __u16 buf_group;             40      or buf_index
///   __u16 personality;           42
///   __u32 file_index;            44      or optlen
///   __u64 addr3;                 48      or optval
///   __u64 __pad2[1]; };          56
/// ```
///
/// An entry is written with [#put], [UringRequests] or [UringSockets], which leave nothing of what
/// was there before, and then changed with the other methods.
public final class Sqe {
    /// Bytes of one.
    public static final int BYTES = 64;

    /// The descriptor is a direct one.
    public static final int IOSQE_FIXED_FILE = 1;

    /// Begin when all before are complete.
    public static final int IOSQE_IO_DRAIN = 1 << 1;

    /// The next one begins when this has succeeded, else it is cancelled.
    public static final int IOSQE_IO_LINK = 1 << 2;

    /// The next one begins when this is complete.
    public static final int IOSQE_IO_HARDLINK = 1 << 3;

    /// Give it to a thread of the kernel at once.
    public static final int IOSQE_ASYNC = 1 << 4;

    /// The kernel picks a buffer, see [#selectBuffer].
    public static final int IOSQE_BUFFER_SELECT = 1 << 5;

    /// No completion when it succeeds. Needs [UringParams#IORING_FEAT_CQE_SKIP].
    public static final int IOSQE_CQE_SKIP_SUCCESS = 1 << 6;

    /// For sends and receives: wait for readiness first instead of trying, [#addPriority].
    public static final int IORING_RECVSEND_POLL_FIRST = 1;

    /// For receives: again and again, [#addPriority].
    public static final int IORING_RECV_MULTISHOT = 1 << 1;

    /// For zero-copy sends: the notification says whether it was one, [#addPriority].
    public static final int IORING_SEND_ZC_REPORT_USAGE = 1 << 3;

    /// For sends and receives with picked buffers: take several, [#addPriority].
    public static final int IORING_RECVSEND_BUNDLE = 1 << 4;

    /// For sends: the address is that of an array of `struct iovec`, the length counts them,
    /// [#addPriority]. Linux 6.17.
    public static final int IORING_SEND_VECTORIZED = 1 << 5;

    /// For accepts: again and again, [#addPriority].
    public static final int IORING_ACCEPT_MULTISHOT = 1;

    /// For accepts: wait for readiness first instead of trying, [#addPriority]. Linux 6.10.
    public static final int IORING_ACCEPT_POLL_FIRST = 1 << 2;

    /// As direct descriptor to make: any free one of the table. The completion says which, or
    /// `-ENFILE`.
    public static final int IORING_FILE_INDEX_ALLOC = -1;

    private static final int FLAGS = 1;
    private static final int IOPRIO = 2;
    private static final int OFF = 8;
    private static final int ADDR = 16;
    private static final int LEN = 24;
    private static final int OP_FLAGS = 28;
    private static final int USER_DATA = 32;
    private static final int BUFFER_GROUP = 40;
    private static final int FILE_INDEX = 44;
    private static final int ADDR3 = 48;
    private static final int PAD = 56;

    private Sqe() {}

    /// Writes a request; what has no parameter here is 0.
    ///
    /// @param sqe the address of the entry
    /// @param operation what to do
    /// @param fd with which descriptor
    /// @param off the field `off`
    /// @param addr the field `addr`
    /// @param len the field `len`
    /// @param userData what the completion will be marked with
    public static void put(
            long sqe,
            UringOperation operation,
            int fd,
            long off,
            long addr,
            int len,
            long userData) {
        Memory.putLong(sqe, operation.opcode() | (long) fd << 32);
        Memory.putLong(sqe + OFF, off);
        Memory.putLong(sqe + ADDR, addr);
        Memory.putLong(sqe + LEN, Integer.toUnsignedLong(len));
        Memory.putLong(sqe + USER_DATA, userData);
        Memory.putLong(sqe + BUFFER_GROUP, 0);
        Memory.putLong(sqe + ADDR3, 0);
        Memory.putLong(sqe + PAD, 0);
    }

    /// Adds flags.
    ///
    /// @param sqe the address of the entry
    /// @param flags `IOSQE_...`
    public static void addFlags(long sqe, int flags) {
        Memory.putByte(sqe + FLAGS, (byte) (Memory.getByte(sqe + FLAGS) | flags));
    }

    /// Adds flags that the structure keeps in the field `ioprio`.
    ///
    /// @param sqe the address of the entry
    /// @param flags `IORING_RECV_...`, `IORING_SEND_...`, `IORING_ACCEPT_...`
    public static void addPriority(long sqe, int flags) {
        Memory.putShort(sqe + IOPRIO, (short) (Memory.getShort(sqe + IOPRIO) | flags));
    }

    /// Stores the flags of the operation: `MSG_...` of a send, `SOCK_...` of an accept.
    ///
    /// @param sqe the address of the entry
    /// @param flags the field `rw_flags`
    public static void setOperationFlags(long sqe, int flags) {
        Memory.putInt(sqe + OP_FLAGS, flags);
    }

    /// Lets the kernel pick a buffer when there is data.
    ///
    /// @param sqe the address of the entry
    /// @param group which buffers, see [UringRegister#bufferRing]
    public static void selectBuffer(long sqe, int group) {
        addFlags(sqe, IOSQE_BUFFER_SELECT);
        Memory.putShort(sqe + BUFFER_GROUP, (short) group);
    }

    /// Makes the new descriptor a direct one, at a place of the table.
    ///
    /// @param sqe the address of the entry, an accept or a socket
    /// @param slot the place, from 0 on, or [#IORING_FILE_INDEX_ALLOC]
    public static void intoSlot(long sqe, int slot) {
        // The structure counts from 1, as 0 means an ordinary descriptor; -1 stays what it is.
        int index = slot == IORING_FILE_INDEX_ALLOC ? IORING_FILE_INDEX_ALLOC : slot + 1;
        Memory.putInt(sqe + FILE_INDEX, index);
    }

    /// Stores the field `optlen`, which shares its place with `file_index`.
    static void setOptionLength(long sqe, int bytes) {
        Memory.putInt(sqe + FILE_INDEX, bytes);
    }

    /// Stores the field `addr3`, or `optval`.
    static void setAddr3(long sqe, long address) {
        Memory.putPointer(sqe + ADDR3, address);
    }
}
