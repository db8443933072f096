/// Loops that are told what is ready, and then receive and send by themselves: `nonblocking`,
/// `select`, `poll`, `epoll`, `epoll-et`, `kqueue`, `devpoll`, `nio`, `sigio`.
///
/// `ReadinessModel` plugs them in, `ReadinessDriver` waits in a selector of [dev.pollux.selectors],
/// `ReadinessAcceptor` accepts. `BusyPoller` is the mechanism of `nonblocking`: none.
package dev.pollux.engines.readiness;
