package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;

/// A ring for tests: requests are written one after the other, completions taken one by one.
/// Belongs to the thread that has opened it.
final class Ring implements AutoCloseable {
    private static final long DEADLINE_NANOS = 30_000_000_000L;

    /// How engines open theirs.
    static final int DEFERRED =
            UringParams.IORING_SETUP_SINGLE_ISSUER | UringParams.IORING_SETUP_DEFER_TASKRUN;

    private final int fd;
    private final UringMemory memory;
    private int written;

    private Ring(int fd, UringMemory memory) {
        this.fd = fd;
        this.memory = memory;
        this.written = memory.sqTail();
    }

    record Completion(long userData, int result, int flags) {
        boolean more() {
            return (flags & Cqe.IORING_CQE_F_MORE) != 0;
        }

        int buffer() {
            assertThat(flags & Cqe.IORING_CQE_F_BUFFER).as("a buffer in %s", this).isNotZero();
            return Cqe.bufferId(flags);
        }
    }

    static Ring open(int flags) throws ErrnoException {
        return open(32, 64, flags);
    }

    static Ring open(int sqEntries, int cqEntries, int flags) throws ErrnoException {
        long params = Memory.allocate(UringParams.BYTES);
        try {
            UringParams.init(params, flags | UringParams.IORING_SETUP_CQSIZE);
            UringParams.setCqEntries(params, cqEntries);
            int fd = ErrnoException.check(UringCalls.setup(sqEntries, params), "setup", -1);
            return new Ring(fd, UringMemory.map(fd, params));
        } finally {
            Memory.free(params);
        }
    }

    int fd() {
        return fd;
    }

    UringMemory memory() {
        return memory;
    }

    /// The entry of one more request.
    long sqe() {
        assertThat(written - memory.sqHead()).isLessThan(memory.sqEntries());
        return memory.sqe(written++);
    }

    /// Hands over what was written.
    void submit() {
        int count = publish();
        assertThat(UringCalls.submit(fd, count, 0)).isEqualTo(count);
    }

    /// Shows the kernel what was written, and tells how much it has not taken yet.
    private int publish() {
        memory.publishSqTail(written);
        return written - memory.sqHead();
    }

    /// Hands over what was written, and waits for a completion if there is none.
    Completion await() {
        int count = publish();
        int result = UringCalls.submitAndWait(fd, count, 1, 0, DEADLINE_NANOS);
        assertThat(result).as("submitAndWait: a number of requests").isEqualTo(count);
        Completion completion = take();
        long start = System.nanoTime();
        while (completion == null && System.nanoTime() - start < DEADLINE_NANOS) {
            // A signal has ended the wait after the requests were handed over.
            UringCalls.submitAndWait(fd, 0, 1, 0, DEADLINE_NANOS);
            completion = take();
        }
        assertThat(completion).as("a completion before the deadline").isNotNull();
        return completion;
    }

    /// Takes a completion that is there, else null.
    Completion take() {
        int head = memory.cqHead();
        if (head == memory.cqTail()) {
            return null;
        }
        long cqe = memory.cqe(head);
        var completion = new Completion(Cqe.userData(cqe), Cqe.result(cqe), Cqe.flags(cqe));
        memory.publishCqHead(head + 1);
        return completion;
    }

    @Override
    public void close() {
        memory.unmap();
        assertThat(Descriptors.close(fd)).isZero();
    }
}
