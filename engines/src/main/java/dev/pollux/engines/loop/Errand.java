package dev.pollux.engines.loop;

import dev.pollux.engines.shared.Uninterrupted;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// What a [Loop] does for a caller who waits until it is done.
@FunctionalInterface
public interface Errand {
    /// Does it, on the loop's thread.
    ///
    /// @throws IOException when it cannot be done
    void run() throws IOException;

    /// Has an errand done on a loop's thread, and waits for it; any thread.
    ///
    /// @throws IOException what the errand throws, or when it finds no memory
    /// @throws IllegalStateException when the loop has ended
    static void run(Loop loop, Errand errand) throws IOException {
        if (loop.isCurrent()) {
            errand.run();
            return;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        Runnable task =
                () -> {
                    try {
                        errand.run();
                        done.complete(null);
                    } catch (Throwable e) {
                        done.completeExceptionally(e);
                    }
                };
        if (!loop.hand(task, 0)) {
            throw LoopEngine.stopped();
        }
        await(done);
    }

    private static void await(CompletableFuture<Void> done) throws IOException {
        Uninterrupted.await(() -> {
            try {
                done.get();
            } catch (ExecutionException _) {
                // Below.
            }
        });
        if (done.isCompletedExceptionally()) {
            switch (done.exceptionNow()) {
                case IOException e -> throw e;
                case RuntimeException e -> throw e;
                case OutOfMemoryError e -> throw new IOException(e.getMessage(), e);
                case Throwable e -> throw new IllegalStateException(e);
            }
        }
    }
}
