package dev.pollux.selectors;

import static dev.pollux.libc.DevpollCalls.POLLREMOVE;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.DevpollCalls;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.PollCalls;
import java.util.Map;
import java.util.Optional;

/// Waits with `/dev/poll`: the kernel keeps the interest set behind a device, and a change takes
/// effect in the wait that is running. `poll(2)`'s bits, without its cost.
///
/// Kernel side: [DevpollCalls]; why so: `docs/mechanisms.md`.
final class DevpollPoller implements Poller {
    private static final int EVENTS_MIN = 128;
    private static final int CHANGES_MAX = 2;

    private final boolean lenient;
    private final DevpollCalls calls;

    /// Negative once it is closed.
    private int device;

    private final Waker waker;

    /// What is watched: the device has no room for a generation. Guarded by this.
    private final Watches watches = new Watches();

    /// Where changes are written for the kernel. Guarded by this.
    private final NativeArray changes = new NativeArray(PollCalls.POLLFD_BYTES);

    /// Where the kernel puts events: room for every descriptor. Owned by the waiter.
    private final NativeArray events = new NativeArray(PollCalls.POLLFD_BYTES);

    private final ReadyList ready = new ReadyList();
    private long waits;
    private long writes;
    private long checks;

    private DevpollPoller(DevpollCalls calls, int device, Waker waker, boolean lenient) {
        this.calls = calls;
        this.device = device;
        this.waker = waker;
        this.lenient = lenient;
    }

    /// {@return a poller with a device of its own}
    ///
    /// @param lenient whether to take a number that is no open descriptor, as the device itself
    ///   does
    static DevpollPoller open(DevpollCalls calls, boolean lenient) throws ErrnoException {
        int device = ErrnoException.check(calls.open(), "open", -1);
        DevpollPoller selector;
        try {
            selector = new DevpollPoller(calls, device, Waker.open(), lenient);
        } catch (Throwable t) {
            int _ = calls.close(device);
            throw t;
        }
        try {
            int result = selector.add(selector.waker.fd(), Selector.READ, Trigger.LEVEL, 0);
            ErrnoException.check(result, "write", device);
        } catch (Throwable t) {
            selector.close();
            throw t;
        }
        return selector;
    }

    @Override
    public String name() {
        return "devpoll";
    }

    @Override
    public synchronized int add(int fd, int kinds, Trigger trigger, int generation) {
        if (!lenient) {
            checks++;
            if (!Descriptors.isOpen(fd)) {
                return -Errno.EBADF;
            }
        } else if (fd >= SelectPoller.DESCRIPTORS_MAX) {
            return -Errno.EBADF;
        }
        changes.ensure(CHANGES_MAX);
        watches.ensure(fd); // Before the kernel knows of it.
        PollCalls.put(changes.address(), 0, fd, PollBits.of(kinds));
        int result = write(1);
        if (result == 0) {
            watches.put(fd, kinds, trigger, generation);
        }
        return result;
    }

    /// What is written adds to what a descriptor has already, so that the old must go first.
    @Override
    public synchronized int modify(int fd, int kinds, Trigger trigger, int generation) {
        PollCalls.put(changes.address(), 0, fd, POLLREMOVE);
        PollCalls.put(changes.address(), 1, fd, PollBits.of(kinds));
        int result = write(2);
        if (result == 0) {
            watches.put(fd, kinds, trigger, generation);
        }
        return result;
    }

    @Override
    public synchronized int remove(int fd) {
        int result = silence(fd);
        watches.remove(fd);
        return result;
    }

    private int silence(int fd) {
        PollCalls.put(changes.address(), 0, fd, POLLREMOVE);
        return write(1);
    }

    private int write(int count) {
        writes++;
        return Math.min(calls.write(device, changes.address(), count), 0);
    }

    @Override
    public int await(long timeoutNanos) {
        int max = makeRoom();
        waits++;
        int count = calls.poll(device, events.address(), max, timeoutNanos);
        for (int i = 0; i < count; i++) {
            take(PollCalls.fd(events.address(), i), PollCalls.revents(events.address(), i));
        }
        return count < 0 ? count : ready.count();
    }

    /// {@return for how many events to ask; to more than the process may have descriptors the
    /// kernel says `EINVAL`}
    private synchronized int makeRoom() {
        events.ensure(Math.max(watches.count(), EVENTS_MIN));
        ready.clear();
        ready.ensure(watches.count());
        return watches.count();
    }

    private synchronized void take(int fd, int bits) {
        Trigger trigger = watches.trigger(fd);
        if (trigger == null) {
            return; // Unregistered since the kernel has said it.
        }
        if (trigger == Trigger.ONE_SHOT
                && !PollBits.answers(bits, PollBits.of(watches.kinds(fd)))) {
            return; // Armed for something else since then, which is still to come.
        }
        ready.add(fd, PollBits.kinds(bits), watches.generation(fd));
        if (trigger == Trigger.ONE_SHOT) {
            int _ = silence(fd);
        }
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
        return PollBits.whyNot("/dev/poll", kinds, trigger);
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
        return device;
    }

    @Override
    public String changeCall() {
        return "write to /dev/poll";
    }

    @Override
    public String waitCall() {
        return "ioctl(DP_POLL)";
    }

    @Override
    public Map<String, Long> systemCalls() {
        return Map.of(
                "ioctl",
                waits,
                "fcntl",
                checks,
                "write",
                writes + waker.writes(),
                "read",
                waker.reads());
    }

    @Override
    public void close() {
        if (device >= 0) {
            int _ = calls.close(device);
            device = -1;
        }
        waker.close();
        changes.close();
        events.close();
    }
}
