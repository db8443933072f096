package dev.pollux.descriptors;

import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Kevent;
import dev.pollux.libc.KqueueCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `kqueue(2)` bare, for reading and writing: an interest set that the kernel keeps, and that is
/// itself a descriptor. For those who want to see the mechanism; a library over it, with objects
/// and data, is `selectors`. macOS only.
///
/// Reading and writing are two filters, registered and reported one by one. Closing a descriptor
/// removes both.
public final class Kqueue implements OwnedDescriptor {
    /// There is something to read, or the end of input: `EVFILT_READ`.
    public static final int READ = 1;

    /// There is room to write: `EVFILT_WRITE`.
    public static final int WRITE = 2;

    /// The other end has finished, or there is an error: `EV_EOF`, which comes with a filter.
    public static final int EOF = 4;

    /// Report what has changed, and not what is: `EV_CLEAR`, edge-triggered.
    public static final int CLEAR = 8;

    private final Ownership ownership;
    private final KqueueCalls calls;

    private Kqueue(KqueueCalls calls, int fd) {
        this.calls = calls;
        ownership = Ownership.of(fd, Ownership.Kind.FILE, "a Kqueue", true);
    }

    /// {@return a set that watches nothing}
    ///
    /// @throws UnsupportedOperationException if this system has none
    /// @throws ErrnoException if the kernel refuses it, as `EMFILE`
    public static Kqueue open() throws ErrnoException {
        return open(KqueueCalls.ofSystem());
    }

    static Kqueue open(KqueueCalls calls) throws ErrnoException {
        return new Kqueue(calls, ErrnoException.check(calls.kqueue(), "kqueue", -1));
    }

    @Override
    public Ownership ownership() {
        return ownership;
    }

    /// Watches a descriptor, or changes how: a filter that is not named stays as it is.
    ///
    /// @param fd the descriptor
    /// @param events [#READ], [#WRITE] or both, with [#CLEAR] or without
    /// @throws IOException an [ErrnoException] if the kernel refuses it
    public void register(int fd, int events) throws IOException {
        int clear = (events & CLEAR) == 0 ? 0 : Kevent.EV_CLEAR;
        change(fd, events, Kevent.EV_ADD | clear);
    }

    /// Watches a descriptor, or changes how.
    ///
    /// @param descriptor an open one
    /// @param events as for [#register(int, int)]
    /// @throws IOException an [ErrnoException] if the kernel refuses it
    public void register(Descriptor descriptor, int events) throws IOException {
        register(descriptor.fd(), events);
    }

    /// Watches a descriptor no longer.
    ///
    /// @param fd the descriptor
    /// @param events [#READ], [#WRITE] or both, which are registered
    /// @throws IOException an [ErrnoException] if the kernel refuses it: `ENOENT` if it is not
    ///   watched for that
    public void unregister(int fd, int events) throws IOException {
        change(fd, events, Kevent.EV_DELETE);
    }

    /// Watches a descriptor no longer.
    ///
    /// @param descriptor an open one
    /// @param events as for [#unregister(int, int)]
    /// @throws IOException an [ErrnoException] if the kernel refuses it
    public void unregister(Descriptor descriptor, int events) throws IOException {
        unregister(descriptor.fd(), events);
    }

    private void change(int fd, int events, int flags) throws IOException {
        if ((events & (READ | WRITE)) == 0) {
            throw new IllegalArgumentException("READ, WRITE or both: " + events);
        }
        int kqueue = ownership.begin();
        try {
            if ((events & READ) != 0) {
                change(kqueue, fd, Kevent.EVFILT_READ, flags);
            }
            if ((events & WRITE) != 0) {
                change(kqueue, fd, Kevent.EVFILT_WRITE, flags);
            }
        } finally {
            ownership.end();
        }
    }

    private void change(int kqueue, int fd, int filter, int flags) throws ErrnoException {
        long change = ThreadMemory.current().bytes();
        Kevent.put(change, 0, fd, filter, flags, 0, 0);
        ErrnoException.check(calls.kevent(kqueue, change, 1, 0, 0, 0), "kevent", fd);
    }

    /// Waits until something is ready.
    ///
    /// @param timeout at least this long unless something happens; zero or negative asks without
    ///   waiting, null has no end. Signals do not end the wait
    /// @return what is ready, one entry for each filter
    /// @throws IllegalStateException in a virtual thread, unless the time is zero
    /// @throws IOException an [ErrnoException] if the kernel refuses it
    public List<Polled> poll(@Nullable Duration timeout) throws IOException {
        Deadline deadline = Deadline.in(timeout);
        deadline.requireCarrier();
        int kqueue = ownership.begin();
        try {
            ThreadMemory memory = ThreadMemory.current();
            int max = memory.room / Kevent.BYTES;
            int ready;
            do {
                long nanos = Math.min(deadline.left(), KqueueCalls.TIMEOUT_NANOS_MAX);
                ready = calls.kevent(kqueue, 0, 0, memory.bytes(), max, nanos);
            } while (ownership.again(ready));
            if (ready < 0) {
                throw ownership.failure(ready, "kevent");
            }
            return ready(memory.bytes(), ready);
        } finally {
            ownership.end();
        }
    }

    private static List<Polled> ready(long events, int count) {
        var polled = new ArrayList<Polled>(count);
        for (int i = 0; i < count; i++) {
            int filter = Kevent.filter(events, i) == Kevent.EVFILT_READ ? READ : WRITE;
            int end = (Kevent.flags(events, i) & Kevent.EV_EOF) == 0 ? 0 : EOF;
            polled.add(new Polled(Kevent.fd(events, i), filter | end));
        }
        return polled;
    }

    @Override
    public String toString() {
        return ownership.toString();
    }
}
