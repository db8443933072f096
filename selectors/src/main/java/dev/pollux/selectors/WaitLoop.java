package dev.pollux.selectors;

import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;

/// Waits on a poller and hands out what is ready. Used by one thread at a time, without a lock.
///
/// Deadlines are kept here: a signal, a stale event or a changed interest set ends a wait of the
/// kernel, but not the caller's.
final class WaitLoop<T> {
    private final Poller poller;
    private final KeyTable<T> table;
    private final WakeGate gate;
    private final Turnstile turnstile;
    private final SpinDetector<T> spins;
    private final int wakeFd;

    /// The batch being handed out. `next` is below `count` between waits only after a consumer has
    /// thrown.
    private int next;

    private int count;

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
    }

    /// Waits and delivers.
    ///
    /// @param timeoutNanos at least this long unless something is ready; 0 polls, negative has no
    ///   end
    /// @param consumer takes what is ready
    /// @param untilSignal whether a signal ends the wait
    /// @return how many events were delivered
    int run(long timeoutNanos, ReadyConsumer<T> consumer, boolean untilSignal)
            throws ErrnoException {
        int left = next < count ? deliver(consumer) : 0;
        if (left > 0) {
            boolean _ = gate.takeRequest();
            return left;
        }
        long deadline = timeoutNanos > 0 ? System.nanoTime() + timeoutNanos : 0;
        // The signal of a request may be gone, with the batch that a consumer has left by throwing.
        long remaining = gate.isRequested() ? 0 : timeoutNanos;
        while (true) {
            spins.beforeWait();
            if (!turnstile.isOpen()) {
                return 0; // Closed while the rest was handed out, or by who is told of a spin.
            }
            waits++;
            // Not in a method of its own: the compiler must inline all of a system call to see that
            // it allocates nothing, and gives up at a certain depth.
            int result = poller.await(remaining);
            next = 0;
            count = Math.max(result, 0);
            boolean interrupted = result < 0 && isInterrupted(result);
            int delivered = result > 0 ? deliver(consumer) : 0;
            boolean woken = gate.takeRequest();
            if (delivered > 0) {
                return delivered;
            }
            emptyWaits++;
            if (woken || (interrupted && untilSignal) || !turnstile.isOpen()) {
                return 0;
            }
            if (timeoutNanos >= 0) {
                remaining = timeoutNanos == 0 ? 0 : deadline - System.nanoTime();
                if (remaining <= 0) {
                    return 0;
                }
            }
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
        try {
            while (index < end) {
                int at = index++;
                int fd = poller.readyFd(at);
                if (fd == wakeFd) {
                    poller.drainWake();
                    gate.lower();
                } else if (deliver(at, fd, consumer)) {
                    delivered++;
                }
            }
        } finally {
            next = index;
            events += delivered;
        }
        return delivered;
    }

    private boolean deliver(int at, int fd, ReadyConsumer<T> consumer) {
        Registration<T> registration = table.get(fd);
        int raw = poller.readyEvents(at);
        int generation = poller.readyGeneration(at);
        spins.seen(fd, raw, generation, registration);
        if (registration == null || registration.generation() != generation) {
            staleEvents++;
            return false;
        }
        int mask = registration.fold(raw);
        if (mask == 0) {
            return false;
        }
        consumer.ready(registration.key(), mask);
        spins.handedOut(fd);
        return true;
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
