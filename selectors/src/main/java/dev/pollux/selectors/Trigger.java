package dev.pollux.selectors;

/// When a descriptor that is ready is reported.
///
/// A mechanism that lacks a trigger refuses it at registration with an
/// [UnsupportedOperationException] that says so; nothing is ever replaced by something weaker.
public enum Trigger {
    /// In every wait for as long as it is ready. What is not consumed is reported again, so that
    /// nothing can be missed. Every mechanism has it.
    LEVEL,

    /// Only when something new has happened since the last report. A caller that takes this must
    /// read or write until `EAGAIN`. `EPOLLET` of epoll(7), `EV_CLEAR` of kqueue(2).
    EDGE,

    /// Once; then the descriptor stays registered but silent until [Selector#modify] arms it again.
    /// `EPOLLONESHOT`, `EV_ONESHOT`; done by the selector itself on select, poll, devpoll and nio.
    ONE_SHOT,

    /// As [#LEVEL], but of several selectors that watch the same descriptor not all are woken:
    /// against the thundering herd at a shared listener. `EPOLLEXCLUSIVE`, only on epoll, which
    /// takes it without [Selector#PRIORITY] and [Selector#READ_CLOSED] only, and never lets a
    /// registration be modified to it or from it.
    EXCLUSIVE
}
