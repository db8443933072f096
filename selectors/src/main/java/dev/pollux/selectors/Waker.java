package dev.pollux.selectors;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.EventfdCalls;
import dev.pollux.libc.Memory;
import dev.pollux.libc.Platform;

/// A descriptor that another thread makes readable, so that whoever waits for it wakes: an
/// `eventfd(2)`, or a pipe where there is none.
final class Waker {
    private static final int DRAIN_BYTES = 64;

    /// What becomes readable; an eventfd is both ends. Negative once it is closed.
    private int readEnd;

    private int writeEnd;

    /// What a pipe is written from and drained into; 0 with an eventfd.
    private long scratch;

    /// How many calls signalling has made; counted under the selector's lock.
    private long writes;

    /// How many calls draining has made; counted by the waiter.
    private long reads;

    private Waker(int readEnd, int writeEnd, long scratch) {
        this.readEnd = readEnd;
        this.writeEnd = writeEnd;
        this.scratch = scratch;
    }

    /// Opens the best there is.
    static Waker open() throws ErrnoException {
        return Platform.current().isLinux() ? overEventfd() : overPipe();
    }

    static Waker overEventfd() throws ErrnoException {
        int fd = ErrnoException.check(EventfdCalls.create(0, 0), "eventfd", -1);
        return new Waker(fd, fd, 0);
    }

    static Waker overPipe() throws ErrnoException {
        int[] ends = new int[2];
        int flags = Descriptors.O_NONBLOCK | Descriptors.O_CLOEXEC;
        long scratch = Memory.allocate(DRAIN_BYTES);
        int result = Descriptors.pipe2(ends, flags);
        if (result < 0) {
            Memory.free(scratch);
            throw new ErrnoException(-result, "pipe2", -1);
        }
        return new Waker(ends[0], ends[1], scratch);
    }

    /// {@return what to wait for}
    int fd() {
        return readEnd;
    }

    /// {@return whether every signal makes a new edge, so that an edge-triggered waiter need not
    /// drain}
    boolean isEventfd() {
        return readEnd == writeEnd;
    }

    /// Makes it readable; any thread.
    ///
    /// @return 0 or `-errno`
    int signal() {
        writes++;
        int result =
                isEventfd()
                        ? EventfdCalls.write(writeEnd, 1)
                        : Descriptors.write(writeEnd, scratch, 1);
        // Full is readable as well.
        return result == -Errno.EAGAIN ? 0 : Math.min(result, 0);
    }

    /// Makes it unreadable again; the waiter only.
    void drain() {
        if (isEventfd()) {
            reads++;
            long _ = EventfdCalls.read(readEnd);
            return;
        }
        int count;
        do {
            reads++;
            count = Descriptors.read(readEnd, scratch, DRAIN_BYTES);
        } while (count == DRAIN_BYTES);
    }

    long writes() {
        return writes;
    }

    long reads() {
        return reads;
    }

    void close() {
        if (isEventfd()) {
            writeEnd = -1;
        }
        readEnd = closed(readEnd);
        writeEnd = closed(writeEnd);
        Memory.free(scratch);
        scratch = 0;
    }

    /// Closes a descriptor, unless that has been done. Whatever a call throws, it throws before it
    /// is made.
    ///
    /// @return what there is instead: none
    static int closed(int fd) {
        if (fd >= 0) {
            int _ = Descriptors.close(fd);
        }
        return -1;
    }
}
