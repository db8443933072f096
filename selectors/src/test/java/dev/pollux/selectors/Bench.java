package dev.pollux.selectors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// What a mechanism is tested with: its pollers, and connections it can watch. kqueue and
/// /dev/poll, which Linux does not have, run on fakes of their documented calls.
enum Bench {
    SELECT,
    POLL,
    EPOLL,
    KQUEUE,
    DEVPOLL,
    NIO;

    <T> Selector<T> open() {
        return Selector.over(poller());
    }

    Poller poller() {
        try {
            return switch (this) {
                case KQUEUE -> KqueuePoller.open(new FakeKqueue());
                case DEVPOLL -> DevpollPoller.open(new FakeDevpoll(), false);
                default -> Mechanism.valueOf(name()).poller();
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether the mechanism has a descriptor of its own.
    boolean hasDescriptor() {
        return this == EPOLL || this == KQUEUE || this == DEVPOLL;
    }

    /// A connected pair of ends.
    End[] pair() {
        return this == NIO ? ChannelEnd.pair() : DescriptorEnd.socketPair();
    }

    List<End[]> pairs(int count) {
        var pairs = new ArrayList<End[]>();
        for (int i = 0; i < count; i++) {
            pairs.add(pair());
        }
        return pairs;
    }
}
