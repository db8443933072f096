package dev.pollux.engines.uring;

import dev.pollux.libc.Cqe;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.EventfdCalls;
import dev.pollux.libc.PollCalls;
import dev.pollux.libc.UringRequests;
import java.util.concurrent.atomic.AtomicBoolean;

/// Ends a wait of the loop from another thread: an `eventfd(2)` that the ring polls. Each write is
/// one completion, so nobody has to read the counter, which would take 2^64 writes to overflow.
///
/// Belongs to the loop's thread, but for [#wakeup()].
final class UringWakeup implements RingSource {
    private static final int POLL = 1;

    private final UringDriver driver;
    private final Object lock = new Object();

    /// Written, and not served yet: further wakeups cost nothing.
    private final AtomicBoolean written = new AtomicBoolean();

    /// -1 once closed. Guarded by `lock`, so that no other file is written to under its number.
    private int fd;

    private long identity;
    private boolean done;

    UringWakeup(UringDriver driver) throws ErrnoException {
        this.driver = driver;
        this.fd = ErrnoException.check(EventfdCalls.create(0, 0), "eventfd", -1);
    }

    /// Begins to watch.
    void begin() {
        identity = driver.sources().add(this);
        poll();
    }

    private void poll() {
        long mark = RingSources.mark(identity, POLL);
        int again = UringRequests.IORING_POLL_ADD_MULTI;
        UringRequests.poll(driver.ring().request(), fd, PollCalls.POLLIN, again, mark);
    }

    void wakeup() {
        if (!written.compareAndSet(false, true)) {
            return;
        }
        synchronized (lock) {
            if (fd >= 0) {
                EventfdCalls.write(fd, 1);
            }
        }
    }

    @Override
    public void completed(int operation, int result, int flags) {
        written.set(false);
        if ((flags & Cqe.IORING_CQE_F_MORE) != 0) {
            return;
        }
        if (done) {
            driver.sources().remove(identity);
        } else {
            poll();
        }
    }

    /// Nobody could wake the loop any more.
    @Override
    public void failed(Throwable e) {
        throw new IllegalStateException("a loop cannot be woken any more", e);
    }

    @Override
    public void end() {
        done = true;
        UringRequests.cancel(driver.ring().request(), RingSources.mark(identity, POLL), 0, 0);
    }

    void close() {
        synchronized (lock) {
            Descriptors.close(fd);
            fd = -1;
        }
    }
}
