package dev.pollux.engines.shared;

import static java.util.Objects.requireNonNull;

import dev.pollux.engines.DisconnectedException;
import dev.pollux.engines.DisconnectedException.Reason;
import dev.pollux.engines.EngineObserver;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Tells an [EngineObserver] of troubles, and never makes one: what it is to tell of may be an
/// exception whose own text throws, or the want of memory, and the observer may throw as well.
///
/// Any thread may tell.
public final class Troubles {
    private final EngineObserver observer;

    public Troubles(EngineObserver observer) {
        this.observer = observer;
        // A class that is needed for want of memory could not be loaded then.
        requireNonNull(DisconnectedException.of(Reason.ABORTED));
    }

    /// Tells of a trouble, as far as that is possible.
    ///
    /// @param what what happened and what it means: all that is told where there is no more to be
    ///   had
    /// @param cause what is behind it, if anything; its text follows
    public void tell(String what, @Nullable Throwable cause) {
        boolean interrupted = Thread.currentThread().isInterrupted();
        try {
            observer.trouble(line(what, cause), cause);
        } catch (Throwable _) {
            // There is nobody else to tell.
        }
        if (!interrupted) {
            Thread.interrupted(); // It is the engine's thread, and would close the JDK's channels.
        }
    }

    /// {@return a line that says what happened, and why as far as that can be had}
    public static String line(String what, @Nullable Throwable cause) {
        if (cause == null) {
            return what;
        }
        try {
            // No `+`: linking it would take memory at the first use.
            return what.concat(": ").concat(text(cause));
        } catch (Throwable _) {
            return what;
        }
    }

    private static String text(Throwable cause) {
        try {
            String message = cause instanceof IOException ? cause.getMessage() : null;
            return message == null ? cause.toString() : message;
        } catch (Throwable _) {
            return cause.getClass().getName();
        }
    }
}
