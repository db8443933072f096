package dev.pollux.selectors;

import static dev.pollux.libc.Kevent.EVFILT_EXCEPT;
import static dev.pollux.libc.Kevent.EVFILT_READ;
import static dev.pollux.libc.Kevent.EVFILT_USER;
import static dev.pollux.libc.Kevent.EVFILT_WRITE;
import static dev.pollux.libc.Kevent.EV_ADD;
import static dev.pollux.libc.Kevent.EV_CLEAR;
import static dev.pollux.libc.Kevent.EV_DELETE;
import static dev.pollux.libc.Kevent.EV_EOF;
import static dev.pollux.libc.Kevent.EV_ONESHOT;
import static dev.pollux.libc.Kevent.NOTE_OOB;
import static dev.pollux.libc.Kevent.NOTE_TRIGGER;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Kevent;
import dev.pollux.libc.KqueueCalls;
import java.util.Map;
import java.util.Optional;

/// Waits with `kevent(2)`: the kernel keeps the interest set, one entry for each filter of a
/// descriptor, and a change takes effect in the wait that is running.
///
/// The user data is the generation. Kernel side: [KqueueCalls]; why so: `docs/mechanisms.md`.
final class KqueuePoller implements Poller {
    private static final int EVENTS_MIN = 128;
    private static final int[] FILTERS = {EVFILT_READ, EVFILT_WRITE, EVFILT_EXCEPT, EVFILT_USER};

    /// One for each filter, and one to make a file's stand-in ready.
    private static final int CHANGES_MAX = FILTERS.length + 1;

    private static final int BOTH = Selector.READ | Selector.WRITE;

    /// Among the kinds of a watch: it is a file's, for which a filter stands that is always ready.
    private static final int FILE = 1 << 16;

    /// Among the kinds of a watch: that direction has ended.
    private static final int READ_ENDED = 1 << 17;

    private static final int WRITE_ENDED = 1 << 18;
    private static final int BOTH_ENDED = READ_ENDED | WRITE_ENDED;

    private final KqueueCalls calls;

    /// Negative once it is closed.
    private int kqueue;

    private final Waker waker;

    /// What is watched. Guarded by this, but for the waiter's look at the count.
    private final Watches watches = new Watches();

    /// Where changes are written for the kernel. Guarded by this.
    private final NativeArray changes = new NativeArray(Kevent.BYTES);

    /// Where the kernel puts events: room for every filter of every descriptor. Owned by the
    /// waiter.
    private final NativeArray events = new NativeArray(Kevent.BYTES);

    private final ReadyList ready = new ReadyList();
    private long kevents;

    private KqueuePoller(KqueueCalls calls, int kqueue, Waker waker) {
        this.calls = calls;
        this.kqueue = kqueue;
        this.waker = waker;
    }

    static KqueuePoller open(KqueueCalls calls) throws ErrnoException {
        int kqueue = ErrnoException.check(calls.kqueue(), "kqueue", -1);
        KqueuePoller selector;
        try {
            selector = new KqueuePoller(calls, kqueue, Waker.open());
        } catch (Throwable t) {
            int _ = calls.close(kqueue);
            throw t;
        }
        try {
            int fd = selector.waker.fd();
            ErrnoException.check(selector.add(fd, Selector.READ, Trigger.LEVEL, 0), "kevent", fd);
        } catch (Throwable t) {
            selector.close();
            throw t;
        }
        return selector;
    }

    @Override
    public String name() {
        return "kqueue";
    }

    @Override
    public synchronized int add(int fd, int kinds, Trigger trigger, int generation) {
        if (fd >= SelectPoller.DESCRIPTORS_MAX) {
            return -Errno.EBADF;
        }
        changes.ensure(CHANGES_MAX);
        watches.ensure(fd); // Before the kernel knows of it.
        int result = addFilters(fd, kinds, trigger, generation);
        if (result >= 0) {
            watches.put(fd, kinds, trigger, generation);
        }
        return result;
    }

    /// The kernel reports a file only before its end. For a [MaybeFile] a filter stands that the
    /// program triggers itself, once and for all.
    @Override
    public int addMaybeFile(int fd, int kinds, Trigger trigger, int generation) {
        int file = Descriptors.isRegularFile(fd) ? FILE : 0;
        return add(fd, kinds | file, trigger, generation);
    }

    /// Adds the filters for the kinds, or none if one is refused.
    private int addFilters(int fd, int kinds, Trigger trigger, int generation) {
        int flags =
                EV_ADD
                        | switch (trigger) {
                            case LEVEL, EXCLUSIVE -> 0; // Exclusive never gets here: see whyNot.
                            case EDGE -> EV_CLEAR;
                            case ONE_SHOT -> EV_ONESHOT;
                        };
        int count = 0;
        for (int filter : FILTERS) {
            if (wants(kinds, filter)) {
                int notes = filter == EVFILT_EXCEPT ? NOTE_OOB : 0;
                Kevent.put(changes.address(), count++, fd, filter, flags, notes, generation);
            }
        }
        if ((kinds & FILE) != 0 && (kinds & BOTH) != 0) {
            long at = changes.address();
            Kevent.put(at, count++, fd, EVFILT_USER, EV_ADD, NOTE_TRIGGER, generation);
        }
        int result = change(count);
        if (result < 0) {
            int _ = deleteFilters(fd, kinds);
        }
        return result;
    }

    /// Deletes the filters for the kinds. Those that have fired once, or whose descriptor is
    /// closed, are gone by themselves.
    private int deleteFilters(int fd, int kinds) {
        int result = 0;
        for (int filter : FILTERS) {
            if (wants(kinds, filter)) {
                Kevent.put(changes.address(), 0, fd, filter, EV_DELETE, 0, 0);
                result = Math.min(result, change(1));
            }
        }
        return result;
    }

    private int change(int count) {
        kevents++;
        return calls.kevent(kqueue, changes.address(), count, 0, 0, 0);
    }

    private static boolean wants(int kinds, int filter) {
        return (kinds & FILE) != 0
                ? filter == EVFILT_USER
                : filter != EVFILT_USER && (kinds & kind(filter)) != 0;
    }

    /// Adding what is there already changes its user data, but not its trigger. What stands for a
    /// file is one filter for all kinds, so it goes and comes back as a whole.
    @Override
    public synchronized int modify(int fd, int kinds, Trigger trigger, int generation) {
        int before = watches.kinds(fd);
        int wanted = kinds | (before & (FILE | BOTH_ENDED));
        boolean stays = trigger == watches.trigger(fd) && (before & FILE) == 0;
        int dropped = stays ? before & ~wanted : before;
        int _ = deleteFilters(fd, dropped);
        int result = addFilters(fd, wanted, trigger, generation);
        if (result >= 0) {
            watches.put(fd, wanted, trigger, generation);
        }
        return result;
    }

    @Override
    public synchronized int remove(int fd) {
        int result = deleteFilters(fd, watches.kinds(fd));
        watches.remove(fd);
        return result;
    }

    @Override
    public int await(long timeoutNanos) {
        makeRoom();
        kevents++;
        long nanos = Math.min(timeoutNanos, KqueueCalls.TIMEOUT_NANOS_MAX);
        int count = calls.kevent(kqueue, 0, 0, events.address(), events.capacity(), nanos);
        for (int i = 0; i < count; i++) {
            take(i);
        }
        return count < 0 ? count : ready.count();
    }

    private synchronized void makeRoom() {
        events.ensure(Math.max(watches.count() * FILTERS.length, EVENTS_MIN));
        ready.clear();
        ready.ensure(watches.count(), watches.bound());
    }

    private synchronized void take(int index) {
        int fd = Kevent.fd(events.address(), index);
        int generation = (int) Kevent.udata(events.address(), index);
        Trigger trigger = watches.trigger(fd);
        if (trigger == null || watches.generation(fd) != generation) {
            return; // Unregistered since the kernel has said it.
        }
        int filter = Kevent.filter(events.address(), index);
        int kinds = kinds(index, fd, filter) & watches.kinds(fd) & ~FILE;
        if (kinds == 0) {
            return; // Armed for something else since then, which is still to come.
        }
        ready.merge(fd, kinds, generation);
        if (trigger == Trigger.ONE_SHOT) {
            // The kernel has deleted the filter that fired; the descriptor's others must be silent
            // too.
            int _ = deleteFilters(fd, watches.kinds(fd) & ~kind(filter));
        }
    }

    private static int kind(int filter) {
        return switch (filter) {
            case EVFILT_READ -> Selector.READ;
            case EVFILT_WRITE -> Selector.WRITE;
            case EVFILT_USER -> FILE | BOTH;
            default -> Selector.PRIORITY;
        };
    }

    /// The end of input and of output are flags of their filters; those who did not ask learn it
    /// from their next read or write, as on the other mechanisms. The end of output alone is no
    /// hangup: it also comes of one's own half-close.
    private int kinds(int index, int fd, int filter) {
        int kinds = kind(filter);
        boolean ended = (Kevent.flags(events.address(), index) & EV_EOF) != 0;
        if (ended) {
            kinds |= filter == EVFILT_READ ? Selector.READ_CLOSED : 0;
            kinds |= Kevent.fflags(events.address(), index) != 0 ? Selector.ERROR : 0;
        }
        int end = end(filter);
        int known = watches.kinds(fd);
        watches.setKinds(fd, ended ? known | end : known & ~end);
        return (watches.kinds(fd) & BOTH_ENDED) == BOTH_ENDED ? kinds | Selector.HANGUP : kinds;
    }

    private static int end(int filter) {
        return switch (filter) {
            case EVFILT_READ -> READ_ENDED;
            case EVFILT_WRITE -> WRITE_ENDED;
            default -> 0;
        };
    }

    @Override
    public int readyFd(int index) {
        return ready.fd(index);
    }

    @Override
    public int readyEvents(int index) {
        return ready.events(index);
    }

    @Override
    public int readyGeneration(int index) {
        return ready.generation(index);
    }

    @Override
    public Optional<String> whyNot(int kinds, Trigger trigger) {
        if (trigger == Trigger.EXCLUSIVE) {
            return Optional.of("kqueue(2) has no EXCLUSIVE");
        }
        boolean reads = (kinds & Selector.READ) != 0;
        boolean writes = (kinds & Selector.WRITE) != 0;
        if ((kinds & Selector.READ_CLOSED) != 0 && !reads) {
            return Optional.of("kqueue(2) tells READ_CLOSED only together with READ");
        }
        if ((kinds & Selector.HANGUP) != 0 && !(reads && writes)) {
            return Optional.of("kqueue(2) tells HANGUP only together with READ and WRITE");
        }
        if ((kinds & Selector.ERROR) != 0 && !reads && !writes) {
            return Optional.of("kqueue(2) tells ERROR only together with READ or WRITE");
        }
        return Optional.empty();
    }

    @Override
    public int wakeFd() {
        return waker.fd();
    }

    @Override
    public int wake() {
        return waker.signal();
    }

    @Override
    public void drainWake() {
        waker.drain();
    }

    @Override
    public int fd() {
        return kqueue;
    }

    @Override
    public String changeCall() {
        return "kevent";
    }

    @Override
    public String waitCall() {
        return "kevent";
    }

    @Override
    public Map<String, Long> systemCalls() {
        return Map.of("kevent", kevents, "write", waker.writes(), "read", waker.reads());
    }

    @Override
    public void close() {
        if (kqueue >= 0) {
            int _ = calls.close(kqueue);
            kqueue = -1;
        }
        waker.close();
        changes.close();
        events.close();
    }
}
