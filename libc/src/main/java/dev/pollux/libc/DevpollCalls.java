package dev.pollux.libc;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// `/dev/poll`, `poll(7d)` of Solaris and illumos: an interest set behind a device. Interest is
/// written to it as `struct pollfd`, which adds to what a descriptor has already; [#POLLREMOVE]
/// takes it away.
///
/// The structures are those of `<sys/devpoll.h>`; the constants of the C library around them are
/// not known here for either system, so that [#whyNot] always has a reason today.
///
/// An interface, so that a test can put a kernel of its own behind it where there is no such
/// device. All methods return a value >= 0 or `-errno`; entries are read and written through
/// [PollCalls].
public interface DevpollCalls {
    /// Where the device is.
    String DEVICE = "/dev/poll";

    /// In the events of a written entry: forget the descriptor.
    int POLLREMOVE = 0x0800;

    /// {@return this system's `/dev/poll`}
    ///
    /// @throws UnsupportedOperationException if it has none; the message is [#whyNot]
    static DevpollCalls ofSystem() {
        Optional<String> reason = whyNot();
        if (reason.isPresent()) {
            throw new UnsupportedOperationException(reason.get());
        }
        return new SystemDevpoll();
    }

    /// {@return why this system's `/dev/poll` cannot be used, or empty if it can}
    static Optional<String> whyNot() {
        if (Files.notExists(Path.of(DEVICE))) {
            return Optional.of(
                    "devpoll: there is no "
                            + DEVICE
                            + " (Solaris and illumos have it, whose layouts are not known here)");
        }
        return Platform.detect().isPresent()
                ? Optional.empty()
                : Optional.of("devpoll: the constants of this platform are not known");
    }

    /// {@return a new interest set, closed at `execve`, or `-errno`}
    int open();

    /// Changes the set.
    ///
    /// @param devpoll the set
    /// @param pollfds the address of the entries
    /// @param count how many
    /// @return how many bytes were taken, 8 for each entry, or `-errno`
    int write(int devpoll, long pollfds, int count);

    /// Waits for events (`DP_POLL`); does not wait with a time of 0.
    ///
    /// @param devpoll the set
    /// @param pollfds where the entries that have something to say go
    /// @param max at most so many
    /// @param timeoutNanos how long, negative for ever; in milliseconds, rounded up
    /// @return how many there are, 0 after the timeout, or `-errno`
    int poll(int devpoll, long pollfds, int max, long timeoutNanos);

    /// Gives the set back.
    ///
    /// @param devpoll the set
    /// @return 0 or `-errno`
    int close(int devpoll);
}
