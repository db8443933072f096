package dev.pollux.libc;

/// Writes requests for any descriptor, and for none: one method per operation, each giving a whole
/// [Sqe] that may still be changed. Those for sockets are in [UringSockets].
///
/// In all of them `sqe` is the address of the entry and `userData` what the completion will be
/// marked with. A descriptor is an ordinary one; for a direct one add [Sqe#IOSQE_FIXED_FILE].
/// Memory that a request points to belongs to the kernel until the last completion, also of a
/// request that was cancelled.
public final class UringRequests {
    /// End all that match, not the first one alone; for [#cancel] and [#cancelFd].
    public static final int IORING_ASYNC_CANCEL_ALL = 1;

    /// Match by descriptor.
    public static final int IORING_ASYNC_CANCEL_FD = 1 << 1;

    /// Match everything.
    public static final int IORING_ASYNC_CANCEL_ANY = 1 << 2;

    /// The descriptor to match is a direct one.
    public static final int IORING_ASYNC_CANCEL_FD_FIXED = 1 << 3;

    /// Report again and again, for [#poll].
    public static final int IORING_POLL_ADD_MULTI = 1;

    /// The time is a moment of the monotonic clock, for [#timeout] and [#linkTimeout].
    public static final int IORING_TIMEOUT_ABS = 1;

    /// A timer that expires has succeeded, for [#timeout].
    public static final int IORING_TIMEOUT_ETIME_SUCCESS = 1 << 5;

    private static final int NO_FD = -1;

    private UringRequests() {}

    /// Nothing, completed at once: to be woken, or to see that all before it is done.
    ///
    /// @param sqe the entry
    /// @param userData the mark
    public static void nop(long sqe, long userData) {
        Sqe.put(sqe, UringOperation.NOP, NO_FD, 0, 0, 0, userData);
    }

    /// Reads.
    ///
    /// @param sqe the entry
    /// @param fd the descriptor
    /// @param address where the bytes go
    /// @param bytes at most so many
    /// @param offset from where in the file; -1 for its own position, and where there is none
    /// @param userData the mark
    public static void read(long sqe, int fd, long address, int bytes, long offset, long userData) {
        Sqe.put(sqe, UringOperation.READ, fd, offset, address, bytes, userData);
    }

    /// Writes.
    ///
    /// @param sqe the entry
    /// @param fd the descriptor
    /// @param address where the bytes are
    /// @param bytes how many
    /// @param offset where to in the file; -1 for its own position, and where there is none
    /// @param userData the mark
    public static void write(
            long sqe, int fd, long address, int bytes, long offset, long userData) {
        Sqe.put(sqe, UringOperation.WRITE, fd, offset, address, bytes, userData);
    }

    /// Waits until a descriptor is ready; the result is what it is ready for. [PollCalls#POLLRDHUP]
    /// is always reported, like errors.
    ///
    /// @param sqe the entry
    /// @param fd the descriptor
    /// @param events `POLL...` of [PollCalls]
    /// @param flags [#IORING_POLL_ADD_MULTI], or 0 for once
    /// @param userData the mark
    public static void poll(long sqe, int fd, int events, int flags, long userData) {
        Sqe.put(sqe, UringOperation.POLL_ADD, fd, 0, 0, flags, userData);
        Sqe.setOperationFlags(sqe, events);
    }

    /// Completes with `-ETIME` after a time, or with 0 after a number of completions.
    ///
    /// @param sqe the entry
    /// @param timespec the address of a `struct __kernel_timespec`: seconds, nanoseconds; free once
    ///   the request is taken
    /// @param completions how many, or 0 for the time alone
    /// @param flags `IORING_TIMEOUT_...`
    /// @param userData the mark
    public static void timeout(long sqe, long timespec, int completions, int flags, long userData) {
        Sqe.put(sqe, UringOperation.TIMEOUT, NO_FD, completions, timespec, 1, userData);
        Sqe.setOperationFlags(sqe, flags);
    }

    /// Ends the request right before it, which must have [Sqe#IOSQE_IO_LINK] and be submitted
    /// together with it, after a time: that one completes with `-ECANCELED` and this with `-ETIME`,
    /// or this with `-ECANCELED` if it was in time.
    ///
    /// @param sqe the entry
    /// @param timespec the address of a `struct __kernel_timespec`: seconds, nanoseconds; free once
    ///   the request is taken
    /// @param flags [#IORING_TIMEOUT_ABS], or 0
    /// @param userData the mark
    public static void linkTimeout(long sqe, long timespec, int flags, long userData) {
        Sqe.put(sqe, UringOperation.LINK_TIMEOUT, NO_FD, 0, timespec, 1, userData);
        Sqe.setOperationFlags(sqe, flags);
    }

    /// Ends requests by their mark. They complete by themselves, with `-ECANCELED` or as if nothing
    /// had been; this completes with 0 (or their number, with [#IORING_ASYNC_CANCEL_ALL]),
    /// `-ENOENT` for none, or `-EALREADY` if it was too late.
    ///
    /// @param sqe the entry
    /// @param target the mark of what to end
    /// @param flags `IORING_ASYNC_CANCEL_...`
    /// @param userData the mark
    public static void cancel(long sqe, long target, int flags, long userData) {
        Sqe.put(sqe, UringOperation.ASYNC_CANCEL, NO_FD, 0, target, 0, userData);
        Sqe.setOperationFlags(sqe, flags);
    }

    /// Ends all requests on a descriptor; it completes with their number.
    ///
    /// @param sqe the entry
    /// @param fd the descriptor
    /// @param flags [#IORING_ASYNC_CANCEL_FD_FIXED] for a direct one, or 0
    /// @param userData the mark
    public static void cancelFd(long sqe, int fd, int flags, long userData) {
        Sqe.put(sqe, UringOperation.ASYNC_CANCEL, fd, 0, 0, 0, userData);
        Sqe.setOperationFlags(sqe, flags | IORING_ASYNC_CANCEL_FD | IORING_ASYNC_CANCEL_ALL);
    }

    /// Closes an ordinary descriptor. Requests on it go on.
    ///
    /// @param sqe the entry
    /// @param fd the descriptor
    /// @param userData the mark
    public static void close(long sqe, int fd, long userData) {
        Sqe.put(sqe, UringOperation.CLOSE, fd, 0, 0, 0, userData);
    }

    /// Closes a direct descriptor. Requests on it go on.
    ///
    /// @param sqe the entry
    /// @param slot its place in the table, from 0 on
    /// @param userData the mark
    public static void closeSlot(long sqe, int slot, long userData) {
        Sqe.put(sqe, UringOperation.CLOSE, 0, 0, 0, 0, userData);
        Sqe.intoSlot(sqe, slot);
    }

    /// Makes an ordinary descriptor of a direct one, which stays: the result. Linux 6.8.
    ///
    /// @param sqe the entry
    /// @param slot the direct descriptor
    /// @param userData the mark
    public static void install(long sqe, int slot, long userData) {
        Sqe.put(sqe, UringOperation.FIXED_FD_INSTALL, slot, 0, 0, 0, userData);
        Sqe.addFlags(sqe, Sqe.IOSQE_FIXED_FILE);
    }

    /// Leaves a completion in another ring, whose waiter wakes up.
    ///
    /// @param sqe the entry
    /// @param ring the other ring
    /// @param result what that completion will have as its result
    /// @param target what it will be marked with
    /// @param userData the mark of the completion here: 0, or `-EOVERFLOW` where the other queue is
    ///   full, or `-EBADFD` where the other ring is not enabled yet
    public static void messageRing(long sqe, int ring, int result, long target, long userData) {
        Sqe.put(sqe, UringOperation.MSG_RING, ring, target, 0, result, userData);
    }
}
