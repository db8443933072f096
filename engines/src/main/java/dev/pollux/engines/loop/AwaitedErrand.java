package dev.pollux.engines.loop;

import dev.pollux.engines.shared.Uninterrupted;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// An [Errand] on its way to a loop. Its end is told without taking memory, which may be what it
/// has not found: else the caller would wait for ever.
final class AwaitedErrand implements Runnable {
    private final Errand errand;
    private final CountDownLatch done = new CountDownLatch(1);

    /// What it has thrown; written before it is done.
    private @Nullable Throwable thrown;

    AwaitedErrand(Errand errand) {
        this.errand = errand;
    }

    @Override
    public void run() {
        try {
            errand.run();
        } catch (Throwable e) {
            thrown = e;
        } finally {
            done.countDown();
        }
    }

    /// Waits for its end, and throws what it has thrown.
    void await() throws IOException {
        Uninterrupted.await(done::await);
        switch (thrown) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case OutOfMemoryError e -> throw new IOException(e.getMessage(), e);
            case Throwable e -> throw new IllegalStateException(e);
        }
    }
}
