package dev.pollux.selectors;

import static dev.pollux.libc.EpollCalls.EPOLLERR;
import static dev.pollux.libc.EpollCalls.EPOLLET;
import static dev.pollux.libc.EpollCalls.EPOLLEXCLUSIVE;
import static dev.pollux.libc.EpollCalls.EPOLLHUP;
import static dev.pollux.libc.EpollCalls.EPOLLIN;
import static dev.pollux.libc.EpollCalls.EPOLLONESHOT;
import static dev.pollux.libc.EpollCalls.EPOLLOUT;
import static dev.pollux.libc.EpollCalls.EPOLLPRI;
import static dev.pollux.libc.EpollCalls.EPOLLRDHUP;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.EpollCalls;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.EventfdCalls;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/// Waits with `epoll_wait(2)`: the kernel keeps the interest set, so a wait costs what is ready,
/// not what is registered, and a change takes effect in the wait that is running.
///
/// The 8 bytes of user data hold the generation and the descriptor. Kernel side: [EpollCalls]; why
/// so: `docs/mechanisms.md`.
final class EpollPoller implements Poller {
    private static final int EVENTS_MIN = 256;

    /// Negative once it is closed.
    private int epoll;

    private final Waker waker;

    /// The eventfds that stand for regular files, by the file's descriptor; each 1 more than it is,
    /// 0 for none. Plain, as taking one away must need no memory.
    private int[] standIns = new int[0];

    /// Where the kernel puts events: always room for every registration, so that one wait can
    /// report them all. Owned by the waiter.
    private final NativeArray events = new NativeArray(EpollCalls.EVENT_BYTES);

    /// How many descriptors are in the set, the waker's included. The waiter may see an older
    /// value, and then reports what does not fit in its next wait.
    private int watched;

    private long waits;
    private long changes;

    private EpollPoller(int epoll, Waker waker) {
        this.epoll = epoll;
        this.waker = waker;
    }

    static EpollPoller open() throws ErrnoException {
        int epoll = ErrnoException.check(EpollCalls.create(), "epoll_create1", -1);
        EpollPoller selector;
        try {
            selector = new EpollPoller(epoll, Waker.open());
        } catch (Throwable t) {
            int _ = Descriptors.close(epoll);
            throw t;
        }
        // Each write to an eventfd is a new edge: no read is needed, and no wakeup is reported
        // twice.
        Trigger trigger = selector.waker.isEventfd() ? Trigger.EDGE : Trigger.LEVEL;
        int result = selector.add(selector.waker.fd(), Selector.READ, trigger, 0);
        if (result < 0) {
            selector.close();
            throw new ErrnoException(-result, "epoll_ctl", selector.waker.fd());
        }
        return selector;
    }

    @Override
    public String name() {
        return "epoll";
    }

    @Override
    public int add(int fd, int kinds, Trigger trigger, int generation) {
        return add(fd, fd, kinds, trigger, generation);
    }

    @Override
    public int addMaybeFile(int fd, int kinds, Trigger trigger, int generation) {
        int result = add(fd, kinds, trigger, generation);
        return result == -Errno.EPERM ? addStandIn(fd, kinds, trigger, generation) : result;
    }

    /// A file is stood for by an eventfd that is readable and writable for ever, so that the kernel
    /// itself does the triggers.
    private int addStandIn(int fd, int kinds, Trigger trigger, int generation) {
        if (fd >= standIns.length) {
            standIns = Arrays.copyOf(standIns, fd + 1); // Before the kernel knows of it.
        }
        int standIn = EventfdCalls.create(1, 0);
        if (standIn < 0) {
            return standIn;
        }
        int result = add(standIn, fd, kinds, trigger, generation);
        if (result == 0) {
            standIns[fd] = standIn + 1;
        } else {
            int _ = Descriptors.close(standIn);
        }
        return result;
    }

    private int add(int target, int fd, int kinds, Trigger trigger, int generation) {
        int result =
                control(EpollCalls.EPOLL_CTL_ADD, target, bits(kinds, trigger), fd, generation);
        if (result == 0) {
            watched++;
        }
        return result;
    }

    @Override
    public int modify(int fd, int kinds, Trigger trigger, int generation) {
        int standIn = standIn(fd);
        if (standIn < 0 && isStandIn(fd)) {
            return -Errno.ENOENT;
        }
        int target = standIn < 0 ? fd : standIn;
        return control(EpollCalls.EPOLL_CTL_MOD, target, bits(kinds, trigger), fd, generation);
    }

    @Override
    public int remove(int fd) {
        int standIn = standIn(fd);
        watched--;
        if (standIn < 0) {
            return isStandIn(fd) ? -Errno.ENOENT : control(EpollCalls.EPOLL_CTL_DEL, fd, 0, fd, 0);
        }
        int result = Descriptors.close(standIn);
        standIns[fd] = 0;
        return result;
    }

    /// {@return whether a number is that of a stand-in by now: what was watched under it was closed
    /// and never unregistered}
    private boolean isStandIn(int fd) {
        for (int standIn : standIns) {
            if (standIn == fd + 1) {
                return true;
            }
        }
        return false;
    }

    /// {@return what stands for a descriptor, negative for nothing}
    private int standIn(int fd) {
        return fd < standIns.length ? standIns[fd] - 1 : -1;
    }

    private int control(int operation, int target, int bits, int fd, int generation) {
        changes++;
        long data = (long) generation << 32 | fd;
        return EpollCalls.ctl(epoll, operation, target, bits, data);
    }

    @Override
    public int await(long timeoutNanos) {
        events.ensure(Math.max(watched, EVENTS_MIN));
        waits++;
        return EpollCalls.wait(epoll, events.address(), events.capacity(), timeoutNanos);
    }

    @Override
    public int readyFd(int index) {
        return (int) EpollCalls.data(events.address(), index);
    }

    @Override
    public int readyEvents(int index) {
        int bits = EpollCalls.events(events.address(), index);
        return bits == EPOLLIN ? Selector.READ : kinds(bits);
    }

    @Override
    public int readyGeneration(int index) {
        return (int) (EpollCalls.data(events.address(), index) >>> 32);
    }

    private static int bits(int kinds, Trigger trigger) {
        int bits =
                switch (trigger) {
                    case LEVEL -> 0;
                    case EDGE -> EPOLLET;
                    case ONE_SHOT -> EPOLLONESHOT;
                    case EXCLUSIVE -> EPOLLEXCLUSIVE;
                };
        bits |= (kinds & Selector.READ) != 0 ? EPOLLIN : 0;
        bits |= (kinds & Selector.WRITE) != 0 ? EPOLLOUT : 0;
        bits |= (kinds & Selector.PRIORITY) != 0 ? EPOLLPRI : 0;
        bits |= (kinds & Selector.READ_CLOSED) != 0 ? EPOLLRDHUP : 0;
        return bits; // The kernel adds EPOLLHUP and EPOLLERR itself.
    }

    private static int kinds(int bits) {
        int kinds = (bits & EPOLLIN) != 0 ? Selector.READ : 0;
        kinds |= (bits & EPOLLOUT) != 0 ? Selector.WRITE : 0;
        kinds |= (bits & EPOLLPRI) != 0 ? Selector.PRIORITY : 0;
        kinds |= (bits & EPOLLRDHUP) != 0 ? Selector.READ_CLOSED : 0;
        kinds |= (bits & EPOLLHUP) != 0 ? Selector.HANGUP : 0;
        kinds |= (bits & EPOLLERR) != 0 ? Selector.ERROR : 0;
        return kinds;
    }

    @Override
    public Optional<String> whyNot(int kinds, Trigger trigger) {
        int refused = Selector.PRIORITY | Selector.READ_CLOSED;
        return trigger == Trigger.EXCLUSIVE && (kinds & refused) != 0
                ? Optional.of("epoll(7) takes EXCLUSIVE without PRIORITY and READ_CLOSED only")
                : Optional.empty();
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
        if (!waker.isEventfd()) {
            waker.drain();
        }
    }

    @Override
    public int fd() {
        return epoll;
    }

    @Override
    public String changeCall() {
        return "epoll_ctl";
    }

    @Override
    public String waitCall() {
        return "epoll_wait";
    }

    @Override
    public Map<String, Long> systemCalls() {
        return Map.of(
                "epoll_wait",
                waits,
                "epoll_ctl",
                changes,
                "write",
                waker.writes(),
                "read",
                waker.reads());
    }

    @Override
    public void close() {
        epoll = Waker.closed(epoll);
        waker.close();
        events.close();
        for (int fd = 0; fd < standIns.length; fd++) {
            int _ = Waker.closed(standIn(fd));
            standIns[fd] = 0;
        }
    }
}
