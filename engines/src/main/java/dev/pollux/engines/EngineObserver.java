package dev.pollux.engines;

import org.jspecify.annotations.Nullable;

/// Is told what an operator of an engine should know. Called on the engine's threads, and on any
/// that calls the engine, so it must be quick. What it throws is lost, and so is an interrupt
/// status that it leaves behind: it disturbs nobody.
@FunctionalInterface
public interface EngineObserver {
    /// Ignores every report.
    EngineObserver SILENT = (_, _) -> {};

    /// Something went wrong that the engine survived: a full descriptor table, a protocol that
    /// threw; or that it has not survived ([Engine#awaitStop()]). That newcomers cannot be accepted
    /// or have no thread is told once per episode, what ends one connection each time.
    ///
    /// @param line one clear line for a person
    /// @param cause the exception behind it, if there is one
    void trouble(String line, @Nullable Throwable cause);
}
