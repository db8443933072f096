package dev.pollux.http;

import java.util.concurrent.atomic.AtomicReferenceArray;

/// A small stock of [Output]s, so that a connection with nothing in flight holds none and a busy
/// loop finds its own again. From any thread, without a lock.
final class OutputPool {
    /// Larger ones are not kept.
    private static final int KEPT_BYTES_MAX = 4 * Output.FLUSH_BYTES;

    private static final int SLOTS = 16;

    /// A cache line's worth of references between two slots, so that loops do not disturb each
    /// other.
    private static final int STRIDE = 16;

    private final AtomicReferenceArray<Output> slots = new AtomicReferenceArray<>(SLOTS * STRIDE);

    private static int slot() {
        return (int) (Thread.currentThread().threadId() % SLOTS) * STRIDE;
    }

    /// {@return an empty output, to be given back}
    Output take() {
        Output output = slots.getAndSet(slot(), null);
        return output != null ? output : new Output();
    }

    /// Takes an output back.
    void give(Output output) {
        output.clear();
        if (output.capacity() <= KEPT_BYTES_MAX) {
            slots.setRelease(slot(), output);
        }
    }
}
