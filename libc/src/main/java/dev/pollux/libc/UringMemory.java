package dev.pollux.libc;

/// The two queues of a ring, in memory shared with the kernel, `io_uring(7)`.
///
/// Head and tail count without end; an entry is at its count modulo the length. The program owns
/// the tail of the submission queue and the head of the completion queue, the kernel the other two.
/// All belongs to one thread of the program, except [#unmap], which comes after everything.
///
/// In the submission queue an entry is at its index, also where the kernel wants an array of
/// indices in between: that one is filled once, here.
public final class UringMemory {
    /// The kernel's submission thread sleeps, [#sqFlags].
    public static final int IORING_SQ_NEED_WAKEUP = 1;

    /// The kernel holds completions that found the queue full: enter with
    /// [UringCalls#IORING_ENTER_GETEVENTS], [#sqFlags].
    public static final int IORING_SQ_CQ_OVERFLOW = 1 << 1;

    /// There is work to be done by entering the kernel, [#sqFlags]. Needs
    /// [UringParams#IORING_SETUP_TASKRUN_FLAG].
    public static final int IORING_SQ_TASKRUN = 1 << 2;

    private static final long OFF_SQ_RING = 0;
    private static final long OFF_SQES = 0x1000_0000L;

    private final long rings;
    private final long ringsBytes;
    private final long sqes;
    private final long sqesBytes;

    private final long sqHead;
    private final long sqTail;
    private final long sqFlags;
    private final long sqDropped;
    private final int sqMask;

    private final long cqHead;
    private final long cqTail;
    private final long cqOverflow;
    private final long cqes;
    private final int cqMask;

    private UringMemory(long rings, long ringsBytes, long sqes, long params) {
        this.rings = rings;
        this.ringsBytes = ringsBytes;
        this.sqes = sqes;
        this.sqesBytes = sqesBytes(params);
        this.sqHead = rings + UringParams.offset(params, UringParams.SQ_HEAD);
        this.sqTail = rings + UringParams.offset(params, UringParams.SQ_TAIL);
        this.sqFlags = rings + UringParams.offset(params, UringParams.SQ_FLAGS);
        this.sqDropped = rings + UringParams.offset(params, UringParams.SQ_DROPPED);
        this.sqMask = UringParams.sqEntries(params) - 1;
        this.cqHead = rings + UringParams.offset(params, UringParams.CQ_HEAD);
        this.cqTail = rings + UringParams.offset(params, UringParams.CQ_TAIL);
        this.cqOverflow = rings + UringParams.offset(params, UringParams.CQ_OVERFLOW);
        this.cqes = rings + UringParams.offset(params, UringParams.CQ_CQES);
        this.cqMask = UringParams.cqEntries(params) - 1;
        if ((UringParams.flags(params) & UringParams.IORING_SETUP_NO_SQARRAY) == 0) {
            fillArray(rings + UringParams.offset(params, UringParams.SQ_ARRAY));
        }
    }

    private void fillArray(long array) {
        for (int i = 0; i <= sqMask; i++) {
            Memory.putInt(array + (long) i * Integer.BYTES, i);
        }
    }

    /// Maps the queues of a ring.
    ///
    /// @param ring the ring
    /// @param params the structure it was opened with, not needed any more afterwards
    /// @return the queues; give them back with [#unmap]
    /// @throws ErrnoException if the kernel refuses: `ENOSYS` before Linux 5.4, where the queues
    ///   were mapped apart
    public static UringMemory map(int ring, long params) throws ErrnoException {
        if ((UringParams.features(params) & UringParams.IORING_FEAT_SINGLE_MMAP) == 0) {
            throw new ErrnoException(Errno.ENOSYS, "mmap", ring);
        }
        long ringsBytes = ringsBytes(params);
        long rings =
                ErrnoException.check(Mappings.shared(ring, OFF_SQ_RING, ringsBytes), "mmap", ring);
        long sqes = Mappings.shared(ring, OFF_SQES, sqesBytes(params));
        if (sqes < 0) {
            Mappings.remove(rings, ringsBytes);
            throw new ErrnoException((int) -sqes, "mmap", ring);
        }
        return new UringMemory(rings, ringsBytes, sqes, params);
    }

    /// The mapping ends with the later of the two arrays.
    private static long ringsBytes(long params) {
        long completions = (long) UringParams.cqEntries(params) * Cqe.BYTES;
        long indices = (long) UringParams.sqEntries(params) * Integer.BYTES;
        return Math.max(
                UringParams.offset(params, UringParams.CQ_CQES) + completions,
                UringParams.offset(params, UringParams.SQ_ARRAY) + indices);
    }

    private static long sqesBytes(long params) {
        return (long) UringParams.sqEntries(params) * Sqe.BYTES;
    }

    /// Unmaps the queues, once only. Nothing here may be called any more.
    public void unmap() {
        Mappings.remove(rings, ringsBytes);
        Mappings.remove(sqes, sqesBytes);
    }

    /// {@return the length of the submission queue, a power of two}
    public int sqEntries() {
        return sqMask + 1;
    }

    /// {@return the length of the completion queue, a power of two}
    public int cqEntries() {
        return cqMask + 1;
    }

    /// {@return up to where the kernel has taken requests}
    public int sqHead() {
        return Memory.getIntAcquire(sqHead);
    }

    /// {@return what the last [#publishSqTail] said}
    public int sqTail() {
        return Memory.getInt(sqTail);
    }

    /// Shows the kernel the requests that were written.
    ///
    /// @param tail behind the last one
    public void publishSqTail(int tail) {
        Memory.putIntRelease(sqTail, tail);
    }

    /// {@return the address of a request, see [Sqe]}
    ///
    /// @param count its count, from the tail on; there must be room: less than [#sqHead] plus
    ///   [#sqEntries]
    public long sqe(int count) {
        return sqes + (long) (count & sqMask) * Sqe.BYTES;
    }

    /// {@return the kernel's remarks, `IORING_SQ_...`}
    public int sqFlags() {
        return Memory.getIntAcquire(sqFlags);
    }

    /// Stores remarks: the kernel's part, for whoever stands in for it.
    ///
    /// @param flags `IORING_SQ_...`
    public void publishSqFlags(int flags) {
        Memory.putIntRelease(sqFlags, flags);
    }

    /// {@return how many requests the kernel could not read, ever}
    public int sqDropped() {
        return Memory.getIntAcquire(sqDropped);
    }

    /// {@return what the last [#publishCqHead] said}
    public int cqHead() {
        return Memory.getInt(cqHead);
    }

    /// {@return up to where the kernel has written completions}
    public int cqTail() {
        return Memory.getIntAcquire(cqTail);
    }

    /// Gives the kernel the room of the completions that were read.
    ///
    /// @param head behind the last one
    public void publishCqHead(int head) {
        Memory.putIntRelease(cqHead, head);
    }

    /// Stores how far completions have been written: the kernel's part, for whoever stands in for
    /// it.
    ///
    /// @param tail the count
    public void publishCqTail(int tail) {
        Memory.putIntRelease(cqTail, tail);
    }

    /// {@return the address of a completion, see [Cqe]}
    ///
    /// @param count its count, from the head on and below [#cqTail]
    public long cqe(int count) {
        return cqes + (long) (count & cqMask) * Cqe.BYTES;
    }

    /// {@return how many completions are lost, ever: those that the kernel had no memory to hold}
    public int cqOverflow() {
        return Memory.getIntAcquire(cqOverflow);
    }
}
