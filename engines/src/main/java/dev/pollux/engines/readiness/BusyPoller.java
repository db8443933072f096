package dev.pollux.engines.readiness;

import dev.pollux.engines.IdleStrategy;
import dev.pollux.engines.shared.Uninterrupted;
import dev.pollux.selectors.Poller;
import dev.pollux.selectors.Selector;
import dev.pollux.selectors.Trigger;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Waits without the kernel's help: every round it reports every descriptor for all it is watched
/// for, and whoever is told tries, and mostly hears `EAGAIN`. That is non-blocking I/O as the
/// textbooks draw it: one system call per descriptor and round, whether anything happens or not.
///
/// A round that moved no byte is idle, and [IdleStrategy] says what follows.
final class BusyPoller implements Poller {
    /// No descriptor: wakeups need none, as nobody sleeps for long.
    private static final int WAKE_FD = Integer.MAX_VALUE;

    private static final int DOUBLE = 2;

    private static final long PARK_NANOS_MIN = 1_000;
    private static final int PARK_DOUBLINGS = 10;

    private final IdleStrategy idle;

    /// Grows whenever a round was of use; asked by the waiter.
    private LongSupplier progress = () -> 0;

    /// The interest set, dense up to `size`. Guarded by `this`, as a change may come from any
    /// thread.
    private int[] fds = new int[16];

    private int[] kinds = new int[16];
    private int[] generations = new int[16];
    private int size;

    /// The round being reported: a copy of the set, taken when it has changed. The waiter's own.
    private int[] roundFds = new int[16];

    private int[] roundKinds = new int[16];
    private int[] roundGenerations = new int[16];
    private int roundSize;
    private boolean wakeReported;

    private volatile boolean changed;
    private volatile boolean woken;

    private long progressSeen;

    /// So many that they never wrap.
    private long idleRounds;

    BusyPoller(IdleStrategy idle) {
        this.idle = idle;
    }

    /// Tells it by what to judge a round.
    ///
    /// @param progress a number that grows with every byte and connection
    void judgeBy(LongSupplier progress) {
        this.progress = progress;
    }

    @Override
    public String name() {
        return "nonblocking";
    }

    @Override
    public Optional<String> whyNot(int events, Trigger trigger) {
        return trigger == Trigger.LEVEL
                ? Optional.empty()
                : Optional.of("nonblocking asks again and again: " + trigger + " has no meaning");
    }

    @Override
    public synchronized int add(int fd, int events, Trigger trigger, int generation) {
        if (size == fds.length) {
            grow();
        }
        set(size++, fd, events, generation);
        return 0;
    }

    /// All arrays grow, or none for want of memory.
    private void grow() {
        int[] moreKinds = Arrays.copyOf(kinds, DOUBLE * size);
        int[] moreGenerations = Arrays.copyOf(generations, DOUBLE * size);
        fds = Arrays.copyOf(fds, DOUBLE * size);
        kinds = moreKinds;
        generations = moreGenerations;
    }

    @Override
    public synchronized int modify(int fd, int events, Trigger trigger, int generation) {
        set(indexOf(fd), fd, events, generation);
        return 0;
    }

    @Override
    public synchronized int remove(int fd) {
        int index = indexOf(fd);
        size--;
        set(index, fds[size], kinds[size], generations[size]);
        return 0;
    }

    private void set(int index, int fd, int events, int generation) {
        fds[index] = fd;
        kinds[index] = events;
        generations[index] = generation;
        changed = true;
    }

    /// Linear, as everything in this model is.
    private int indexOf(int fd) {
        for (int i = 0; i < size; i++) {
            if (fds[i] == fd) {
                return i;
            }
        }
        throw new IllegalStateException("not watched: fd " + fd);
    }

    /// Idles once.
    ///
    /// @param rounds how many rounds in a row have been idle before
    /// @param nanosMax how long it may sleep at most
    @SuppressWarnings("ThreadPriorityCheck") // relying on the scheduler is the very point
    static void idle(IdleStrategy strategy, long rounds, long nanosMax) {
        switch (strategy) {
            case SPIN -> Thread.onSpinWait();
            case YIELD -> Thread.yield();
            case PARK ->
                    Uninterrupted.pause(
                            Math.min(PARK_NANOS_MIN << Math.min(rounds, PARK_DOUBLINGS), nanosMax));
        }
    }

    @Override
    public int await(long timeoutNanos) {
        long seen = progress.getAsLong();
        if (seen != progressSeen) {
            progressSeen = seen;
            idleRounds = 0;
        } else if (!woken && !changed && timeoutNanos != 0) {
            idle(idle, idleRounds++, timeoutNanos < 0 ? Long.MAX_VALUE : timeoutNanos);
        }
        if (changed) {
            copySet();
        }
        wakeReported = woken;
        return wakeReported ? roundSize + 1 : roundSize;
    }

    private synchronized void copySet() {
        if (roundGenerations.length < fds.length) { // It has grown last.
            roundFds = new int[fds.length];
            roundKinds = new int[fds.length];
            roundGenerations = new int[fds.length];
        }
        System.arraycopy(fds, 0, roundFds, 0, size);
        System.arraycopy(kinds, 0, roundKinds, 0, size);
        System.arraycopy(generations, 0, roundGenerations, 0, size);
        roundSize = size;
        changed = false;
    }

    @Override
    public int readyFd(int index) {
        return index == roundSize ? WAKE_FD : roundFds[index];
    }

    @Override
    public int readyEvents(int index) {
        return index == roundSize ? Selector.READ : roundKinds[index];
    }

    @Override
    public int readyGeneration(int index) {
        return index == roundSize ? 0 : roundGenerations[index];
    }

    @Override
    public int wakeFd() {
        return WAKE_FD;
    }

    @Override
    public int wake() {
        woken = true;
        return 0;
    }

    @Override
    public void drainWake() {
        woken = false;
    }

    /// Asking the kernel about a descriptor's readiness is what this model does not do.
    @Override
    public boolean watchesDescriptors() {
        return false;
    }

    @Override
    public void close() {
        // It holds nothing of the kernel's.
    }
}
