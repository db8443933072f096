package dev.pollux.engines.uring;

import java.util.function.IntUnaryOperator;

/// The way into the kernel, with what can happen on it at the moment a test wants it.
final class FaultyEntry implements RingEntry {
    /// An outcome: the kernel does as it likes.
    static final int FINE = Integer.MAX_VALUE;

    private final IntUnaryOperator outcomes;
    private int calls;

    /// Makes one.
    ///
    /// @param outcomes for the number of a call, from 1 on: `-errno` for one that does nothing but
    ///   fail, or how many requests it offers at most
    FaultyEntry(IntUnaryOperator outcomes) {
        this.outcomes = outcomes;
    }

    /// {@return how often the kernel was entered, or would have been}
    int calls() {
        return calls;
    }

    @Override
    public int submit(int ring, int toSubmit, int flags) {
        int outcome = outcomes.applyAsInt(++calls);
        return outcome < 0 ? outcome : KERNEL.submit(ring, Math.min(toSubmit, outcome), flags);
    }

    @Override
    public int submitAndWait(
            int ring, int toSubmit, int minComplete, int flags, long timeoutNanos) {
        int outcome = outcomes.applyAsInt(++calls);
        if (outcome < 0) {
            return outcome;
        }
        // The kernel that takes fewer than offered does not wait either.
        return outcome < toSubmit
                ? KERNEL.submitAndWait(ring, outcome, 0, flags, 0)
                : KERNEL.submitAndWait(ring, toSubmit, minComplete, flags, timeoutNanos);
    }
}
