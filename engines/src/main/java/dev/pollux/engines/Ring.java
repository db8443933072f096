package dev.pollux.engines;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import dev.pollux.libc.UringCalls;
import dev.pollux.libc.UringMemory;
import dev.pollux.libc.UringParams;
import dev.pollux.libc.UringRegister;
import java.io.UncheckedIOException;
import java.util.concurrent.locks.LockSupport;

/// An open io_uring, `io_uring(7)`: requests are written with [#request()] and leave together, with
/// the next wait or when the queue is full; completions are taken one by one.
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

    /// Flags of every wait.
    private final int waitFlags;

    /// Behind the last request written.
    private int tail;

    /// Behind the last request that the kernel has taken.
    private int taken;

    /// Behind the last completion taken here.
    private int head;

    private Ring(int fd, UringMemory memory, int waitFlags) {
        this.fd = fd;
        this.memory = memory;
        this.waitFlags = waitFlags;
    }

    /// Opens a ring.
    ///
    /// @param requests how many fit into the submission queue
    /// @param completions how many fit into the completion queue
    /// @throws ErrnoException when the kernel has none, or no descriptor or memory for it
    static Ring open(int requests, int completions) throws ErrnoException {
        long params = Memory.allocate(UringParams.BYTES);
        try {
            UringParams.init(params, SETUP);
            UringParams.setCqEntries(params, completions);
            int fd = UringCalls.setup(requests, params);
            ErrnoException.check(fd, "io_uring_setup", -1);
            return map(fd, params);
        } finally {
            Memory.free(params);
        }
    }

    private static Ring map(int fd, long params) throws ErrnoException {
        int features = UringParams.features(params);
        // An idle server would be shown as waiting for a disk.
        boolean quiet = (features & UringParams.IORING_FEAT_NO_IOWAIT) != 0;
        try {
            int waitFlags = quiet ? UringCalls.IORING_ENTER_NO_IOWAIT : 0;
            return new Ring(fd, UringMemory.map(fd, params), waitFlags);
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

    /// {@return the address of the next request's entry, to be written before the next call here}
    ///
    /// @throws UncheckedIOException when the queue is full and the kernel takes nothing for a long
    ///   time
    long request() {
        if (tail - taken == memory.sqEntries()) {
            submit();
        }
        return memory.sqe(tail++);
    }

    /// Hands over what has been written, and waits for nothing.
    ///
    /// @throws UncheckedIOException when the kernel takes nothing for a long time
    void submit() {
        memory.publishSqTail(tail);
        for (int i = 0; tail != taken; i++) {
            int result = UringCalls.enter(fd, tail - taken, 0, 0, 0, 0);
            if (result > 0) {
                taken += result;
            } else if (result != -Errno.EINTR) {
                pauseAfter(result, i);
            }
        }
    }

    /// The kernel is short of memory for requests (EAGAIN), or wants completions to be taken first
    /// (EBUSY), which cannot be here.
    private void pauseAfter(int result, int tries) {
        boolean mayPass = result == -Errno.EAGAIN || result == -Errno.EBUSY || result == 0;
        if (!mayPass || tries == TRIES) {
            throw new UncheckedIOException(new ErrnoException(-result, "io_uring_enter", fd));
        }
        LockSupport.parkNanos(this, PAUSE_NANOS);
    }

    /// Hands over what has been written, and waits until there is a completion.
    ///
    /// @param timeoutNanos the longest wait; 0: only look, negative: without end
    /// @throws ErrnoException when the ring cannot be used any more
    void await(long timeoutNanos) throws ErrnoException {
        memory.publishSqTail(tail);
        int count = tail - taken;
        int result;
        if (timeoutNanos == 0 || hasCompletion()) {
            int flags = waitFlags | UringCalls.IORING_ENTER_GETEVENTS;
            result = UringCalls.enter(fd, count, 0, flags, 0, 0);
        } else {
            result = UringCalls.submitAndWait(fd, count, 1, waitFlags, timeoutNanos);
        }
        if (result >= 0) {
            taken += result;
        } else if (result == -Errno.EAGAIN || result == -Errno.EBUSY) {
            // Completions first: the next wait hands over what was not taken.
            pauseUnlessCompleted();
        } else if (result != -Errno.EINTR && result != -Errno.ETIME) {
            throw new ErrnoException(-result, "io_uring_enter", fd);
        }
    }

    private void pauseUnlessCompleted() {
        if (!hasCompletion()) {
            LockSupport.parkNanos(this, PAUSE_NANOS);
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

    /// {@return how many completions the kernel has lost for want of memory}
    int lost() {
        return memory.cqOverflow();
    }

    /// Gives everything back; what the kernel still has to do for the ring it gives up.
    void close() {
        memory.unmap();
        Descriptors.close(fd);
    }
}
