package dev.pollux.descriptors;

import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import dev.pollux.libc.PollCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// `poll(2)` bare, as Python's `select.poll`: a list of descriptors that goes to the kernel at each
/// wait, level-triggered. For those who want to see the mechanism; a library over it, with objects
/// and data, is `selectors`.
///
/// It holds nothing of the system, so there is nothing to close. One thread uses it at a time.
public final class Poll {
    /// There is something to read, or the end of input.
    public static final int POLLIN = PollCalls.POLLIN;

    /// There is an exceptional condition, as urgent data of TCP.
    public static final int POLLPRI = PollCalls.POLLPRI;

    /// There is room to write.
    public static final int POLLOUT = PollCalls.POLLOUT;

    /// The peer has finished sending. Linux only; 0 elsewhere.
    public static final int POLLRDHUP = PollCalls.POLLRDHUP;

    /// There is an error. Reported without being asked for.
    public static final int POLLERR = PollCalls.POLLERR;

    /// Both directions have ended. Reported without being asked for.
    public static final int POLLHUP = PollCalls.POLLHUP;

    /// The number is no open descriptor. Reported without being asked for.
    public static final int POLLNVAL = PollCalls.POLLNVAL;

    private final Map<Integer, Integer> watched = new LinkedHashMap<>();

    /// Makes one that watches nothing.
    public Poll() {}

    /// Watches a descriptor, or changes what it is watched for.
    ///
    /// @param fd the descriptor
    /// @param events `POLL...`
    public void register(int fd, int events) {
        if (fd < 0) { // The kernel would pass over it in silence.
            throw new IllegalArgumentException("not a descriptor: " + fd);
        }
        watched.put(fd, events);
    }

    /// Watches a descriptor, or changes what it is watched for.
    ///
    /// @param descriptor an open one
    /// @param events `POLL...`
    public void register(Descriptor descriptor, int events) {
        register(descriptor.fd(), events);
    }

    /// Changes what a descriptor is watched for.
    ///
    /// @param fd the descriptor
    /// @param events `POLL...`
    /// @throws NoSuchElementException if it is not watched
    public void modify(int fd, int events) {
        requireWatched(watched.replace(fd, events), fd);
    }

    /// Changes what a descriptor is watched for.
    ///
    /// @param descriptor an open one
    /// @param events `POLL...`
    /// @throws NoSuchElementException if it is not watched
    public void modify(Descriptor descriptor, int events) {
        modify(descriptor.fd(), events);
    }

    /// Watches a descriptor no longer.
    ///
    /// @param fd the descriptor, which may be closed by now
    /// @throws NoSuchElementException if it is not watched
    public void unregister(int fd) {
        requireWatched(watched.remove(fd), fd);
    }

    /// Watches a descriptor no longer.
    ///
    /// @param descriptor an open one
    /// @throws NoSuchElementException if it is not watched
    public void unregister(Descriptor descriptor) {
        unregister(descriptor.fd());
    }

    private static void requireWatched(@Nullable Integer events, int fd) {
        if (events == null) {
            throw new NoSuchElementException("not registered: fd " + fd);
        }
    }

    /// Waits until something is ready.
    ///
    /// @param timeout at least this long unless something happens; zero or negative asks without
    ///   waiting, null has no end. Signals do not end the wait
    /// @return what is ready, in the order of registration
    /// @throws IllegalStateException in a virtual thread, unless the time is zero
    /// @throws ErrnoException if the kernel refuses it
    public List<Polled> poll(@Nullable Duration timeout) throws ErrnoException {
        Deadline deadline = Deadline.in(timeout);
        deadline.requireCarrier();
        long pollfds = Memory.allocate(Math.max(watched.size(), 1) * (long) PollCalls.POLLFD_BYTES);
        try {
            int count = 0;
            for (Map.Entry<Integer, Integer> each : watched.entrySet()) {
                PollCalls.put(pollfds, count++, each.getKey(), each.getValue());
            }
            int ready;
            do {
                ready = PollCalls.poll(pollfds, count, deadline.left());
            } while (Ownership.interrupted(ready));
            ErrnoException.check(ready, "poll", -1);
            return ready(pollfds, count, ready);
        } finally {
            Memory.free(pollfds);
        }
    }

    private static List<Polled> ready(long pollfds, int count, int ready) {
        var polled = new ArrayList<Polled>(ready);
        for (int i = 0; i < count && polled.size() < ready; i++) {
            int events = PollCalls.revents(pollfds, i);
            if (events != 0) {
                polled.add(new Polled(PollCalls.fd(pollfds, i), events));
            }
        }
        return polled;
    }
}
