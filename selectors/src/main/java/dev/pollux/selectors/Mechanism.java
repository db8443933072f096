package dev.pollux.selectors;

import dev.pollux.libc.DevpollCalls;
import dev.pollux.libc.KqueueCalls;
import dev.pollux.libc.Platform;
import dev.pollux.libc.SelfTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/// The kernel interfaces that a [Selector] can stand on, best first.
///
/// Whether one is there is found by trying it, not by its name: a sandbox may forbid what the
/// kernel has.
public enum Mechanism {
    /// `kqueue(2)` of macOS and the BSDs: a wait costs what is ready.
    KQUEUE,

    /// `epoll(7)` of Linux: a wait costs what is ready.
    EPOLL,

    /// `/dev/poll` of Solaris and illumos: a wait costs what is ready.
    DEVPOLL,

    /// `poll(2)`, everywhere: a wait costs what is registered.
    POLL,

    /// `select(2)`, everywhere: a wait costs the highest descriptor.
    SELECT,

    /// [java.nio.channels.Selector] of the JDK, on every platform that has one: watches
    /// [java.nio.channels.SelectableChannel]s instead of descriptors.
    NIO;

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
        } catch (IOException | UnsupportedOperationException e) {
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
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Poller poller(boolean lenient) throws IOException {
        require(this == NIO || Layouts.FAULT.isEmpty(), Layouts.FAULT.orElse(""));
        return switch (this) {
            case KQUEUE -> KqueueSelector.open(KqueueCalls.ofSystem());
            case EPOLL -> {
                require(Platform.current().isLinux(), "epoll: this system has none (Linux has)");
                yield EpollSelector.open();
            }
            case DEVPOLL -> DevpollSelector.open(DevpollCalls.ofSystem(), lenient);
            case POLL -> PollSelector.open(lenient);
            case SELECT -> SelectSelector.open(lenient);
            case NIO -> NioSelector.open();
        };
    }

    private static void require(boolean condition, String why) {
        if (!condition) {
            throw new UnsupportedOperationException(why);
        }
    }
}
