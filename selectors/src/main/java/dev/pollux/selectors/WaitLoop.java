package dev.pollux.selectors;

import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Waits on a poller and hands out what is ready. Used by one thread at a time, without a lock.
///
/// Deadlines are kept here: a signal, a stale event or a changed interest set ends a wait of the
/// kernel, but not the caller's.
final class WaitLoop<T> {
    private static final Duration LONGEST = Duration.ofNanos(Selector.FOREVER);

    private final Poller poller;
    private final KeyTable<T> table;
    private final WakeGate gate;
    private final Turnstile turnstile;
    private final SpinDetector<T> spins;
    private final int wakeFd;
    private final boolean holdsCarrier;

    /// The batch being handed out. `next` is below `count` between waits only after a consumer has
    /// thrown.
    private int next;

    private int count;

    /// Where the part of the batch began that was being handed out when a consumer threw; else
    /// where the batch ends.
    private int retry;

    /// Whether somebody has closed what the waiter is woken by, as the last batch says.
    private boolean wakerIsGone;

    private long waits;
    private long events;
    private long emptyWaits;
    private long interruptedWaits;
    private long staleEvents;

    WaitLoop(
            Poller poller,
            KeyTable<T> table,
            WakeGate gate,
            Turnstile turnstile,
            SpinDetector<T> spins) {
        this.poller = poller;
        this.table = table;
        this.gate = gate;
        this.turnstile = turnstile;
        this.spins = spins;
        this.wakeFd = poller.wakeFd();
        this.holdsCarrier = poller.holdsCarrier();
    }

    /// {@return a time as [#run] takes it}
    ///
    /// @param timeout null has no end
    static long nanos(@Nullable Duration timeout) {
        if (timeout == null || timeout.compareTo(LONGEST) >= 0) {
            return Selector.FOREVER;
        }
        return timeout.isPositive() ? timeout.toNanos() : 0;
    }

    /// Waits and collects: everything or, if there is no memory for it, nothing. Then it is for the
    /// next wait, as what is told only once would be lost.
    ///
    /// @param timeout as for [#run]
    /// @param untilSignal as for [#run]
    /// @param interruption as for [#run]
    /// @return what is ready
    List<Ready<T>> collect(long timeout, boolean untilSignal, @Nullable Interruption interruption)
            throws ErrnoException {
        var ready = new ArrayList<Ready<T>>();
        long before = events;
        retry = next;
        try {
            int _ = run(timeout, (key, mask) -> add(ready, key, mask), untilSignal, interruption);
            return ready;
        } catch (Throwable t) {
            next = retry;
            events = before;
            throw t;
        }
    }

    private void add(List<Ready<T>> ready, SelectorKey<T> key, int mask) {
        ready.add(new Ready<>(key, mask));
    }

    /// Waits and delivers.
    ///
    /// @param timeout at least so many nanoseconds unless something is ready; 0 and below polls,
    ///   [Selector#FOREVER] has no end
    /// @param consumer takes what is ready
    /// @param untilSignal whether a signal ends the wait
    /// @param interruption what an interrupt ends the wait by; null if it does not
    /// @return how many events were delivered
    int run(
            long timeout,
            ReadyConsumer<T> consumer,
            boolean untilSignal,
            @Nullable Interruption interruption)
            throws ErrnoException {
        if (timeout > 0 && holdsCarrier) {
            refuseVirtualThread();
        }
        // As pollers take it.
        long timeoutNanos = timeout == Selector.FOREVER ? -1 : Math.max(timeout, 0);
        int left = next < count ? deliver(consumer) : 0;
        if (left > 0) {
            boolean _ = gate.takeRequest();
            return left;
        }
        long deadline = timeoutNanos > 0 ? poller.nanoTime() + timeoutNanos : 0;
        // The signal of a request may be gone, with the batch that a consumer has left by throwing.
        long remaining = gate.isRequested() ? 0 : timeoutNanos;
        while (true) {
            spins.beforeWait();
            if (!turnstile.isOpen()) {
                return 0; // Closed while the rest was handed out, or by the listener of spins.
            }
            waits++;
            // Not in a method of its own: the compiler must inline all of a system call to see that
            // it allocates nothing, and gives up at a certain depth.
            int result =
                    interruption == null
                            ? poller.await(remaining)
                            : interruption.await(poller, remaining);
            next = 0;
            retry = 0;
            wakerIsGone = false;
            count = Math.max(result, 0);
            boolean interrupted = result < 0 && isInterrupted(result);
            int delivered = result > 0 ? deliver(consumer) : 0;
            boolean woken = gate.takeRequest();
            if (delivered > 0) {
                return delivered;
            }
            emptyWaits++;
            if (wakerIsGone) { // It would be reported for ever.
                throw new ErrnoException(Errno.EBADF, poller.waitCall(), wakeFd);
            }
            // The JDK's selector hears an interrupt before the interruption does.
            boolean heard = interruption != null && Thread.currentThread().isInterrupted();
            if (woken || heard || (interrupted && untilSignal) || !turnstile.isOpen()) {
                return 0;
            }
            if (timeoutNanos >= 0) {
                remaining = timeoutNanos == 0 ? 0 : deadline - poller.nanoTime();
                if (remaining <= 0) {
                    return 0;
                }
            }
        }
    }

    private static void refuseVirtualThread() {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException(
                    "a virtual thread would keep its carrier while it waits in the kernel, and so"
                            + " all others from running: wait in a platform thread");
        }
    }

    /// {@return true, if a signal has ended the wait}
    ///
    /// @throws ErrnoException for any other error
    private boolean isInterrupted(int result) throws ErrnoException {
        if (result != -Errno.EINTR) {
            throw new ErrnoException(-result, poller.waitCall(), poller.fd());
        }
        interruptedWaits++;
        return true;
    }

    /// Hands out the rest of the batch. The place is kept in a field only when a consumer throws.
    private int deliver(ReadyConsumer<T> consumer) {
        int delivered = 0;
        int index = next;
        int end = count;
        retry = index;
        try {
            while (index < end) {
                int at = index++;
                int fd = poller.readyFd(at);
                if (fd == wakeFd) {
                    noteWakeup(at);
                    continue;
                }
                Registration<T> registration = table.get(fd);
                int mask = mask(at, fd, registration);
                if (registration != null && mask != 0) {
                    consumer.ready(registration.key(), mask);
                    spins.handedOut(fd);
                    delivered++;
                }
            }
            retry = end;
        } finally {
            next = index;
            events += delivered;
        }
        return delivered;
    }

    private void noteWakeup(int at) {
        if (poller.readyEvents(at) == Selector.READ) {
            poller.drainWake();
            gate.lower();
        } else {
            wakerIsGone = true;
        }
    }

    /// {@return what of an event is to be handed out, 0 for nothing}
    private int mask(int at, int fd, @Nullable Registration<T> registration) {
        int raw = poller.readyEvents(at);
        int generation = poller.readyGeneration(at);
        spins.seen(fd, raw, generation, registration);
        if (registration == null || registration.generation() != generation) {
            staleEvents++;
            return 0;
        }
        return registration.fold(raw);
    }

    SelectorStatistics statistics() {
        return new SelectorStatistics(
                poller.name(),
                table.size(),
                waits,
                events,
                emptyWaits,
                interruptedWaits,
                gate.passed(),
                staleEvents,
                poller.systemCalls());
    }
}
