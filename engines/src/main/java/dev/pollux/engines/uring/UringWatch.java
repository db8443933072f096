package dev.pollux.engines.uring;

import static dev.pollux.libc.PollCalls.POLLERR;
import static dev.pollux.libc.PollCalls.POLLHUP;
import static dev.pollux.libc.PollCalls.POLLIN;
import static dev.pollux.libc.PollCalls.POLLOUT;

import dev.pollux.engines.loop.Connection;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.UringRequests;
import dev.pollux.selectors.Selector;

/// Watches a descriptor that somebody else has opened, and may share: the ring only tells when it
/// is ready (`AdoptedWire` reads and writes), one poll after the other, so that what is still ready
/// is told again.
///
/// Belongs to the loop's thread.
final class UringWatch implements RingSource {
    private static final int POLL = 1;

    private final UringDriver driver;
    private final Connection connection;
    private final int fd;
    private final long identity;

    /// What is to be told, `Selector.READ` and `Selector.WRITE`; 0 for nothing.
    private int wanted;

    /// What the poll under way is for, 0 when there is none.
    private int polled;

    private boolean done;

    UringWatch(UringDriver driver, Connection connection, int fd) {
        this.driver = driver;
        this.connection = connection;
        this.fd = fd;
        this.identity = driver.sources().add(this);
    }

    int fd() {
        return fd;
    }

    void watch(int events) {
        wanted = events;
        if (polled == 0) {
            poll();
        } else if (polled != wanted) {
            cancel();
        }
    }

    private void poll() {
        polled = wanted;
        if (polled != 0) {
            int events = (polled & Selector.READ) != 0 ? POLLIN : 0;
            events |= (polled & Selector.WRITE) != 0 ? POLLOUT : 0;
            long mark = RingSources.mark(identity, POLL);
            UringRequests.poll(driver.ring().request(), fd, events, 0, mark);
        }
    }

    private void cancel() {
        long mark = RingSources.mark(identity, POLL);
        UringRequests.cancel(driver.ring().request(), mark, 0, 0);
    }

    @Override
    public void completed(int operation, int result, int flags) {
        int asked = polled;
        polled = 0;
        if (done) {
            driver.sources().remove(identity);
            return;
        }
        if (result >= 0) {
            connection.ready(events(result, asked));
        } else if (result != -Errno.ECANCELED) {
            wanted = 0;
            connection.fail(new ErrnoException(-result, "poll", fd));
        }
        poll();
    }

    @Override
    public void failed(Throwable e) {
        connection.failed(e);
    }

    /// An end or an error that nobody has asked for wakes reader and writer: each learns of it from
    /// its own call.
    private static int events(int bits, int asked) {
        int events = (bits & (POLLHUP | POLLERR)) != 0 ? asked : 0;
        events |= (bits & POLLIN) != 0 ? Selector.READ : 0;
        events |= (bits & POLLOUT) != 0 ? Selector.WRITE : 0;
        events |= (bits & POLLHUP) != 0 ? Selector.HANGUP : 0;
        return events | ((bits & POLLERR) != 0 ? Selector.ERROR : 0);
    }

    @Override
    public void end() {
        done = true;
        if (polled == 0) {
            driver.sources().remove(identity);
        } else {
            cancel();
        }
    }
}
