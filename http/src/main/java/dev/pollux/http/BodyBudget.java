package dev.pollux.http;

import java.util.concurrent.atomic.AtomicLong;

/// What the bodies of all connections of one service may take together. Any thread.
final class BodyBudget {
    private final long bytesMax;
    private final AtomicLong taken = new AtomicLong();

    BodyBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// Takes bytes out of it.
    ///
    /// @throws RejectedException when it has not so many left
    void take(long bytes) throws RejectedException {
        if (taken.addAndGet(bytes) > bytesMax) {
            taken.addAndGet(-bytes);
            throw new RejectedException(
                    Status.SERVICE_UNAVAILABLE, "too many bodies are under way at once");
        }
    }

    void give(long bytes) {
        taken.addAndGet(-bytes);
    }

    /// {@return how many bytes are taken}
    long taken() {
        return taken.get();
    }
}
