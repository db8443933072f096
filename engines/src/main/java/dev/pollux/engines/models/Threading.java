package dev.pollux.engines.models;

/// Which threads serve the connections of an [IoModel], and so what the number of threads means
/// that its engine is opened with.
public enum Threading {
    /// Loops, each of which serves many connections: the number of loops.
    LOOPS,

    /// Workers, each of which serves one connection at a time: the number of workers.
    WORKERS,

    /// As many threads as the model needs: the number means nothing.
    FIXED
}
