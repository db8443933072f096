package dev.pollux.selectors;

import java.util.concurrent.atomic.AtomicBoolean;

/// Makes many wakeups one system call: only the first since the waiter last took note needs to
/// signal.
///
/// The order is what makes it safe. A waker first leaves its request and then raises the flag. The
/// waiter first drains the signal, then lowers the flag and then looks for a request. So a request
/// is either seen by the waiter or its signal is still to come.
///
/// A signal can also be drained outside a wait, with the rest of a batch that a consumer has left
/// by throwing. So the waiter looks for a request before it waits as well.
final class WakeGate {
    /// Whether a signal is under way that the waiter has not taken note of.
    private final AtomicBoolean signalled = new AtomicBoolean();

    /// Whether the caller of a wait is to be woken, not just the wait renewed.
    private final AtomicBoolean requested = new AtomicBoolean();

    /// How many signals the waiter has taken note of. Written by the waiter.
    private long passed;

    /// Asks that the running wait end, or else the next.
    ///
    /// @return whether the caller must signal
    boolean request() {
        requested.set(true);
        return raise();
    }

    /// Asks that the waiter look at its interest set again.
    ///
    /// @return whether the caller must signal
    boolean raise() {
        return !signalled.getAndSet(true);
    }

    /// Takes note of a signal that has been drained; the waiter only.
    void lower() {
        passed++;
        signalled.set(false);
    }

    /// Takes back a signal that could not be sent, so that the next one is tried.
    void retract() {
        signalled.set(false);
    }

    /// {@return whether a wakeup was requested that nobody has taken}
    boolean isRequested() {
        return requested.get();
    }

    /// {@return whether a wakeup was requested, once; the waiter only, and when no exception can
    /// keep the answer from its caller}
    boolean takeRequest() {
        return isRequested() && requested.getAndSet(false);
    }

    long passed() {
        return passed;
    }
}
