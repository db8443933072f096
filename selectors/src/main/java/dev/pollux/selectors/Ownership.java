package dev.pollux.selectors;

import java.lang.ref.Cleaner;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/// Closes a selector's poller, once: with the selector, or when it turns out that the selector was
/// forgotten. Its monitor is the selector's lock.
///
/// It knows nothing that leads back to the selector, as keys and their data often do: what is known
/// here is never forgotten.
final class Ownership implements Runnable {
    /// Null until there is a thread for it. Guarded by this class.
    private static @Nullable Cleaner cleaner;

    private final Poller poller;

    /// Guarded by this, as what follows.
    private boolean ended;

    private boolean closed;

    Ownership(Poller poller) {
        this.poller = poller;
    }

    /// Watches whether the selector is forgotten, until what this returns is cleaned. Nobody
    /// watches while the system gives no thread for it.
    Cleaner.Cleanable of(Object selector) {
        ThreadFactory threads = Thread.ofPlatform().daemon().name("forgotten-selectors").factory();
        Cleaner watching = cleaner(threads);
        return watching == null ? () -> {} : watching.register(selector, this);
    }

    static synchronized @Nullable Cleaner cleaner(ThreadFactory threads) {
        if (cleaner == null) {
            try {
                cleaner = Cleaner.create(threads);
            } catch (OutOfMemoryError _) {
                return null; // The next selector tries again.
            }
        }
        return cleaner;
    }

    /// {@return whether the poller is closed, or about to be; the caller holds the lock}
    boolean hasEnded() {
        return ended;
    }

    /// Closes the poller, unless it is closed. May be tried again when there was no memory for it.
    synchronized void end() {
        ended = true;
        if (!closed) {
            poller.close();
            closed = true;
        }
    }

    /// Ends it for a selector that nobody can reach any more, and says so.
    @Override
    public synchronized void run() {
        if (!closed) {
            end();
            System.getLogger(Selector.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "a selector over {0} was forgotten, and is closed now:"
                                    + " close() it in time",
                            poller.name());
        }
    }
}
