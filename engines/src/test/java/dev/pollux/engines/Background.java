package dev.pollux.engines;

import java.util.concurrent.CompletableFuture;

/// What goes on while the test itself does something else.
public final class Background {
    /// Something that may fail.
    @FunctionalInterface
    public interface Job {
        void run() throws Exception;
    }

    private Background() {}

    /// Runs a job in a thread of its own.
    ///
    /// @return completes as the job does
    public static CompletableFuture<Void> run(Job job) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Runnable task =
                () -> {
                    try {
                        job.run();
                        done.complete(null);
                    } catch (Exception | AssertionError e) {
                        done.completeExceptionally(e);
                    }
                };
        Thread.ofPlatform().daemon().start(task);
        return done;
    }
}
