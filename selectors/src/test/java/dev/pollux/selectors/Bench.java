package dev.pollux.selectors;

import java.util.ArrayList;
import java.util.List;

/// What a mechanism is tested with: its selectors, and connections it can watch.
enum Bench {
    SELECT(Mechanism.SELECT),
    POLL(Mechanism.POLL),
    EPOLL(Mechanism.EPOLL);

    private final Mechanism mechanism;

    Bench(Mechanism mechanism) {
        this.mechanism = mechanism;
    }

    <T> Selector<T> open() {
        return mechanism.open();
    }

    Poller poller() {
        return mechanism.poller();
    }

    /// A connected pair of ends.
    End[] pair() {
        return DescriptorEnd.socketPair();
    }

    List<End[]> pairs(int count) {
        var pairs = new ArrayList<End[]>();
        for (int i = 0; i < count; i++) {
            pairs.add(pair());
        }
        return pairs;
    }
}
