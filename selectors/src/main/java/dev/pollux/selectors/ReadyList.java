package dev.pollux.selectors;

import java.util.Arrays;

/// The events of one wait, for mechanisms whose kernel interface does not keep them in order.
final class ReadyList {
    private int[] fds = new int[64];
    private int[] events = new int[64];
    private int[] generations = new int[64];
    private int count;

    /// By descriptor, where its entry would be if it has one; only [#merge] keeps it.
    private int[] places = new int[0];

    void clear() {
        count = 0;
    }

    void add(int fd, int kinds, int generation) {
        if (count == fds.length) {
            fds = Arrays.copyOf(fds, 2 * count);
            events = Arrays.copyOf(events, 2 * count);
            generations = Arrays.copyOf(generations, 2 * count);
        }
        fds[count] = fd;
        events[count] = kinds;
        generations[count] = generation;
        count++;
    }

    /// Adds the kinds to the entry of a descriptor that has one already.
    void merge(int fd, int kinds, int generation) {
        if (fd >= places.length) {
            places = Arrays.copyOf(places, Math.max(64, 2 * Integer.highestOneBit(fd)));
        }
        int place = places[fd];
        if (place < count && fds[place] == fd && generations[place] == generation) {
            events[place] |= kinds;
            return;
        }
        places[fd] = count;
        add(fd, kinds, generation);
    }

    int count() {
        return count;
    }

    int fd(int index) {
        return fds[index];
    }

    int events(int index) {
        return events[index];
    }

    int generation(int index) {
        return generations[index];
    }
}
