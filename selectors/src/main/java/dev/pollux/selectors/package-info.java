/// Readiness: waiting until one of many descriptors can be read or written, on any mechanism of the
/// kernel.
///
/// A [Selector] keeps the keys, the deadlines and the threads apart; a [Poller], one per
/// [Mechanism], asks the kernel. What each kernel interface is like, and what is done about it, is
/// told in `docs/mechanisms.md`.
package dev.pollux.selectors;
