package dev.pollux.engines.loop;

import java.io.IOException;

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
        AwaitedErrand awaited = new AwaitedErrand(errand);
        if (!loop.hand(awaited, 0)) {
            throw LoopEngine.stopped();
        }
        awaited.await();
    }
}
