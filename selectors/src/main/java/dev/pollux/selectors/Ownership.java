package dev.pollux.selectors;

import java.lang.ref.Cleaner;

/// Closes a selector's poller, once: with the selector, or when it turns out that the selector was
/// forgotten. Its monitor is the selector's lock.
///
/// It knows nothing that leads back to the selector, as keys and their data often do: what is known
/// here is never forgotten.
final class Ownership implements Runnable {
    private static final System.Logger LOGGER = System.getLogger(Selector.class.getName());
    private static final Cleaner CLEANER =
            Cleaner.create(Thread.ofPlatform().daemon().name("forgotten-selectors").factory());

    private final Poller poller;

    /// Guarded by this.
    private boolean ended;

    Ownership(Poller poller) {
        this.poller = poller;
    }

    /// Watches whether the selector is forgotten, until what this returns is cleaned.
    Cleaner.Cleanable of(Object selector) {
        return CLEANER.register(selector, this);
    }

    /// {@return whether the poller is closed; the caller holds the lock}
    boolean hasEnded() {
        return ended;
    }

    /// Closes the poller, if nobody has.
    synchronized void end() {
        if (!ended) {
            ended = true;
            poller.close();
        }
    }

    /// Ends it for a selector that nobody can reach any more, and says so.
    @Override
    public synchronized void run() {
        if (!ended) {
            end();
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "a selector over {0} was forgotten, and is closed now: close() it in time",
                    poller.name());
        }
    }
}
