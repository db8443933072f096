package dev.pollux.selectors;

import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Platform;
import dev.pollux.libc.SelfTest;
import java.io.UncheckedIOException;
import java.util.Optional;

/// The kernel interfaces that a [Selector] can stand on, best first.
///
/// Whether one is there is found by trying it, not by its name: a sandbox may forbid what the
/// kernel has.
public enum Mechanism {
    /// `epoll(7)` of Linux: a wait costs what is ready.
    EPOLL,

    /// `poll(2)`, everywhere: a wait costs what is registered.
    POLL,

    /// `select(2)`, everywhere: a wait costs the highest descriptor.
    SELECT;

    /// What is wrong with the layouts of this platform, asked of the kernel once.
    private static final class Layouts {
        static final Optional<String> FAULT = fault();

        private static Optional<String> fault() {
            try {
                SelfTest.run();
                return Optional.empty();
            } catch (IllegalStateException | UnsupportedOperationException e) {
                return Optional.of(String.valueOf(e.getMessage()));
            }
        }
    }

    /// {@return the best mechanism of this machine: the first that can be opened, in the order of
    /// the constants}
    ///
    /// @throws UnsupportedOperationException if there is none
    public static Mechanism best() {
        for (Mechanism mechanism : values()) {
            if (mechanism.isAvailable()) {
                return mechanism;
            }
        }
        throw new UnsupportedOperationException("no mechanism can be opened on this machine");
    }

    /// {@return whether this mechanism can be opened now}
    public boolean isAvailable() {
        return whyNot().isEmpty();
    }

    /// {@return why this mechanism cannot be opened now, in one line, or nothing if it can}
    public Optional<String> whyNot() {
        try {
            poller(false).close();
            return Optional.empty();
        } catch (ErrnoException | UnsupportedOperationException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /// Opens a selector over this mechanism, and no other.
    ///
    /// @param <T> the type of the data
    /// @return a new selector
    /// @throws UnsupportedOperationException if this machine does not have it
    /// @throws UncheckedIOException if the kernel refuses, as when there is no descriptor left
    public <T> Selector<T> open() {
        return Selector.over(poller());
    }

    /// Opens a selector that takes any number as a descriptor, as the plain calls do: for programs
    /// that rely on select and poll accepting a closed one. The others ask the kernel anyway.
    ///
    /// @param <T> the type of the data
    /// @return a new selector
    /// @throws UnsupportedOperationException if this machine does not have it
    /// @throws UncheckedIOException if the kernel refuses, as when there is no descriptor left
    public <T> Selector<T> openLenient() {
        return Selector.over(opened(true));
    }

    /// Opens the bare mechanism, to be wrapped and given to [Selector#over].
    ///
    /// @return a new poller
    /// @throws UnsupportedOperationException if this machine does not have it
    /// @throws UncheckedIOException if the kernel refuses, as when there is no descriptor left
    public Poller poller() {
        return opened(false);
    }

    private Poller opened(boolean lenient) {
        try {
            return poller(lenient);
        } catch (ErrnoException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Poller poller(boolean lenient) throws ErrnoException {
        require(Layouts.FAULT.isEmpty(), Layouts.FAULT.orElse(""));
        return switch (this) {
            case EPOLL -> {
                require(Platform.current().isLinux(), "epoll is an interface of Linux");
                yield EpollSelector.open();
            }
            case POLL -> PollSelector.open(lenient);
            case SELECT -> SelectSelector.open(lenient);
        };
    }

    private static void require(boolean condition, String why) {
        if (!condition) {
            throw new UnsupportedOperationException(why);
        }
    }
}
