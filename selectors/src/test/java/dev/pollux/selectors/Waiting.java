package dev.pollux.selectors;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Work in a platform thread of its own, whose result or failure the test takes.
final class Waiting<R> {
    private final CompletableFuture<R> result = new CompletableFuture<>();
    private final Thread thread;

    private Waiting(Callable<R> work) {
        thread =
                Thread.ofPlatform()
                        .name("waiting")
                        .start(() -> {
                            try {
                                result.complete(work.call());
                            } catch (Throwable t) {
                                result.completeExceptionally(t);
                            }
                        });
    }

    static <R> Waiting<R> in(Callable<R> work) {
        return new Waiting<>(work);
    }

    boolean isDone() {
        return result.isDone();
    }

    R result() throws Exception {
        R value = result.get(50, TimeUnit.SECONDS);
        thread.join();
        return value;
    }
}
