package dev.pollux.libc;

/// `struct io_uring_params`: what a ring is opened with, and where the kernel says what it has
/// made.
///
/// ```
/// struct io_uring_params {      offset      struct io_sqring_offsets {   offset
///   __u32 sq_entries;                0        __u32 head;                     0
///   __u32 cq_entries;                4        __u32 tail;                     4
///   __u32 flags;                     8        __u32 ring_mask;                8
///   __u32 sq_thread_cpu;            12        __u32 ring_entries;            12
///   __u32 sq_thread_idle;           16        __u32 flags;                   16
///   __u32 features;                 20        __u32 dropped;                 20
///   __u32 wq_fd;                    24        __u32 array;                   24
///   __u32 resv[3];                  28        __u32 resv1; __u64 user_addr; };
///   struct io_sqring_offsets;       40      struct io_cqring_offsets { as above, but
///   struct io_cqring_offsets; };    80        overflow 16, cqes 20, flags 24 };
/// ```
///
/// 120 bytes, `io_uring_setup(2)`.
public final class UringParams {
    /// Bytes of the structure; zeroed before use.
    public static final int BYTES = 120;

    /// The length of the completion queue is given, see [#setCqEntries]; else twice the other.
    public static final int IORING_SETUP_CQSIZE = 1 << 3;

    /// Lengths beyond what the kernel allows are cut to it, instead of refused.
    public static final int IORING_SETUP_CLAMP = 1 << 4;

    /// Nothing is taken until [UringRegister#enable], whose caller becomes the single issuer.
    public static final int IORING_SETUP_R_DISABLED = 1 << 6;

    /// A request that is wrong does not keep the ones behind it from being taken. Linux 5.18.
    public static final int IORING_SETUP_SUBMIT_ALL = 1 << 7;

    /// Completions do not interrupt the thread; they wait until it enters the kernel. Linux 5.19.
    public static final int IORING_SETUP_COOP_TASKRUN = 1 << 8;

    /// With the one before or [#IORING_SETUP_DEFER_TASKRUN]: [UringMemory#IORING_SQ_TASKRUN] says
    /// when there is reason to enter. Linux 5.19.
    public static final int IORING_SETUP_TASKRUN_FLAG = 1 << 9;

    /// One thread alone enters. Linux 6.0.
    public static final int IORING_SETUP_SINGLE_ISSUER = 1 << 12;

    /// Completions are made only when the thread asks with [UringCalls#IORING_ENTER_GETEVENTS].
    /// Needs a single issuer. Linux 6.1.
    public static final int IORING_SETUP_DEFER_TASKRUN = 1 << 13;

    /// The submission queue is its entries in order, without an array of indices. Linux 6.6.
    public static final int IORING_SETUP_NO_SQARRAY = 1 << 16;

    /// Both queues are in one mapping. Linux 5.4.
    public static final int IORING_FEAT_SINGLE_MMAP = 1;

    /// Completions that find the queue full are kept by the kernel. Linux 5.5.
    public static final int IORING_FEAT_NODROP = 1 << 1;

    /// What a request points to may go once it is taken (its data may not). Linux 5.5.
    public static final int IORING_FEAT_SUBMIT_STABLE = 1 << 2;

    /// What cannot be done at once is done when the descriptor is ready, without a thread. Linux
    /// 5.7.
    public static final int IORING_FEAT_FAST_POLL = 1 << 5;

    /// Waits can have a timeout of their own. Linux 5.11.
    public static final int IORING_FEAT_EXT_ARG = 1 << 8;

    /// A request may ask for no completion when it succeeds. Linux 5.17.
    public static final int IORING_FEAT_CQE_SKIP = 1 << 11;

    /// A linked request looks its file up when its turn has come. Linux 5.17.
    public static final int IORING_FEAT_LINKED_FILE = 1 << 12;

    /// A registered ring may be registered with. Linux 6.3.
    public static final int IORING_FEAT_REG_REG_RING = 1 << 13;

    /// Sends and receives may take several buffers at once. Linux 6.10.
    public static final int IORING_FEAT_RECVSEND_BUNDLE = 1 << 14;

    /// A wait may have a shorter time for fewer completions. Linux 6.12.
    public static final int IORING_FEAT_MIN_TIMEOUT = 1 << 15;

    /// Waits may be kept out of the time spent waiting for disks. Linux 6.15.
    public static final int IORING_FEAT_NO_IOWAIT = 1 << 17;

    private static final int SQ_ENTRIES = 0;
    private static final int CQ_ENTRIES = 4;
    private static final int FLAGS = 8;
    private static final int FEATURES = 20;
    private static final int SQ_OFFSETS = 40;
    private static final int CQ_OFFSETS = 80;

    static final int SQ_HEAD = SQ_OFFSETS;
    static final int SQ_TAIL = SQ_OFFSETS + 4;
    static final int SQ_FLAGS = SQ_OFFSETS + 16;
    static final int SQ_DROPPED = SQ_OFFSETS + 20;
    static final int SQ_ARRAY = SQ_OFFSETS + 24;
    static final int CQ_HEAD = CQ_OFFSETS;
    static final int CQ_TAIL = CQ_OFFSETS + 4;
    static final int CQ_OVERFLOW = CQ_OFFSETS + 16;
    static final int CQ_CQES = CQ_OFFSETS + 20;

    private UringParams() {}

    /// Zeroes the structure and stores the flags.
    ///
    /// @param params its address, [#BYTES]
    /// @param flags `IORING_SETUP_...`
    public static void init(long params, int flags) {
        Memory.zero(params, BYTES);
        Memory.putInt(params + FLAGS, flags);
    }

    /// Stores the length of the completion queue, for [#IORING_SETUP_CQSIZE].
    ///
    /// @param params the address of the structure
    /// @param entries at least as many as the submission queue has; rounded up to a power of two
    public static void setCqEntries(long params, int entries) {
        Memory.putInt(params + CQ_ENTRIES, entries);
    }

    /// {@return the length of the submission queue, a power of two}
    ///
    /// @param params the address of a structure that the kernel has filled
    public static int sqEntries(long params) {
        return Memory.getInt(params + SQ_ENTRIES);
    }

    /// {@return the length of the completion queue, a power of two}
    ///
    /// @param params the address of a structure that the kernel has filled
    public static int cqEntries(long params) {
        return Memory.getInt(params + CQ_ENTRIES);
    }

    /// {@return the flags the ring was opened with, `IORING_SETUP_...`}
    ///
    /// @param params the address of the structure
    public static int flags(long params) {
        return Memory.getInt(params + FLAGS);
    }

    /// {@return what the kernel can, `IORING_FEAT_...`}
    ///
    /// @param params the address of a structure that the kernel has filled
    public static int features(long params) {
        return Memory.getInt(params + FEATURES);
    }

    /// {@return where in the mapping a field of the queues is}
    static int offset(long params, int field) {
        return Memory.getInt(params + field);
    }
}
