package dev.pollux.libc;

/// `io_uring(7)`: requests and completions in memory shared with the kernel. Linux only, `-ENOSYS`
/// elsewhere. These are the three system calls; the parts of what they share have a file each:
/// [UringParams] (what a ring is opened with), [UringMemory] (the two queues), [Sqe] and
/// [UringRequests] and [UringSockets] (a request), [Cqe] (a completion), [UringRegister] (files and
/// buffers that the ring knows), [BufferRing] (buffers that the kernel picks). [UringProbe] tells
/// what this kernel can.
///
/// All methods return a value >= 0 or `-errno`. A ring with
/// [UringParams#IORING_SETUP_SINGLE_ISSUER] answers `-EEXIST` to every thread but the one that has
/// enabled it.
public final class UringCalls {
    /// Wait for completions, and move into the queue those that the kernel still holds.
    public static final int IORING_ENTER_GETEVENTS = 1;

    /// Wake the kernel's submission thread.
    public static final int IORING_ENTER_SQ_WAKEUP = 1 << 1;

    /// Wait for room in the submission queue of a ring with such a thread.
    public static final int IORING_ENTER_SQ_WAIT = 1 << 2;

    /// The argument is a `struct io_uring_getevents_arg`. Needs [UringParams#IORING_FEAT_EXT_ARG].
    public static final int IORING_ENTER_EXT_ARG = 1 << 3;

    /// The ring is the index that [UringRegister#ringFd] gave, no descriptor.
    public static final int IORING_ENTER_REGISTERED_RING = 1 << 4;

    /// Do not count the wait as one for a disk. Needs [UringParams#IORING_FEAT_NO_IOWAIT].
    public static final int IORING_ENTER_NO_IOWAIT = 1 << 7;

    // struct io_uring_getevents_arg {  offset
    //   __u64 sigmask;                      0
    //   __u32 sigmask_sz;                   8
    //   __u32 min_wait_usec;               12
    //   __u64 ts; };                       16      struct __kernel_timespec *
    static final int GETEVENTS_ARG_BYTES = 24;
    private static final int GETEVENTS_TIMESPEC = 16;

    // int io_uring_setup(u32 entries, struct io_uring_params *p);                io_uring_setup(2)
    // int io_uring_enter(unsigned int fd, unsigned int to_submit, unsigned int min_complete,
    //                    unsigned int flags, void *arg, size_t argsz);           io_uring_enter(2)
    // int io_uring_register(unsigned int fd, unsigned int opcode, void *arg,
    //                       unsigned int nr_args);                            io_uring_register(2)
    private static final NumberedCall SETUP = NumberedCall.of(Call.IO_URING_SETUP, 425);
    private static final NumberedCall ENTER = NumberedCall.of(Call.IO_URING_ENTER, 426);
    private static final NumberedCall REGISTER = NumberedCall.of(Call.IO_URING_REGISTER, 427);

    private UringCalls() {}

    /// Opens a ring; its descriptor is closed at `execve`.
    ///
    /// @param entries the length of the submission queue, above 0; rounded up to a power of two
    /// @param params the address of a zeroed `struct io_uring_params` with the flags in it, see
    ///   [UringParams]; the kernel fills the rest
    /// @return a descriptor; `-ENOSYS` or `-EPERM` where there is no io_uring, or one not allowed;
    ///   `-EINVAL` for a flag that the kernel does not know; `-ENOMEM` beyond `RLIMIT_MEMLOCK`
    public static int setup(int entries, long params) {
        return SETUP.call(entries, params, 0, 0, 0, 0);
    }

    /// Hands over requests and waits for completions, with every argument the kernel knows. Blocks
    /// while `minComplete` is above 0 and not reached.
    ///
    /// @param ring the ring
    /// @param toSubmit how many requests to take from the submission queue
    /// @param minComplete wait for so many in the completion queue
    /// @param flags `IORING_ENTER_...`
    /// @param arg the address of what the flags say, or 0
    /// @param argBytes its size
    /// @return how many requests were taken, perhaps fewer than asked, or `-errno`
    public static int enter(
            int ring, int toSubmit, int minComplete, int flags, long arg, long argBytes) {
        return ENTER.call(ring, toSubmit, minComplete, flags, arg, argBytes);
    }

    /// Hands over requests and does not wait; it takes as long as what the requests can do at once.
    ///
    /// @param ring the ring
    /// @param toSubmit how many requests to take from the submission queue; 0 with
    ///   [#IORING_ENTER_GETEVENTS] only fetches completions
    /// @param flags `IORING_ENTER_...` but [#IORING_ENTER_SQ_WAIT] and [#IORING_ENTER_EXT_ARG]
    /// @return how many requests were taken, perhaps fewer than asked; `-EBUSY` or `-EAGAIN` when
    ///   completions must be taken first; or another `-errno`
    public static int submit(int ring, int toSubmit, int flags) {
        return ENTER.call(ring, toSubmit, 0, flags, 0, 0);
    }

    /// Hands over requests and waits for completions; does not wait with a time of 0. Where a wait
    /// ends early for any reason, what was taken counts more than why.
    ///
    /// @param ring the ring, which has [UringParams#IORING_FEAT_EXT_ARG] if a time above 0 is given
    /// @param toSubmit how many requests to take from the submission queue
    /// @param minComplete wait for so many in the completion queue
    /// @param flags further `IORING_ENTER_...`, as [#IORING_ENTER_REGISTERED_RING]
    /// @param timeoutNanos how long, negative for ever
    /// @return how many requests were taken, perhaps fewer than asked; if none: 0, `-ETIME` after
    ///   the timeout, `-EINTR`, or another `-errno`
    public static int submitAndWait(
            int ring, int toSubmit, int minComplete, int flags, long timeoutNanos) {
        int getEvents = flags | IORING_ENTER_GETEVENTS;
        if (timeoutNanos == 0) {
            return submit(ring, toSubmit, getEvents);
        }
        if (timeoutNanos < 0) {
            return enter(ring, toSubmit, minComplete, getEvents, 0, 0);
        }
        SystemCalls calls = SystemCalls.current();
        long arg = calls.scratch(SystemCalls.GETEVENTS);
        Memory.putPointer(arg + GETEVENTS_TIMESPEC, calls.timespec(timeoutNanos));
        int extended = getEvents | IORING_ENTER_EXT_ARG;
        return enter(ring, toSubmit, minComplete, extended, arg, GETEVENTS_ARG_BYTES);
    }

    /// Tells the ring something, see [UringRegister]. May block until the ring is quiet.
    ///
    /// @param ring the ring
    /// @param opcode `IORING_REGISTER_...`
    /// @param arg its argument, or 0
    /// @param count how many arguments, or their size
    /// @return what the opcode returns, or `-errno`
    public static int register(int ring, int opcode, long arg, int count) {
        return REGISTER.call(ring, opcode, arg, count, 0, 0);
    }
}
