package dev.pollux.selectors;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.SelectCalls;
import java.util.Map;
import java.util.Optional;

/// Waits with `select(2)`: three bitmaps go to the kernel at every wait and come back overwritten,
/// so that a master and a working set are kept apart. Takes descriptors above 1023.
///
/// Kernel side: [SelectCalls]; why so: `docs/mechanisms.md`.
final class SelectPoller implements Poller {
    /// Above every number that the kernel gives out (`fs.nr_open` is a million unless it was
    /// raised), and low enough to make a table of.
    static final int DESCRIPTORS_MAX = 1 << 24;

    private final boolean lenient;
    private final Waker waker;

    /// The interest set. Guarded by this.
    private final SelectSet master = new SelectSet();

    /// Whether registrations have changed since the waiter has copied them. Guarded by this.
    private boolean changed = true;

    /// How many descriptors are in the set, the waker's included. Guarded by this.
    private int watched = 1;

    /// What the kernel is given. Owned by the waiter.
    private final SelectSet working = new SelectSet();

    private final ReadyList ready = new ReadyList();
    private long waits;
    private long checks;

    private SelectPoller(boolean lenient, Waker waker) {
        this.lenient = lenient;
        this.waker = waker;
    }

    /// {@return a poller with a waker of its own}
    ///
    /// @param lenient whether to take a number that is no open descriptor, as `select(2)` itself
    ///   does
    static SelectPoller open(boolean lenient) throws ErrnoException {
        // Really tried, and linked by the thread that opens, not by several that wait at once.
        ErrnoException.check(SelectCalls.select(0, 0, 0, 0, 0), "select", -1);
        var selector = new SelectPoller(lenient, Waker.open());
        try {
            selector.set(selector.waker.fd(), Selector.READ, Trigger.LEVEL, 0);
        } catch (Throwable t) {
            selector.close();
            throw t;
        }
        return selector;
    }

    @Override
    public String name() {
        return "select";
    }

    @Override
    public synchronized int add(int fd, int kinds, Trigger trigger, int generation) {
        if (!lenient) {
            checks++;
            if (!Descriptors.isOpen(fd)) {
                return -Errno.EBADF;
            }
        } else if (fd >= DESCRIPTORS_MAX) {
            return -Errno.EBADF;
        }
        set(fd, kinds, trigger, generation);
        watched++;
        return 0;
    }

    @Override
    public int modify(int fd, int kinds, Trigger trigger, int generation) {
        set(fd, kinds, trigger, generation);
        return 0;
    }

    private synchronized void set(int fd, int kinds, Trigger trigger, int generation) {
        master.set(fd, kinds, trigger == Trigger.ONE_SHOT, generation);
        changed = true;
    }

    @Override
    public synchronized int remove(int fd) {
        master.remove(fd);
        watched--;
        changed = true;
        return 0;
    }

    @Override
    public int await(long timeoutNanos) {
        refresh();
        int bits = select(timeoutNanos);
        if (bits == -Errno.EBADF) {
            takeClosed();
            bits = ready.count() == 0 ? 0 : select(0);
        }
        take(bits);
        return bits < 0 && ready.count() == 0 ? bits : ready.count();
    }

    private synchronized void refresh() {
        working.copyBitmaps(master);
        if (changed) {
            working.copyGenerations(master);
            changed = false;
        }
        ready.clear();
        ready.ensure(watched);
    }

    private int select(long timeoutNanos) {
        waits++;
        long nanos = Math.min(timeoutNanos, SelectCalls.TIMEOUT_NANOS_MAX);
        return SelectCalls.select(
                working.nfds(), working.read(), working.write(), working.except(), nanos);
    }

    /// Reports the descriptors that were closed while registered, for which the kernel fails the
    /// whole call, and takes them out of the working set.
    private void takeClosed() {
        for (int index = 0; index * SelectSet.WORD < working.nfds(); index++) {
            long asked = words(index);
            for (; asked != 0; asked &= asked - 1) {
                int fd = index * SelectSet.WORD + Long.numberOfTrailingZeros(asked);
                if (!Descriptors.isOpen(fd)) {
                    working.park(fd);
                    add(fd, Selector.ERROR);
                }
            }
        }
    }

    /// Collects what is ready, upwards, and stops when the kernel's count is reached: the bits of
    /// descriptors beyond the kernel's table are still as they were set, which does not make them
    /// ready.
    ///
    /// @param bits how many bits the kernel has left set
    private void take(int bits) {
        int left = bits;
        for (int index = 0; left > 0 && index * SelectSet.WORD < working.nfds(); index++) {
            long read = SelectSet.word(working.read(), index);
            long write = SelectSet.word(working.write(), index);
            long except = SelectSet.word(working.except(), index);
            long any = read | write | except;
            for (; any != 0 && left > 0; any &= any - 1) {
                int bit = Long.numberOfTrailingZeros(any);
                int kinds = (int) (read >>> bit & 1);
                kinds |= (int) (write >>> bit & 1) * Selector.WRITE;
                kinds |= (int) (except >>> bit & 1) * Selector.PRIORITY;
                left -= Integer.bitCount(kinds);
                add(index * SelectSet.WORD + bit, kinds);
            }
        }
    }

    private long words(int index) {
        return SelectSet.word(working.read(), index)
                | SelectSet.word(working.write(), index)
                | SelectSet.word(working.except(), index);
    }

    private void add(int fd, int kinds) {
        int generation = working.generation(fd);
        if (!working.oneShot(fd) || disarm(fd, generation, kinds)) {
            ready.add(fd, kinds, generation);
        }
    }

    /// {@return whether to report it: not if it was armed for something else since the kernel has
    /// looked, which is then still to come}
    private synchronized boolean disarm(int fd, int generation, int kinds) {
        if (master.generation(fd) != generation || !master.oneShot(fd)) {
            return true;
        }
        if ((kinds & (master.kinds(fd) | Selector.ERROR)) == 0) {
            return false;
        }
        master.park(fd);
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
        if (trigger == Trigger.EDGE || trigger == Trigger.EXCLUSIVE) {
            return Optional.of("select(2) knows states only, not " + trigger);
        }
        if ((kinds & ~(Selector.READ | Selector.WRITE | Selector.PRIORITY)) != 0) {
            return Optional.of("select(2) tells READ, WRITE and PRIORITY only");
        }
        return Optional.empty();
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
                "select", waits, "fcntl", checks, "write", waker.writes(), "read", waker.reads());
    }

    @Override
    public void close() {
        waker.close();
        master.close();
        working.close();
    }
}
