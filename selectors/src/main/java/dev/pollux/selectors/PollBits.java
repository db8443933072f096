package dev.pollux.selectors;

import static dev.pollux.libc.PollCalls.POLLERR;
import static dev.pollux.libc.PollCalls.POLLHUP;
import static dev.pollux.libc.PollCalls.POLLIN;
import static dev.pollux.libc.PollCalls.POLLNVAL;
import static dev.pollux.libc.PollCalls.POLLOUT;
import static dev.pollux.libc.PollCalls.POLLPRI;
import static dev.pollux.libc.PollCalls.POLLRDHUP;

import java.util.Optional;

/// The bits of `struct pollfd`, which `poll(2)` and `/dev/poll` share, and the event kinds.
final class PollBits {
    private PollBits() {}

    /// {@return what to ask for; the kernel adds `POLLHUP`, `POLLERR` and `POLLNVAL` itself}
    static int of(int kinds) {
        int bits = (kinds & Selector.READ) != 0 ? POLLIN : 0;
        bits |= (kinds & Selector.WRITE) != 0 ? POLLOUT : 0;
        bits |= (kinds & Selector.PRIORITY) != 0 ? POLLPRI : 0;
        bits |= (kinds & Selector.READ_CLOSED) != 0 ? POLLRDHUP : 0;
        return bits;
    }

    /// {@return whether what the kernel has said is any of what is asked for, or what it says
    /// unasked}
    static boolean answers(int bits, int asked) {
        return (bits & (asked | POLLERR | POLLHUP | POLLNVAL)) != 0;
    }

    /// {@return what the kernel has said}
    static int kinds(int bits) {
        int kinds = (bits & POLLIN) != 0 ? Selector.READ : 0;
        kinds |= (bits & POLLOUT) != 0 ? Selector.WRITE : 0;
        kinds |= (bits & POLLPRI) != 0 ? Selector.PRIORITY : 0;
        kinds |= (bits & POLLRDHUP) != 0 ? Selector.READ_CLOSED : 0;
        kinds |= (bits & POLLHUP) != 0 ? Selector.HANGUP : 0;
        kinds |= (bits & (POLLERR | POLLNVAL)) != 0 ? Selector.ERROR : 0;
        return kinds;
    }

    static Optional<String> whyNot(String call, int kinds, Trigger trigger) {
        if (trigger == Trigger.EDGE || trigger == Trigger.EXCLUSIVE) {
            return Optional.of(call + " knows states only, not " + trigger);
        }
        if ((kinds & Selector.READ_CLOSED) != 0 && POLLRDHUP == 0) {
            return Optional.of(call + " of this platform does not tell READ_CLOSED");
        }
        return Optional.empty();
    }
}
