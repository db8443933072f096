/// One protocol on any I/O model: a [Protocol][dev.pollux.engines.Protocol] is told what happened,
/// a [Transport][dev.pollux.engines.Transport] is what it talks through, an
/// [Engine][dev.pollux.engines.Engine] runs both on the model that was chosen
/// ([IoModel][dev.pollux.engines.models.IoModel]). This package is that contract, and knows no
/// model.
///
/// # The models
///
/// | model | who waits for input | who copies it | threads |
/// |---|---|---|---|
/// | `blocking` | the thread that serves, in `recv(2)` | the kernel, in that call | one for each door |
/// | `blocking-threads` | a thread of the connection's own, in `recv(2)` | the same | one for each connection |
/// | `blocking-pool` | a worker, in `recv(2)` | the same | as many as the pool has |
/// | `blocking-virtual` | a virtual thread, parked by the JDK | the JDK | one virtual for each connection |
/// | `nonblocking` | nobody: everything is tried again and again | the loop, in `recv(2)` | loops |
/// | `select`, `poll`, `epoll`, `epoll-et`, `kqueue`, `devpoll`, `nio` | the loop, for many at once | the loop, once it is told | loops |
/// | `sigio` | the loop, for signals | the loop, once it is told | loops |
/// | `io_uring` | the kernel | the kernel; the loop hears of it when it is done | loops |
/// | `nio2` | threads of the JDK | these; the loop hears of it when it is done | loops, and as many of the JDK |
///
/// # The words
///
/// A *door* is a listening socket; what accepts at it is its *acceptor*. A *wire* is a connected
/// socket, or another descriptor, as raw calls that decide nothing. A *connection* is what decides:
/// it is the transport of one protocol. A *loop* is a thread that serves many connections; a *turn*
/// is one round of it: wait, serve what has happened, send what was written. A *segment* is a piece
/// of memory that waits to be sent.
///
/// # The rooms, in the order to read them
///
/// | package | holds | knows |
/// |---|---|---|
/// | `io` | doors, wires, and memory that is sent; decides nothing | `libc`, `selectors` |
/// | `engines` | the contract | `io`, for shared bytes |
/// | `shared` | what connections of all models have in common: the stages of their life, who is told of troubles, how something ends | the contract |
/// | `loop` | loops, their connections, groups, timers, budgets | `shared`, `io` |
/// | `readiness`, `uring`, `nio2` | how loops wait and accept, in three ways | `loop` |
/// | `blocking` | threads that sleep: their connections, groups, timers | `shared`, `io` |
/// | `models` | the table of models, by name | all of them |
///
/// No two know each other, directly or around a corner: a test in `checks` sees to that. What is
/// public in a package that is not exported is public to this module only.
///
/// # How to add a model
///
/// One with loops: a package with a class that implements `loop.LoopModel` (what each loop waits
/// with, how a door is bound, what is adopted), a constant in `models.IoModel` with its facts and
/// the function that makes that class, and a section in `docs/mechanisms.md`. The contract's tests
/// run it by themselves: they ask for `IoModel.values()`.
package dev.pollux.engines;
