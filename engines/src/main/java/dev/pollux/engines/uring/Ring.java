package dev.pollux.engines.uring;

import dev.pollux.engines.shared.Uninterrupted;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import dev.pollux.libc.UringCalls;
import dev.pollux.libc.UringMemory;
import dev.pollux.libc.UringParams;
import dev.pollux.libc.UringRegister;
import org.jspecify.annotations.Nullable;

/// An open io_uring, `io_uring(7)`: requests are written with [#request()] and leave together, with
/// the next wait or [#submit()], or when the queue is full; completions are taken one by one.
///
/// Opened disabled by any thread; from [#enable()] on it belongs to the thread that has called it,
/// and completions come into being only while that thread is in [#await] or [#submit()].
final class Ring {
    /// What every ring here is opened with. One thread submits, and the kernel completes nothing
    /// behind its back: no interrupt of its work, and completions in batches.
    static final int SETUP =
            UringParams.IORING_SETUP_CQSIZE
                    | UringParams.IORING_SETUP_R_DISABLED
                    | UringParams.IORING_SETUP_SUBMIT_ALL
                    | UringParams.IORING_SETUP_SINGLE_ISSUER
                    | UringParams.IORING_SETUP_DEFER_TASKRUN;

    /// What the kernel must have: no completion is lost, waits have a timeout, requests are copied
    /// when they are submitted, sockets are polled without a thread.
    static final int FEATURES =
            UringParams.IORING_FEAT_NODROP
                    | UringParams.IORING_FEAT_EXT_ARG
                    | UringParams.IORING_FEAT_SUBMIT_STABLE
                    | UringParams.IORING_FEAT_FAST_POLL;

    /// Tries to submit while the kernel has no memory, and the pause after each.
    private static final int TRIES = 1000;

    private static final long PAUSE_NANOS = 1_000_000;

    private final int fd;
    private final UringMemory memory;
    private final RingEntry kernel;

    /// Flags of every wait.
    private final int waitFlags;

    /// Behind the last request written.
    private int tail;

    /// Behind the last request that the kernel has taken.
    private int taken;

    /// Behind the last completion taken here.
    private int head;

    /// Why the ring cannot be used any more; null while it can.
    private @Nullable ErrnoException failure;

    private Ring(int fd, UringMemory memory, RingEntry kernel, int waitFlags) {
        this.fd = fd;
        this.memory = memory;
        this.kernel = kernel;
        this.waitFlags = waitFlags;
    }

    /// Opens a ring.
    ///
    /// @param requests how many fit into the submission queue
    /// @param completions how many fit into the completion queue
    /// @throws ErrnoException when the kernel has none, or no descriptor or memory for it
    static Ring open(int requests, int completions) throws ErrnoException {
        return open(requests, completions, RingEntry.KERNEL);
    }

    /// The same, entered another way.
    static Ring open(int requests, int completions, RingEntry kernel) throws ErrnoException {
        long params = Memory.allocate(UringParams.BYTES);
        try {
            UringParams.init(params, SETUP);
            UringParams.setCqEntries(params, completions);
            int fd = UringCalls.setup(requests, params);
            ErrnoException.check(fd, "io_uring_setup", -1);
            return map(fd, params, kernel);
        } finally {
            Memory.free(params);
        }
    }

    private static Ring map(int fd, long params, RingEntry kernel) throws ErrnoException {
        int features = UringParams.features(params);
        // An idle server would be shown as waiting for a disk.
        boolean quiet = (features & UringParams.IORING_FEAT_NO_IOWAIT) != 0;
        try {
            int waitFlags = quiet ? UringCalls.IORING_ENTER_NO_IOWAIT : 0;
            UringMemory queues = UringMemory.map(fd, params);
            kernel.opened(queues);
            return new Ring(fd, queues, kernel, waitFlags);
        } catch (ErrnoException e) {
            Descriptors.close(fd);
            throw e;
        }
    }

    int fd() {
        return fd;
    }

    /// Makes the calling thread the one that the ring belongs to.
    void enable() throws ErrnoException {
        ErrnoException.check(UringRegister.enable(fd), "io_uring_register", fd);
    }

    /// Gives the kernel buffers to pick from, see [UringRegister#bufferRing].
    ///
    /// @return 0 or `-errno`
    int giveBuffers(int group, long address, int count) {
        return kernel.giveBuffers(fd, group, address, count);
    }

    /// {@return the address of the next request's entry, to be written before the next call here}
    ///
    /// Once the ring has failed, what is written leads to nothing; the next [#await] tells.
    long request() {
        if (isFull()) {
            submit();
            if (isFull()) {
                return memory.sqe(tail);
            }
        }
        return memory.sqe(tail++);
    }

    private boolean isFull() {
        return tail - taken == memory.sqEntries();
    }

    /// Hands over what has been written, and waits for nothing. When the kernel takes nothing for a
    /// long time the ring has failed; the next [#await] tells.
    void submit() {
        memory.publishSqTail(tail);
        int tries = 0;
        while (tail != taken && failure == null) {
            int result = kernel.submit(fd, tail - taken, 0);
            if (result > 0) {
                taken += result;
            } else if (result != -Errno.EINTR) {
                pauseAfter(result, ++tries);
            }
        }
    }

    /// The kernel is short of memory for requests (EAGAIN), or wants completions to be taken first
    /// (EBUSY), which cannot be here.
    private void pauseAfter(int result, int tries) {
        int errno = result == 0 ? Errno.EAGAIN : -result;
        boolean mayPass = errno == Errno.EAGAIN || errno == Errno.EBUSY;
        if (mayPass && tries < TRIES) {
            Uninterrupted.pause(PAUSE_NANOS);
        } else {
            failure = new ErrnoException(errno, "io_uring_enter", fd);
        }
    }

    /// Hands over what has been written, and waits until there is a completion.
    ///
    /// @param timeoutNanos the longest wait; 0: only look, negative: without end
    /// @throws ErrnoException when the ring cannot be used any more
    void await(long timeoutNanos) throws ErrnoException {
        if (failure != null) {
            throw failure;
        }
        memory.publishSqTail(tail);
        long wait = hasCompletion() ? 0 : timeoutNanos;
        int result = kernel.submitAndWait(fd, tail - taken, 1, waitFlags, wait);
        if (result >= 0) {
            taken += result;
        } else if (result == -Errno.EAGAIN || result == -Errno.EBUSY) {
            // Completions first: the next wait hands over what was not taken.
            pauseUnlessCompleted();
        } else if (result != -Errno.EINTR && result != -Errno.ETIME) {
            failure = new ErrnoException(-result, "io_uring_enter", fd);
            throw failure;
        }
    }

    private void pauseUnlessCompleted() {
        if (!hasCompletion()) {
            Uninterrupted.pause(PAUSE_NANOS);
        }
    }

    /// {@return whether [#completion()] has one}
    boolean hasCompletion() {
        return head != memory.cqTail();
    }

    /// {@return the address of the next completion, which is there; valid until [#release()]}
    long completion() {
        return memory.cqe(head);
    }

    /// Goes on to the next completion.
    void release() {
        memory.publishCqHead(++head);
    }

    /// {@return how many completions wait behind the current one}
    int completions() {
        return memory.cqTail() - head;
    }

    /// {@return the address of one of those that wait}
    ///
    /// @param index from 0 to below [#completions()]
    long completion(int index) {
        return memory.cqe(head + index);
    }

    /// {@return whether there is room for the completions of all requests that are written, and of
    /// one more}
    boolean hasRoom() {
        boolean overflows = (memory.sqFlags() & UringMemory.IORING_SQ_CQ_OVERFLOW) != 0;
        return !overflows && completions() + (tail - taken) < memory.cqEntries();
    }

    /// {@return how many completions the kernel has lost for want of memory}
    int lost() {
        return memory.cqOverflow();
    }

    /// Gives everything back; what the kernel still has to do for the ring it gives up.
    void close() {
        kernel.closing();
        memory.unmap();
        Descriptors.close(fd);
    }
}
