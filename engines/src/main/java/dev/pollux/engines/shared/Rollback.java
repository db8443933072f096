package dev.pollux.engines.shared;

import java.util.ArrayDeque;

/// What has been opened of something that has several parts: given back, the last one first, unless
/// all of them could be opened.
///
/// ```java
/// try (Rollback opened = new Rollback()) {
///     ring = Ring.open(8, 16);
///     opened.add(ring::close);
///     // whatever fails here, the ring is closed
///     opened.keep();
/// }
/// ```
public final class Rollback implements AutoCloseable {
    private final ArrayDeque<Runnable> parts = new ArrayDeque<>();

    /// One more part is open.
    ///
    /// @param undo gives it back, and does not fail
    public void add(Runnable undo) {
        parts.push(undo);
    }

    /// All parts are open: nothing is given back.
    public void keep() {
        parts.clear();
    }

    @Override
    public void close() {
        parts.forEach(Runnable::run);
    }
}
