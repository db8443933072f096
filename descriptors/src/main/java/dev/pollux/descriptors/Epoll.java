package dev.pollux.descriptors;

import dev.pollux.libc.EpollCalls;
import dev.pollux.libc.ErrnoException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `epoll(7)` bare, as Python's `select.epoll`: an interest set that the kernel keeps, and that is
/// itself a descriptor. For those who want to see the mechanism; a library over it, with objects
/// and data, is `selectors`. Linux only.
///
/// Closing a descriptor removes it from the set when no duplicate of it is left. Any thread may
/// change the set, also while another waits. Closing the set does not end a wait that is running.
public final class Epoll implements OwnedDescriptor {
    /// There is something to read, or the end of input.
    public static final int EPOLLIN = EpollCalls.EPOLLIN;

    /// There is an exceptional condition, as urgent data of TCP.
    public static final int EPOLLPRI = EpollCalls.EPOLLPRI;

    /// There is room to write.
    public static final int EPOLLOUT = EpollCalls.EPOLLOUT;

    /// The peer has finished sending.
    public static final int EPOLLRDHUP = EpollCalls.EPOLLRDHUP;

    /// There is an error. Reported without being asked for.
    public static final int EPOLLERR = EpollCalls.EPOLLERR;

    /// Both directions have ended. Reported without being asked for.
    public static final int EPOLLHUP = EpollCalls.EPOLLHUP;

    /// Report what has changed, and not what is: edge-triggered.
    public static final int EPOLLET = EpollCalls.EPOLLET;

    /// Report once, and then nothing until it is modified.
    public static final int EPOLLONESHOT = EpollCalls.EPOLLONESHOT;

    /// Wake one of several sets that watch the same, and not all.
    public static final int EPOLLEXCLUSIVE = EpollCalls.EPOLLEXCLUSIVE;

    /// How many events a wait brings at most where nobody says otherwise.
    public static final int EVENTS_MAX = 1024;

    private final Ownership ownership;

    private Epoll(int fd) {
        ownership = Ownership.of(fd, Ownership.Kind.FILE, "an Epoll", true);
    }

    /// {@return a set that watches nothing}
    ///
    /// @throws ErrnoException if the kernel refuses it, as `EMFILE`
    public static Epoll open() throws ErrnoException {
        return new Epoll(ErrnoException.check(EpollCalls.create(), "epoll_create1", -1));
    }

    @Override
    public Ownership ownership() {
        return ownership;
    }

    /// Watches a descriptor.
    ///
    /// @param fd the descriptor
    /// @param events `EPOLL...`
    /// @throws IOException an [ErrnoException] if the kernel refuses it: `EEXIST` if it is watched
    ///   already, `EPERM` for a regular file
    public void register(int fd, int events) throws IOException {
        control(EpollCalls.EPOLL_CTL_ADD, fd, events);
    }

    /// Watches a descriptor.
    ///
    /// @param descriptor an open one
    /// @param events `EPOLL...`
    /// @throws IOException as [#register(int, int)]
    public void register(Descriptor descriptor, int events) throws IOException {
        register(descriptor.fd(), events);
    }

    /// Changes what a descriptor is watched for.
    ///
    /// @param fd the descriptor
    /// @param events `EPOLL...`
    /// @throws IOException an [ErrnoException] if the kernel refuses it: `ENOENT` if it is not
    ///   watched
    public void modify(int fd, int events) throws IOException {
        control(EpollCalls.EPOLL_CTL_MOD, fd, events);
    }

    /// Changes what a descriptor is watched for.
    ///
    /// @param descriptor an open one
    /// @param events `EPOLL...`
    /// @throws IOException as [#modify(int, int)]
    public void modify(Descriptor descriptor, int events) throws IOException {
        modify(descriptor.fd(), events);
    }

    /// Watches a descriptor no longer.
    ///
    /// @param fd the descriptor
    /// @throws IOException an [ErrnoException] if the kernel refuses it: `ENOENT` if it is not
    ///   watched, `EBADF` if it is closed
    public void unregister(int fd) throws IOException {
        control(EpollCalls.EPOLL_CTL_DEL, fd, 0);
    }

    /// Watches a descriptor no longer.
    ///
    /// @param descriptor an open one
    /// @throws IOException as [#unregister(int)]
    public void unregister(Descriptor descriptor) throws IOException {
        unregister(descriptor.fd());
    }

    private void control(int operation, int fd, int events) throws IOException {
        int epoll = ownership.begin();
        try {
            int result = EpollCalls.ctl(epoll, operation, fd, events, fd);
            ErrnoException.check(result, "epoll_ctl", fd);
        } finally {
            ownership.end();
        }
    }

    /// Waits until something is ready, and brings at most [#EVENTS_MAX] events.
    ///
    /// @param timeout at least this long unless something happens; zero or negative asks without
    ///   waiting, null has no end. Signals do not end the wait
    /// @return what is ready
    /// @throws IllegalStateException in a virtual thread, unless the time is zero
    /// @throws IOException an [ErrnoException] if the kernel refuses it
    public List<Polled> poll(@Nullable Duration timeout) throws IOException {
        return poll(timeout, EVENTS_MAX);
    }

    /// Waits until something is ready.
    ///
    /// @param timeout as for [#poll(Duration)]
    /// @param eventsMax how many events to bring at most, above 0; the others come with the next
    ///   wait, and it may be fewer
    /// @return what is ready
    /// @throws IllegalStateException in a virtual thread, unless the time is zero
    /// @throws IOException an [ErrnoException] if the kernel refuses it
    public List<Polled> poll(@Nullable Duration timeout, int eventsMax) throws IOException {
        if (eventsMax <= 0) {
            throw new IllegalArgumentException("room for one event at least: " + eventsMax);
        }
        Deadline deadline = Deadline.in(timeout);
        deadline.requireCarrier();
        int epoll = ownership.begin();
        try {
            ThreadMemory memory = ThreadMemory.current();
            int max = Math.min(eventsMax, memory.room / EpollCalls.EVENT_BYTES);
            int ready;
            do {
                ready = EpollCalls.wait(epoll, memory.bytes(), max, deadline.left());
            } while (ownership.again(ready));
            if (ready < 0) {
                throw ownership.failure(ready, "epoll_wait");
            }
            return ready(memory.bytes(), ready);
        } finally {
            ownership.end();
        }
    }

    private static List<Polled> ready(long events, int count) {
        var polled = new ArrayList<Polled>(count);
        for (int i = 0; i < count; i++) {
            polled.add(new Polled((int) EpollCalls.data(events, i), EpollCalls.events(events, i)));
        }
        return polled;
    }

    @Override
    public String toString() {
        return ownership.toString();
    }
}
