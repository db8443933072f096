package dev.pollux.selectors;

import java.nio.channels.ClosedSelectorException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Lets one waiter in at a time, and settles who gives back the descriptors of a selector that is
/// closed while somebody waits: whoever is last to leave.
final class Turnstile {
    private static final int FREE = 0;
    private static final int TAKEN = 1;

    /// Closed, while a waiter is still inside.
    private static final int CLOSING = 2;

    private static final int CLOSED = 3;

    private final AtomicInteger state = new AtomicInteger(FREE);

    /// The thread inside. Not ordered: a thread asks only whether it is itself.
    private @Nullable Thread waiter;

    /// Enters as the waiter.
    ///
    /// @throws ClosedSelectorException if the selector is closed
    /// @throws IllegalStateException if another wait is running
    void enter() {
        if (!state.compareAndSet(FREE, TAKEN)) {
            requireOpen();
            throw new IllegalStateException("another wait is running: one thread waits at a time");
        }
        waiter = Thread.currentThread();
    }

    /// Lets the next waiter in.
    ///
    /// @return whether the selector was closed meanwhile and the caller must give everything back
    boolean leave() {
        waiter = null;
        return !state.compareAndSet(TAKEN, FREE) && state.compareAndSet(CLOSING, CLOSED);
    }

    /// Closes, if open; nobody enters from now on.
    ///
    /// @return whether nobody is inside, so that the caller must give everything back, unless that
    ///   has been done
    boolean close() {
        while (isOpen()) {
            if (state.compareAndSet(FREE, CLOSED)) {
                return true;
            }
            if (state.compareAndSet(TAKEN, CLOSING)) {
                return false;
            }
        }
        return state.get() == CLOSED;
    }

    boolean isOpen() {
        return state.get() < CLOSING;
    }

    void requireOpen() {
        if (!isOpen()) {
            throw new ClosedSelectorException();
        }
    }

    /// {@return whether a thread other than the caller is inside}
    boolean isTakenByAnother() {
        int now = state.get();
        return (now == TAKEN || now == CLOSING) && !Thread.currentThread().equals(waiter);
    }
}
