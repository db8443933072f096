package dev.pollux.engines.loop;

/// What goes wrong in a simulation, each at a rate of its own.
public enum Fault {
    /// A receive brings less than there is.
    SHORT_RECEIVE,
    /// A send takes less than there is room for.
    SHORT_SEND,
    /// A call says `EAGAIN` though it was reported as possible.
    SPURIOUS,
    /// A call or a wait is interrupted by a signal.
    INTERRUPTED,
    /// A call fails as the connection is reset.
    RESET,
    /// An accept fails for the newcomer's sake.
    NEWCOMER,
    /// An accept finds no descriptor.
    TABLE_FULL,
    /// An accept finds no memory.
    NO_MEMORY,
    /// A ring takes fewer requests than it is offered.
    SHORT_SUBMIT,
    /// All loops are full, and there is one more.
    FULL_LOOPS,
    /// The kernel refuses to watch.
    REFUSED_WATCH,
    /// What is ready is left out of a report, and told in a later one.
    LATE,
    /// What is ready is told more than once in one report.
    REPEATED,
    /// A protocol throws an exception.
    THROWS,
    /// A protocol throws for want of memory.
    NO_HEAP,
}
