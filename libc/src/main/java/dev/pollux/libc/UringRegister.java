package dev.pollux.libc;

/// What a ring can be told with `io_uring_register(2)`: to begin, and which descriptors and buffers
/// to keep.
///
/// ```
/// struct io_uring_rsrc_register {   offset      struct io_uring_buf_reg {   offset
///   __u32 nr;                            0        __u64 ring_addr;               0
///   __u32 flags;                         4        __u32 ring_entries;            8
///   __u64 resv2;                         8        __u16 bgid;                   12
///   __u64 data;                         16        __u16 flags;                  14
///   __u64 tags; };                      24        __u64 resv[3]; };             16
/// struct io_uring_rsrc_update {     offset      struct io_uring_sync_cancel_reg { offset
///   __u32 offset;                        0        __u64 addr;                    0
///   __u32 resv;                          4        __s32 fd;                      8
///   __u64 data; };                       8        __u32 flags;                  12
/// struct io_uring_rsrc_update2 {    offset        struct __kernel_timespec;     16
///   the three above;                     0        __u8 opcode;                  32
///   __u64 tags;                         16        __u8 pad[7]; __u64 pad2[3]; };
///   __u32 nr; __u32 resv2; };           24      struct io_uring_file_index_range {
///                                                 __u32 off; __u32 len; __u64 resv; };
/// ```
///
/// All methods return a value >= 0 or `-errno`. Those that wait for requests on what they replace
/// say so.
public final class UringRegister {
    private static final int REGISTER_FILES = 2;
    private static final int UNREGISTER_FILES = 3;
    private static final int REGISTER_EVENTFD = 4;
    private static final int UNREGISTER_EVENTFD = 5;
    private static final int REGISTER_PROBE = 8;
    private static final int REGISTER_ENABLE_RINGS = 12;
    private static final int REGISTER_FILES2 = 13;
    private static final int REGISTER_FILES_UPDATE2 = 14;
    private static final int REGISTER_IOWQ_MAX_WORKERS = 19;
    private static final int REGISTER_RING_FDS = 20;
    private static final int UNREGISTER_RING_FDS = 21;
    private static final int REGISTER_PBUF_RING = 22;
    private static final int UNREGISTER_PBUF_RING = 23;
    private static final int REGISTER_SYNC_CANCEL = 24;
    private static final int REGISTER_FILE_ALLOC_RANGE = 25;
    private static final int REGISTER_PBUF_STATUS = 26;
    private static final int RSRC_REGISTER_SPARSE = 1;

    /// The longest of the structures.
    private static final int ARGUMENT_BYTES = 64;

    private static final int RSRC_REGISTER_BYTES = 32;
    private static final int RSRC_UPDATE2_BYTES = 32;
    private static final int ANY_INDEX = -1;

    private UringRegister() {}

    /// Begins: the ring was opened with [UringParams#IORING_SETUP_R_DISABLED]. The calling thread,
    /// which must be a platform thread, becomes the single issuer.
    ///
    /// @param ring the ring
    /// @return 0 or `-errno`
    public static int enable(int ring) {
        return UringCalls.register(ring, REGISTER_ENABLE_RINGS, 0, 0);
    }

    /// Gives the ring a table for direct descriptors, empty at first. No table may be longer than
    /// `RLIMIT_NOFILE` (`-EMFILE`), but each ring has its own, and what is in it is not counted
    /// with the descriptors of the process.
    ///
    /// @param ring the ring
    /// @param slots its length
    /// @return 0 or `-errno`
    public static int filesSparse(int ring, int slots) {
        long arg = argument();
        Memory.putInt(arg, slots);
        Memory.putInt(arg + 4, RSRC_REGISTER_SPARSE);
        return UringCalls.register(ring, REGISTER_FILES2, arg, RSRC_REGISTER_BYTES);
    }

    /// Gives the ring a table of direct descriptors.
    ///
    /// @param ring the ring
    /// @param fds the address of an array of `int`, -1 for an empty place
    /// @param slots its length
    /// @return 0 or `-errno`
    public static int files(int ring, long fds, int slots) {
        return UringCalls.register(ring, REGISTER_FILES, fds, slots);
    }

    /// Takes the table away, when the requests on it are complete; what is in it is closed.
    ///
    /// @param ring the ring
    /// @return 0 or `-errno`
    public static int unregisterFiles(int ring) {
        return UringCalls.register(ring, UNREGISTER_FILES, 0, 0);
    }

    /// Puts an ordinary descriptor, which stays, at a place of the table, or empties the place.
    ///
    /// @param ring the ring
    /// @param slot the place, from 0 on
    /// @param fd the descriptor, or -1
    /// @return 1 or `-errno`
    public static int updateFile(int ring, int slot, int fd) {
        long arg = argument();
        long fds = arg + RSRC_UPDATE2_BYTES;
        Memory.putInt(arg, slot);
        Memory.putPointer(arg + 8, fds);
        Memory.putInt(arg + 24, 1);
        Memory.putInt(fds, fd);
        return UringCalls.register(ring, REGISTER_FILES_UPDATE2, arg, RSRC_UPDATE2_BYTES);
    }

    /// Says which part of the table [Sqe#IORING_FILE_INDEX_ALLOC] may use; at first all.
    ///
    /// @param ring the ring
    /// @param first the first place
    /// @param slots how many
    /// @return 0 or `-errno`
    public static int fileAllocRange(int ring, int first, int slots) {
        long arg = argument();
        Memory.putInt(arg, first);
        Memory.putInt(arg + 4, slots);
        return UringCalls.register(ring, REGISTER_FILE_ALLOC_RANGE, arg, 0);
    }

    /// Gives the ring buffers to pick from, see [BufferRing].
    ///
    /// @param ring the ring
    /// @param group what requests will name them by, 0 to 65535
    /// @param address where the ring of buffers is, at the beginning of a page
    /// @param entries its length, a power of two up to [BufferRing#ENTRIES_MAX]
    /// @param flags [BufferRing#IOU_PBUF_RING_INC], or 0
    /// @return 0 or `-errno`
    public static int bufferRing(int ring, int group, long address, int entries, int flags) {
        long arg = argument();
        Memory.putPointer(arg, address);
        Memory.putInt(arg + 8, entries);
        Memory.putShort(arg + 12, (short) group);
        Memory.putShort(arg + 14, (short) flags);
        return UringCalls.register(ring, REGISTER_PBUF_RING, arg, 1);
    }

    /// Takes the buffers away. Those that the kernel has picked already it still fills.
    ///
    /// @param ring the ring
    /// @param group which
    /// @return 0 or `-errno`
    public static int unregisterBufferRing(int ring, int group) {
        long arg = argument();
        Memory.putShort(arg + 12, (short) group);
        return UringCalls.register(ring, UNREGISTER_PBUF_RING, arg, 1);
    }

    /// {@return how far the kernel has taken buffers, modulo 65536, or `-errno`; Linux 6.8}
    ///
    /// @param ring the ring
    /// @param group which
    public static int bufferRingHead(int ring, int group) {
        long arg = argument();
        Memory.putInt(arg, group);
        int result = UringCalls.register(ring, REGISTER_PBUF_STATUS, arg, 1);
        return result < 0 ? result : Memory.getInt(arg + 4);
    }

    /// Ends requests and waits until they are complete. Linux 6.0.
    ///
    /// @param ring the ring
    /// @param target the mark of what to end, if the flags do not say otherwise
    /// @param fd the descriptor, if the flags say so, else -1
    /// @param flags `IORING_ASYNC_CANCEL_...` of [UringRequests]
    /// @param timeoutNanos how long to wait, negative for ever
    /// @return 0 or the number of requests; `-ENOENT` for none; `-ETIME`; or another `-errno`
    public static int cancel(int ring, long target, int fd, int flags, long timeoutNanos) {
        long arg = argument();
        Memory.putLong(arg, target);
        Memory.putInt(arg + 8, fd);
        Memory.putInt(arg + 12, flags);
        long nanosPerSecond = 1_000_000_000L;
        Memory.putLong(arg + 16, timeoutNanos < 0 ? -1 : timeoutNanos / nanosPerSecond);
        Memory.putLong(arg + 24, timeoutNanos < 0 ? -1 : timeoutNanos % nanosPerSecond);
        return UringCalls.register(ring, REGISTER_SYNC_CANCEL, arg, 1);
    }

    /// Spares the look-up of the ring's descriptor at each enter of the calling thread.
    ///
    /// @param ring the ring
    /// @return the index to enter with and [UringCalls#IORING_ENTER_REGISTERED_RING], or `-errno`
    public static int ringFd(int ring) {
        long arg = argument();
        Memory.putInt(arg, ANY_INDEX);
        Memory.putLong(arg + 8, ring);
        int result = UringCalls.register(ring, REGISTER_RING_FDS, arg, 1);
        return result < 0 ? result : Memory.getInt(arg);
    }

    /// Gives such an index back. The kernel does so when the thread ends.
    ///
    /// @param ring the ring
    /// @param index what [#ringFd] has returned
    /// @return 1 or `-errno`
    public static int unregisterRingFd(int ring, int index) {
        long arg = argument();
        Memory.putInt(arg, index);
        return UringCalls.register(ring, UNREGISTER_RING_FDS, arg, 1);
    }

    /// Counts completions in an eventfd, so that a selector can watch the ring.
    ///
    /// @param ring the ring
    /// @param eventfd the counter
    /// @return 0 or `-errno`
    public static int eventfd(int ring, int eventfd) {
        long arg = argument();
        Memory.putInt(arg, eventfd);
        return UringCalls.register(ring, REGISTER_EVENTFD, arg, 1);
    }

    /// Ends that.
    ///
    /// @param ring the ring
    /// @return 0 or `-errno`
    public static int unregisterEventfd(int ring) {
        return UringCalls.register(ring, UNREGISTER_EVENTFD, 0, 0);
    }

    /// Limits the kernel's threads for requests of the calling thread that must wait somewhere.
    ///
    /// @param ring the ring
    /// @param bounded for those that end, as with files; 0 leaves it as it is
    /// @param unbounded for those that may not, as with sockets; 0 leaves it as it is
    /// @return 0 or `-errno`
    public static int maxWorkers(int ring, int bounded, int unbounded) {
        long arg = argument();
        Memory.putInt(arg, bounded);
        Memory.putInt(arg + 4, unbounded);
        return UringCalls.register(ring, REGISTER_IOWQ_MAX_WORKERS, arg, 2);
    }

    /// Asks for the operations, see [UringProbe].
    ///
    /// @param address where a zeroed `struct io_uring_probe` is
    /// @param operations for how many it has room
    static int probe(int ring, long address, int operations) {
        return UringCalls.register(ring, REGISTER_PROBE, address, operations);
    }

    /// The scratch structure, zeroed: what is reserved must be.
    private static long argument() {
        long arg = SystemCalls.current().scratch(SystemCalls.ADDRESS);
        Memory.zero(arg, ARGUMENT_BYTES);
        return arg;
    }
}
