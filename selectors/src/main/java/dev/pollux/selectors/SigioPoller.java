package dev.pollux.selectors;

import static dev.pollux.libc.SocketOptions.SOL_SOCKET;
import static dev.pollux.libc.SocketOptions.SO_ACCEPTCONN;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.PollCalls;
import dev.pollux.libc.SignalCalls;
import dev.pollux.libc.Sockets;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Signal-driven: each socket sends a real-time signal whenever it becomes ready, and one thread
/// takes them. Kernel side: [SignalCalls]; why so: `docs/mechanisms.md`. Linux only.
///
/// **What is reported.** [Trigger#EDGE] is what a signal is: once per change, for sockets that do
/// not block, and now and then for nothing, since a signal names only a number, which may have
/// become another socket's. What was armed is reported once for all it is watched for, as what came
/// before sends nothing. [Trigger#LEVEL] is asked of `poll(2)`: for a listening socket after its
/// signal and as long as it is ready; anything else sends no signals that could be relied on, or
/// shares its flags with other processes, and is waited for by `poll(2)`, beside the signals.
///
/// **Threads.** Narrower than other pollers: one thread calls [#begin] first, and then everything
/// else, [#wake], [#systemCalls] and [#overflows] excepted. It has no other use for these signals,
/// and no second such poller. Threads that it starts have the signals blocked as well.
public final class SigioPoller implements Poller {
    /// No descriptor: a signal wakes.
    private static final int WAKE_FD = Integer.MAX_VALUE;

    /// What a report says beside what the signals say where an end may be among several of them, so
    /// that input is taken until there is no more.
    private static final int PERHAPS_AN_END = Selector.READ_CLOSED;

    private static final int BOTH = Selector.READ | Selector.WRITE;

    private final SignalQueue queue;
    private final Watches watches = new Watches();

    /// What is level-triggered, behind the signals' own descriptor.
    private final PollSet levels = new PollSet();

    /// Which of these send no signal.
    private final BitSet silent = new BitSet();

    private ReadyList ready = new ReadyList();

    /// To be reported by the next wait: armed since the last one.
    private ReadyList fresh = new ReadyList();

    /// Whether some that are level-triggered may be ready.
    private boolean levelsMayBeReady;

    /// What asking for these has brought before the last wait: how many, 0 also where nobody was
    /// asked for, or `-errno`.
    private int found;

    /// Whether to ask for all, since signals were lost.
    private boolean askAll;

    private @Nullable Thread owner;

    /// The owner's number in the kernel, 0 while there is none. Guarded by this.
    private int tid;

    /// Whether it was woken before it has begun. Guarded by this.
    private boolean wokenEarly;

    private long changes;
    private long polls;
    private long wakes;
    private long overflows;

    private SigioPoller(SignalQueue queue) {
        this.queue = queue;
    }

    /// Opens one. From now on the process ignores `SIGIO` and the first real-time signal where a
    /// thread has not blocked them, and so do the programs that it starts.
    ///
    /// @return a poller that belongs to no thread yet
    /// @throws ErrnoException if this platform has no such signals, or no descriptor is left
    public static SigioPoller open() throws ErrnoException {
        return new SigioPoller(SignalQueue.open());
    }

    /// {@return why this machine does not offer it, if so; really tried, in a thread of its own}
    public static Optional<String> whyNot() {
        return SigioTrial.whyNot();
    }

    /// Begins: the calling thread, a platform thread, blocks the signals and is the one that takes
    /// them.
    ///
    /// @throws ErrnoException if the kernel refuses
    public void begin() throws ErrnoException {
        if (owner != null) {
            throw new IllegalStateException("has begun already, in " + owner);
        }
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("signals go to threads of the kernel");
        }
        queue.begin();
        levels.append(queue.fd(), PollCalls.POLLIN, false, 0);
        int result = begin(SignalCalls.gettid());
        owner = Thread.currentThread();
        ErrnoException.check(result, "tgkill", -1);
    }

    private synchronized int begin(int thread) {
        tid = thread;
        return wokenEarly ? SignalQueue.wake(tid) : 0;
    }

    @SuppressWarnings("ReferenceEquality") // a thread is only ever itself
    private void requireOwner() {
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("belongs to " + owner);
        }
    }

    @Override
    public String name() {
        return "sigio";
    }

    @Override
    public int add(int fd, int kinds, Trigger trigger, int generation) {
        requireOwner();
        watches.ensure(fd); // And room for all else, before the kernel knows of it.
        levels.ensure(levels.count() + 1);
        fresh.ensure(fresh.count() + 1, fd + 1);
        if (trigger == Trigger.EDGE) {
            int result = arm(fd);
            if (result == 0) {
                watches.put(fd, kinds, trigger, generation);
                fresh.merge(fd, kinds, generation);
            }
            return result;
        }
        boolean listens = Sockets.getOption(fd, SOL_SOCKET, SO_ACCEPTCONN) == 1;
        changes += listens ? 0 : 1;
        int result = listens ? arm(fd) : Descriptors.isOpen(fd) ? 0 : -Errno.EBADF;
        if (result == 0) {
            silent.set(fd, !listens);
            watches.put(fd, kinds, trigger, generation);
            levels.append(fd, PollBits.of(kinds), false, generation);
            levelsMayBeReady = true;
        }
        return result;
    }

    private int arm(int fd) {
        changes += AsyncFlag.CALLS_TO_RAISE;
        return AsyncFlag.raise(fd, queue.signal(), tid);
    }

    @Override
    public int modify(int fd, int kinds, Trigger trigger, int generation) {
        requireOwner();
        if (trigger != watches.trigger(fd)) {
            int _ = remove(fd);
            return add(fd, kinds, trigger, generation);
        }
        watches.put(fd, kinds, trigger, generation);
        if (trigger == Trigger.EDGE) {
            fresh.merge(fd, kinds, generation);
        } else {
            levels.set(slot(fd), fd, PollBits.of(kinds), false, generation);
            levelsMayBeReady = true;
        }
        return 0;
    }

    @Override
    public int remove(int fd) {
        requireOwner();
        Trigger trigger = watches.trigger(fd);
        if (trigger == null) {
            return 0; // A change that was refused has removed it.
        }
        int result = 0;
        if (!silent.get(fd)) {
            changes += AsyncFlag.CALLS_TO_LOWER;
            result = AsyncFlag.lower(fd, tid);
        }
        silent.clear(fd);
        watches.remove(fd);
        if (trigger != Trigger.EDGE) {
            levels.remove(slot(fd));
        }
        return result;
    }

    /// Linear: these are doors and the like, which are few.
    private int slot(int fd) {
        int slot = 1;
        while (levels.fd(slot) != fd) {
            slot++;
        }
        return slot;
    }

    @Override
    public int await(long timeoutNanos) {
        requireOwner();
        long timeout = before(timeoutNanos);
        // No deeper down: the compiler must inline all of a system call to see that it allocates
        // nothing.
        int taken = found < 0 ? found : queue.take(timeout);
        int result = taken < 0 ? taken : after(taken);
        if (queue.takeWoken()) {
            ready.add(WAKE_FD, Selector.READ, 0);
        }
        return result < 0 && ready.count() == 0 ? result : ready.count();
    }

    /// Reports what is fresh, and asks for what is level-triggered where that is due.
    ///
    /// @return how long to wait for signals
    private long before(long timeoutNanos) {
        // Before anything else: what is fresh stays so until there is memory to report it.
        fresh.ensure(fresh.count() + SignalQueue.BATCH + levels.count(), watches.bound());
        ReadyList reported = ready;
        ready = fresh;
        fresh = reported;
        fresh.clear();
        found = 0;
        long timeout = ready.count() > 0 || askAll ? 0 : timeoutNanos;
        if (!levelsMayBeReady && silent.isEmpty()) {
            return timeout;
        }
        found = pollLevels(silent.isEmpty() ? 0 : timeout);
        return found == 0 && silent.isEmpty() ? timeout : 0;
    }

    /// Reports what the signals say.
    ///
    /// @return 0 or above, or `-errno`
    private int after(int taken) {
        for (int i = 0; i < taken; i++) {
            note(queue.sender(i), queue.band(i));
        }
        if (queue.hasOverflowed()) {
            queue.forget();
            overflows++;
            askAll = true;
            levelsMayBeReady = true; // Until they were asked: a signal may prevent that.
        }
        if (askAll) {
            return pollAll();
        }
        return levelsMayBeReady && found == 0 ? pollLevels(0) : 0;
    }

    /// Takes note of a signal. One of an earlier life of its number at worst reports what is not
    /// ready.
    private void note(int fd, int band) {
        Trigger trigger = watches.trigger(fd);
        if (trigger == Trigger.EDGE) {
            int kinds = PollBits.kinds(band);
            int alone = ready.count();
            kinds |= (kinds & ~BOTH) != 0 ? BOTH : 0;
            ready.merge(fd, kinds, watches.generation(fd));
            if (ready.count() == alone) {
                ready.merge(fd, PERHAPS_AN_END, watches.generation(fd));
            }
        } else if (trigger != null) {
            levelsMayBeReady = true;
        }
    }

    /// Asks for what is level-triggered, and for the signals.
    private int pollLevels(long timeoutNanos) {
        polls++;
        int result = PollCalls.poll(levels.address(), levels.count(), timeoutNanos);
        if (result >= 0) {
            levelsMayBeReady = report(levels, 1);
        }
        return result;
    }

    /// Asks for everything, after signals were lost.
    private int pollAll() {
        int result;
        try (var edges = new PollSet()) {
            for (int fd = 0; fd < watches.bound(); fd++) {
                if (watches.trigger(fd) == Trigger.EDGE) {
                    edges.append(fd, PollBits.of(watches.kinds(fd)), false, watches.generation(fd));
                }
            }
            polls++;
            result = PollCalls.poll(edges.address(), edges.count(), 0);
            boolean _ = result >= 0 && report(edges, 0);
        }
        askAll = result < 0;
        return result < 0 ? result : pollLevels(0);
    }

    /// {@return whether there was anything to report}
    private boolean report(PollSet set, int first) {
        boolean any = false;
        for (int slot = first; slot < set.count(); slot++) {
            int bits = set.revents(slot);
            if (bits != 0) {
                any = true;
                ready.merge(set.fd(slot), PollBits.kinds(bits), set.generation(slot));
            }
        }
        return any;
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
        return trigger == Trigger.LEVEL || trigger == Trigger.EDGE
                ? Optional.empty()
                : Optional.of("signals are sent once per change, not " + trigger);
    }

    @Override
    public int wakeFd() {
        return WAKE_FD;
    }

    /// An owner that has ended waits for nothing any more.
    @Override
    public synchronized int wake() {
        wakes++;
        wokenEarly = tid == 0;
        int result = wokenEarly ? 0 : SignalQueue.wake(tid);
        return result == -Errno.ESRCH ? 0 : result;
    }

    @Override
    public void drainWake() {
        // The signal is taken.
    }

    @Override
    public String changeCall() {
        return "fcntl";
    }

    @Override
    public String waitCall() {
        return "sigtimedwait";
    }

    @Override
    public Map<String, Long> systemCalls() {
        return Map.of(
                "sigtimedwait",
                queue.waits(),
                "read",
                queue.reads(),
                "poll",
                polls,
                "fcntl",
                changes,
                "tgkill",
                wakes);
    }

    /// {@return how often the kernel had no room for a signal, so that everything was asked for;
    /// any thread}
    public long overflows() {
        return overflows;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a thread is only ever itself
    public void close() {
        for (int fd = 0; fd < watches.bound(); fd++) {
            if (watches.trigger(fd) != null && !silent.get(fd)) {
                int _ = AsyncFlag.lower(fd, tid);
            }
        }
        if (Thread.currentThread() == owner) {
            queue.end();
        }
        queue.close();
        levels.close();
    }
}
