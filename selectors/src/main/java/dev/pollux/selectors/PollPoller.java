package dev.pollux.selectors;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.PollCalls;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/// Waits with `poll(2)`: the whole interest set goes to the kernel at every wait, as an array.
///
/// The kernel writes into the array it was given when the wait ends, so changes made meanwhile go
/// to a second one, the master, which the waiter copies before its next wait. Kernel side:
/// [PollCalls]; why so: `docs/mechanisms.md`.
final class PollPoller implements Poller {
    private static final int DESCRIPTORS_MIN = 64;

    /// How long to sleep before all are asked again, where one call cannot wait for all.
    private static final long MOMENT_NANOS = 1_000_000;

    private final boolean lenient;
    private final Waker waker;

    /// The interest set. Guarded by this.
    private final PollSet master = new PollSet();

    /// By descriptor, 1 more than its place in the master, or 0. Guarded by this.
    private int[] places = new int[DESCRIPTORS_MIN];

    /// Whether the master has changed since the waiter has copied it. Guarded by this.
    private boolean changed = true;

    /// What the kernel is given. Owned by the waiter.
    private final PollSet working = new PollSet();

    private final ReadyList ready = new ReadyList();
    private long waits;
    private long checks;

    private PollPoller(boolean lenient, Waker waker) {
        this.lenient = lenient;
        this.waker = waker;
    }

    /// {@return a poller with a waker of its own}
    ///
    /// @param lenient whether to take a number that is no open descriptor, as `poll(2)` itself does
    static PollPoller open(boolean lenient) throws ErrnoException {
        var selector = new PollPoller(lenient, Waker.open());
        try {
            selector.append(selector.waker.fd(), Selector.READ, Trigger.LEVEL, 0);
        } catch (Throwable t) {
            selector.close();
            throw t;
        }
        return selector;
    }

    @Override
    public String name() {
        return "poll";
    }

    @Override
    public int add(int fd, int kinds, Trigger trigger, int generation) {
        if (!lenient) {
            checks++;
            if (!Descriptors.isOpen(fd)) {
                return -Errno.EBADF;
            }
        } else if (fd >= SelectPoller.DESCRIPTORS_MAX) {
            return -Errno.EBADF;
        }
        append(fd, kinds, trigger, generation);
        return 0;
    }

    private synchronized void append(int fd, int kinds, Trigger trigger, int generation) {
        master.ensure(master.count() + 1);
        if (fd >= places.length) {
            places = Arrays.copyOf(places, 2 * Integer.highestOneBit(fd));
        }
        master.append(fd, PollBits.of(kinds), trigger == Trigger.ONE_SHOT, generation);
        places[fd] = master.count();
        changed = true;
    }

    @Override
    public synchronized int modify(int fd, int kinds, Trigger trigger, int generation) {
        int slot = places[fd] - 1;
        master.set(slot, fd, PollBits.of(kinds), trigger == Trigger.ONE_SHOT, generation);
        changed = true;
        return 0;
    }

    @Override
    public synchronized int remove(int fd) {
        int slot = places[fd] - 1;
        places[fd] = 0;
        master.remove(slot);
        changed = true;
        if (slot < master.count()) {
            places[master.fd(slot)] = slot + 1;
        }
        return 0;
    }

    @Override
    public int await(long timeoutNanos) {
        refresh();
        ready.clear();
        ready.ensure(working.count());
        waits++;
        int found = PollCalls.poll(working.address(), working.count(), timeoutNanos);
        if (found == -Errno.EINVAL) {
            found = pollInParts(timeoutNanos);
        }
        int left = found;
        for (int slot = 0; left > 0 && slot < working.count(); slot++) {
            int bits = working.revents(slot);
            if (bits != 0) {
                left--;
                take(slot, bits);
            }
        }
        return found < 0 ? found : ready.count();
    }

    /// The kernel takes no more entries than the process may have descriptors, and that limit may
    /// have been lowered since they were opened. So they are asked in parts, none of which can
    /// sleep for the others: if nothing is ready, a moment passes with the first part, which has
    /// the waker.
    private int pollInParts(long timeoutNanos) {
        int part = Math.clamp(Descriptors.nofileSoft(), 1, working.count());
        int found = 0;
        for (int first = 0; first < working.count() && found >= 0; first += part) {
            int count = Math.min(part, working.count() - first);
            waits++;
            int result = PollCalls.poll(working.address(first), count, 0);
            found = result < 0 ? result : found + result;
        }
        if (found != 0 || timeoutNanos == 0) {
            return found;
        }
        long moment = timeoutNanos < 0 ? MOMENT_NANOS : Math.min(timeoutNanos, MOMENT_NANOS);
        waits++;
        return PollCalls.poll(working.address(), part, moment);
    }

    private synchronized void refresh() {
        if (changed) {
            working.copyFrom(master);
            changed = false;
        }
    }

    private void take(int slot, int bits) {
        int fd = working.fd(slot);
        int generation = working.generation(slot);
        if (!working.oneShot(slot) || disarm(fd, generation, bits)) {
            ready.add(fd, PollBits.kinds(bits), generation);
        }
    }

    /// {@return whether to report it: not if it was armed for something else since the kernel has
    /// looked, which is then still to come}
    private synchronized boolean disarm(int fd, int generation, int bits) {
        int slot = places[fd] - 1;
        if (slot < 0 || master.generation(slot) != generation || !master.oneShot(slot)) {
            return true;
        }
        if (!PollBits.answers(bits, master.events(slot))) {
            return false;
        }
        master.park(slot);
        changed = true;
        return true;
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
        return PollBits.whyNot("poll(2)", kinds, trigger);
    }

    @Override
    public boolean changesNeedWake() {
        return true;
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
    public String changeCall() {
        return "fcntl";
    }

    @Override
    public Map<String, Long> systemCalls() {
        return Map.of(
                "poll", waits, "fcntl", checks, "write", waker.writes(), "read", waker.reads());
    }

    @Override
    public void close() {
        waker.close();
        master.close();
        working.close();
    }
}
