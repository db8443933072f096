/// Readiness: waiting until one of many descriptors can be read or written, on any mechanism of the
/// kernel.
///
/// The story in reading order:
///
/// 1. A [Selector] is what callers hold: register a file object, wait, get back what is ready. A
///    [SelectorKey] is one registration, a [Ready] one result, an [Interest] everything that can be
///    asked for, and the [InterestSet] all that is registered.
/// 2. The registry keeps the table of keys and the kernel's interest set in step; the wait loop
///    keeps deadlines and hands out events; a turnstile and a gate keep threads apart; the
///    ownership gives back what was opened, also when nobody closes it.
/// 3. A [Poller] asks the kernel. There is one per [Mechanism], a file each: select, poll, epoll,
///    kqueue, /dev/poll and the JDK's own. Any other poller can take its place, in a test or for
///    good: [SigioPoller], which one thread alone can use, is taken so.
///
/// **The contract** is that of CPython's `selectors`, on every mechanism:
///
/// - The descriptor is the identity: an object and its number are one key. A closed object is found
///   by its own identity.
/// - `register` looks at the events first, then at the object, then for a duplicate, and only then
///   asks the kernel; what the kernel refuses is not registered.
/// - `modify` to what is there already returns the very same key without a system call; omitting
///   the data resets it (`modifyEvents` keeps it); what the kernel refuses is unregistered.
/// - `unregister` never fails because of what has become of the descriptor.
/// - A wait never ends early, and goes on over signals; results hold only events that were asked
///   for, and only of keys that are still registered.
/// - [InterestSet#keys] is one live, read-only view, empty after close.
///
/// **What is added:** the event kinds and triggers of [Interest], changes and wakeups from any
/// thread, waits to the nanosecond and waits that heed interrupts, an allocation-free form,
/// generations against stale events, statistics, and a detector of descriptors that spin. What each
/// kernel interface is like is told in `docs/mechanisms.md`.
package dev.pollux.selectors;
