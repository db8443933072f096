package dev.pollux.libc;

import java.util.Optional;

/// `kqueue(2)`: an interest set that the kernel keeps, changed and awaited in one call.
///
/// An interface, so that a test can put a kernel of its own behind it where there is no kqueue. All
/// methods return a value >= 0 or `-errno`; entries are read and written through [Kevent].
public interface KqueueCalls {
    /// The longest time, 3 years and 2 months: macOS answers `EINVAL` to a longer one.
    long TIMEOUT_NANOS_MAX = 100_000_000L * 1_000_000_000L;

    /// {@return this system's kqueue}
    ///
    /// @throws UnsupportedOperationException if it has none; the message is [#whyNot]
    static KqueueCalls ofSystem() {
        Optional<String> reason = whyNot();
        if (reason.isPresent()) {
            throw new UnsupportedOperationException(reason.get());
        }
        return new SystemKqueue();
    }

    /// {@return why this system's kqueue cannot be used, or empty if it can}
    static Optional<String> whyNot() {
        return Platform.detect().filter(Platform::isMacos).isPresent()
                ? Optional.empty()
                : Optional.of("kqueue: this system has none (macOS has)");
    }

    /// {@return a new interest set, closed at `execve`, or `-errno`}
    int kqueue();

    /// Makes changes, then waits for events; does not wait with a time of 0 or no room for events.
    ///
    /// A change that fails is answered by an event with `EV_ERROR` as long as there is room, else
    /// it is the result, and the changes after it are not made.
    ///
    /// @param kqueue the set
    /// @param changes the address of the changes, or 0
    /// @param changeCount how many
    /// @param events where the events go, or 0
    /// @param eventsMax at most so many
    /// @param timeoutNanos how long, at most [#TIMEOUT_NANOS_MAX]; negative for ever
    /// @return how many events there are, 0 after the timeout, or `-errno`
    int kevent(
            int kqueue,
            long changes,
            int changeCount,
            long events,
            int eventsMax,
            long timeoutNanos);

    /// Gives the set back.
    ///
    /// @param kqueue the set
    /// @return 0 or `-errno`
    int close(int kqueue);
}
