package dev.pollux.engines;

/// What accepts for a door, and waits until a connection ends because there are as many as there
/// may be.
interface Resting {
    /// A connection has ended; any thread.
    void resumeSoon();
}
