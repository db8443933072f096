package dev.pollux.selectors;

import dev.pollux.libc.Errno;
import dev.pollux.libc.Memory;
import dev.pollux.libc.SignalfdCalls;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/// The kernel of one simulation: a table of descriptors, and the calls by which selectors wait, as
/// their man pages say and not a bit better. A call returns a value >= 0 or `-errno`.
final class SimulatedKernel {
    /// The number of the one thread to which files send signals.
    static final int TID = 1000;

    private static final int PARTS_MAX = 100;
    private static final int RESTLESS_MAX = 100;

    private final Baton baton;
    private final Chance chance;
    private final Trace trace;

    /// The lowest number that is given out, and how many there are.
    private final int lowest;

    private final int limit;

    final SimulatedPolls polls = new SimulatedPolls(this);
    private final Map<Integer, SimulatedFile> table = new TreeMap<>();
    final SimulatedEpoll epoll = new SimulatedEpoll(this);
    final SimulatedFcntl fcntl = new SimulatedFcntl(this);
    private final Set<Integer> lent = new HashSet<>();
    final SimulatedSignals signals;

    /// What waits, null until it is there.
    Poller poller;

    /// Whether calls fail that would have to find something.
    boolean mayRefuse;

    /// Whether somebody sleeps until something happens, and whether a signal has ended that.
    private boolean asleep;

    boolean interrupted;

    private int lastWait;
    private int lastTold;

    /// In how many waits from now a signal comes, 0 for none.
    private int interruptIn;

    /// How many waits in a row have told something, without anybody having slept or been called.
    private int restless;

    /// How many entries poll(2) takes at once: what the limit of descriptors was lowered to.
    private int pollMax = Integer.MAX_VALUE;

    SimulatedKernel(Baton baton, Chance chance, Trace trace) {
        this.baton = baton;
        this.chance = chance;
        this.trace = trace;
        this.lowest = chance.oneOf(3, 3, 40, 1010);
        this.limit = lowest + chance.oneOf(12, 24, 100);
        this.signals = new SimulatedSignals(TID, chance.oneOf(1, 4, 1000));
    }

    int note(String call, long number, int result) {
        trace.note(baton.who(), call, number, result, baton.nanoTime());
        return result;
    }

    /// A system call begins. What is done under a poller's own lock is one step.
    void step() {
        baton.pass(poller == null || !Thread.holdsLock(poller));
    }

    SimulatedFile file(int fd) {
        return table.get(fd);
    }

    SimulatedSet newSet() {
        return new SimulatedSet(chance);
    }

    /// Whether somebody sleeps until something happens.
    boolean isAsleep() {
        return asleep;
    }

    /// Has a signal come in one of the next waits.
    void interrupt(int wait) {
        interruptIn = wait;
    }

    int pollMax() {
        return pollMax;
    }

    /// {@return a number above every descriptor}
    int limit() {
        return limit;
    }

    void lowerLimit() {
        pollMax = chance.between(1, 4);
    }

    /// {@return the lowest free number, or `-EMFILE`}
    int open(SimulatedFile.Kind kind, int bits) {
        int fd = lowest;
        while (table.containsKey(fd)) {
            fd++;
        }
        if (fd >= limit || (mayRefuse && chance.strikes(Chance.Fault.NO_DESCRIPTOR))) {
            return -Errno.EMFILE;
        }
        table.put(fd, new SimulatedFile(kind, bits));
        return fd;
    }

    /// {@return a descriptor of the user's own, which the selector must not close; or `-EMFILE`}
    int openForUser(SimulatedFile.Kind kind, int bits) {
        int fd = open(kind, bits);
        if (fd >= 0) {
            lent.add(fd);
        }
        return note("open", kind.ordinal(), fd);
    }

    void closeOfUser(int fd) {
        lent.remove(fd);
        note("close", fd, close(fd));
    }

    int close(int fd) {
        SimulatedFile file = table.remove(fd);
        if (file == null || lent.contains(fd)) {
            baton.end(new Violation("a descriptor is closed that is not the selector's: " + fd));
            return -Errno.EBADF;
        }
        file.close();
        epoll.close(fd);
        return 0;
    }

    int closeOfSelector(int fd) {
        step();
        return note("close", fd, close(fd));
    }

    int signalfd() {
        step();
        return note("signalfd", 0, open(SimulatedFile.Kind.QUEUE, 0));
    }

    /// {@return how many descriptors are open that are not the user's}
    int owned() {
        return table.size() - lent.size();
    }

    int refusedChange() {
        if (!mayRefuse || !chance.strikes(Chance.Fault.FAILING_CHANGE)) {
            return 0;
        }
        return -chance.oneOf(Errno.ENOMEM, Errno.ENOSPC);
    }

    boolean isShortOfMemory() {
        return mayRefuse && chance.strikes(Chance.Fault.NO_MEMORY);
    }

    /// Waits until somebody is to be told something, and tells it.
    ///
    /// @param timeoutNanos 0 does not wait, negative has no end
    /// @return what there is, 0 after the timeout, or `-errno`
    int wait(BooleanSupplier ready, long timeoutNanos, IntSupplier tell) {
        boolean due = interruptIn > 0 && --interruptIn == 0;
        if (due || (mayRefuse && chance.strikes(Chance.Fault.INTERRUPTED_WAIT))) {
            interrupted = true;
            return note("wait", timeoutNanos, -Errno.EINTR);
        }
        if (mayRefuse && chance.strikes(Chance.Fault.FAILING_WAIT)) {
            return note("wait", timeoutNanos, -Errno.ENOMEM);
        }
        for (SimulatedFile file : table.values()) {
            file.forget();
        }
        long deadline = timeoutNanos < 0 ? Baton.NEVER : baton.nanoTime() + timeoutNanos;
        while (true) {
            int result = tell.getAsInt();
            if (result != 0 || baton.nanoTime() >= deadline) {
                beRestless();
                lastTold = lastWait;
                note("wait", timeoutNanos, result);
                step(); // Others may change what has just been told.
                return result;
            }
            asleep = pollMax == Integer.MAX_VALUE;
            restless = 0;
            baton.await(ready, deadline);
            asleep = false;
        }
    }

    private void beRestless() {
        if (restless++ > RESTLESS_MAX) {
            baton.end(new Violation("a wait spins"));
        }
    }

    /// {@return the number of the wait that runs or has run last}
    int lastWait() {
        return lastWait;
    }

    /// {@return the number of the first wait that may have found what is told now}
    int firstWait() {
        int again = poller instanceof SelectPoller ? 1 : 0; // After a closed descriptor.
        return lastWait - (pollMax == Integer.MAX_VALUE ? again : PARTS_MAX);
    }

    /// {@return the number of the last wait that has told what there is}
    int lastTold() {
        return lastTold;
    }

    /// Called by whatever waits by itself.
    void beginWait() {
        lastWait++;
    }

    /// Somebody was called, or a wait begins.
    void calm() {
        restless = 0;
    }

    int eventfd(int initial) {
        step();
        int fd = open(SimulatedFile.Kind.EVENTFD, SimulatedFile.OUT);
        if (fd >= 0 && initial > 0) {
            table.get(fd).count = initial;
            table.get(fd).happen(SimulatedFile.IN);
        }
        return note("eventfd", initial, fd);
    }

    int write(int fd, long address) {
        step();
        SimulatedFile file = table.get(fd);
        if (file == null || file.kind != SimulatedFile.Kind.EVENTFD) {
            return note("write", fd, -Errno.EBADF);
        }
        file.count += Memory.getLong(address);
        file.happen(SimulatedFile.IN);
        return note("write", fd, Long.BYTES);
    }

    int read(int fd, long address, int bytes) {
        step();
        SimulatedFile file = table.get(fd);
        if (file == null) {
            return note("read", fd, -Errno.EBADF);
        }
        if (file.kind == SimulatedFile.Kind.QUEUE) {
            return note("read", fd, signals.read(address, bytes / SignalfdCalls.SIGINFO_BYTES));
        }
        if (file.count == 0) {
            return note("read", fd, -Errno.EAGAIN);
        }
        Memory.putLong(address, file.count);
        file.count = 0;
        file.clear(SimulatedFile.IN);
        return note("read", fd, Long.BYTES);
    }

    int sigtimedwait(long info, long timeoutNanos) {
        beginWait();
        step();
        int result =
                wait(
                        () -> !signals.isEmpty(),
                        timeoutNanos,
                        () -> {
                            SimulatedSignals.Signal signal = signals.take();
                            if (signal == null) {
                                return 0;
                            }
                            Memory.putInt(info, signal.number());
                            Memory.putInt(info + 8, signal.code());
                            Memory.putLong(info + 16, signal.band());
                            Memory.putInt(info + 24, signal.fd());
                            return signal.number();
                        });
        return result == 0 ? -Errno.EAGAIN : result;
    }

    int tgkill(int tid) {
        step();
        if (tid != TID) {
            return note("tgkill", tid, -Errno.ESRCH);
        }
        signals.wake();
        return note("tgkill", tid, 0);
    }

    /// {@return how long a `struct timespec` says, negative for none}
    static long nanos(long timespec) {
        return timespec == 0
                ? -1
                : Memory.getLong(timespec) * 1_000_000_000L + Memory.getLong(timespec + 8);
    }

    static long millis(int timeout) {
        return timeout < 0 ? -1 : timeout * 1_000_000L;
    }
}
