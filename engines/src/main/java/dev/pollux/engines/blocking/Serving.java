package dev.pollux.engines.blocking;

/// Who serves a connection of a blocking engine: what its four models differ in.
public enum Serving {
    /// The thread that has accepted it; the next one waits until it is over.
    BY_ACCEPTOR,
    /// A thread of its own.
    BY_THREAD,
    /// One of a fixed number of threads, in the order of their coming.
    BY_WORKER,
    /// A virtual thread of its own, which parks in the JDK's sockets.
    BY_VIRTUAL_THREAD;

    /// {@return whether threads park in the JDK's sockets, and never sleep in the kernel}
    public boolean parks() {
        return this == BY_VIRTUAL_THREAD;
    }
}
