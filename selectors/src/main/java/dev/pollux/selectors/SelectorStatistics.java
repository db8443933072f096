package dev.pollux.selectors;

import java.util.Map;

/// What a selector has done since it was opened. Taken while a wait is running, the figures are
/// whole numbers but may belong to slightly different moments.
///
/// @param mechanism the name of the mechanism
/// @param keys how many descriptors are registered now
/// @param waits how often the kernel was asked what is ready
/// @param events how many events were handed to the caller
/// @param emptyWaits how many waits brought nothing to the caller: time over, a wakeup, a signal,
///   or only stale events
/// @param interruptedWaits how many waits a signal has ended (`EINTR`)
/// @param wakeups how often the waiter was really woken; calls of [Selector#wakeup] that found it
///   already signalled do not count
/// @param staleEvents how many events were dropped because their registration was gone
/// @param systemCalls how often each system call was made, by name
public record SelectorStatistics(
        String mechanism,
        int keys,
        long waits,
        long events,
        long emptyWaits,
        long interruptedWaits,
        long wakeups,
        long staleEvents,
        Map<String, Long> systemCalls) {
    /// Takes a snapshot of the calls.
    public SelectorStatistics {
        systemCalls = Map.copyOf(systemCalls);
    }
}
