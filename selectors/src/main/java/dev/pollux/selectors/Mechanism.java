package dev.pollux.selectors;

import dev.pollux.libc.DevpollCalls;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.KqueueCalls;
import dev.pollux.libc.Platform;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The kernel interfaces that a [Selector] can stand on, best first.
///
/// Whether one is there is found by trying it, not by its name: a sandbox may forbid what the
/// kernel has.
public enum Mechanism {
    /// `kqueue(2)` of macOS: a wait costs what is ready. (The BSDs have it too, with structures
    /// that are not known here.)
    KQUEUE,

    /// `epoll(7)` of Linux: a wait costs what is ready.
    EPOLL,

    /// `/dev/poll` of Solaris and illumos: a wait costs what is ready. Available on no system that
    /// is known here today: the C library's layouts of those two are not, as the JDK has had no
    /// port to them since version 15 (JEP 381). What there is was checked against a fake.
    DEVPOLL,

    /// `poll(2)`, everywhere: a wait costs what is registered.
    POLL,

    /// `select(2)`, everywhere: a wait costs the highest descriptor.
    SELECT,

    /// [java.nio.channels.Selector] of the JDK, on every platform that has one: watches
    /// [java.nio.channels.SelectableChannel]s instead of descriptors.
    NIO;

    /// {@return the best mechanism of this machine: the first that can be opened, in the order of
    /// the constants}
    ///
    /// @throws UnsupportedOperationException if there is none
    /// @throws IOException if there is no telling, for want of descriptors or memory
    public static Mechanism best() throws IOException {
        Poller poller = openBest();
        poller.close();
        return valueOf(poller.name().toUpperCase(Locale.ROOT));
    }

    /// Opens the best mechanism of this machine.
    ///
    /// @throws UnsupportedOperationException if there is none
    /// @throws IOException for want of descriptors or memory, which says nothing against a
    ///   mechanism
    static Poller openBest() throws IOException {
        for (Mechanism mechanism : values()) {
            Poller poller = mechanism.pollerIfThere();
            if (poller != null) {
                return poller;
            }
        }
        throw new UnsupportedOperationException("no mechanism can be opened on this machine");
    }

    /// {@return a new poller, or null where the kernel, a sandbox or the platform has none}
    private @Nullable Poller pollerIfThere() throws IOException {
        try {
            return poller();
        } catch (UnsupportedOperationException _) {
            return null;
        } catch (ErrnoException e) {
            if (isShortage(e.errno())) {
                throw e;
            }
            return null;
        }
    }

    private static boolean isShortage(int errno) {
        return errno == Errno.EMFILE || errno == Errno.ENFILE || errno == Errno.ENOMEM;
    }

    /// {@return whether this mechanism can be opened now}
    public boolean isAvailable() {
        return whyNot().isEmpty();
    }

    /// {@return why this mechanism cannot be opened now, in one line, or nothing if it can}
    public Optional<String> whyNot() {
        try {
            poller().close();
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
    /// @throws IOException if the kernel refuses, as when there is no descriptor left
    public <T> Selector<T> open() throws IOException {
        return Selector.over(poller());
    }

    /// Opens a selector that takes any number as a descriptor, as the plain calls do: for programs
    /// that rely on select and poll accepting a closed one. The others ask the kernel anyway.
    ///
    /// @param <T> the type of the data
    /// @return a new selector
    /// @throws UnsupportedOperationException if this machine does not have it
    /// @throws IOException if the kernel refuses, as when there is no descriptor left
    public <T> Selector<T> openLenient() throws IOException {
        return Selector.over(poller(true));
    }

    /// Opens the bare mechanism, to be wrapped and given to [Selector#over].
    ///
    /// @return a new poller
    /// @throws UnsupportedOperationException if this machine does not have it
    /// @throws IOException if the kernel refuses, as when there is no descriptor left
    public Poller poller() throws IOException {
        return poller(false);
    }

    private Poller poller(boolean lenient) throws IOException {
        if (this != NIO) {
            NativeAccess.require();
        }
        return switch (this) {
            case KQUEUE -> KqueuePoller.open(KqueueCalls.ofSystem());
            case EPOLL -> {
                if (!Platform.current().isLinux()) {
                    throw new UnsupportedOperationException(
                            "epoll: this system has none (Linux has)");
                }
                yield EpollPoller.open();
            }
            case DEVPOLL -> DevpollPoller.open(DevpollCalls.ofSystem(), lenient);
            case POLL -> PollPoller.open(lenient);
            case SELECT -> SelectPoller.open(lenient);
            case NIO -> NioPoller.open();
        };
    }
}
