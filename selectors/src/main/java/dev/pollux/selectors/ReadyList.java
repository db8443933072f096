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

    /// Makes room before the kernel is asked: what it tells only once would be lost if there was no
    /// memory for it then.
    ///
    /// @param entries for how many, at least
    /// @throws OutOfMemoryError if there is no memory; what is in the list stays as it is
    void ensure(int entries) {
        if (entries > fds.length) {
            int length = Math.max(entries, 2 * fds.length);
            events = Arrays.copyOf(events, length);
            generations = Arrays.copyOf(generations, length);
            fds = Arrays.copyOf(fds, length); // The last, as its length is what all of them have.
        }
    }

    /// Makes room for merging.
    ///
    /// @param entries for how many, at least
    /// @param bound a number above every descriptor
    /// @throws OutOfMemoryError if there is no memory; what is in the list stays as it is
    void ensure(int entries, int bound) {
        ensure(entries);
        ensurePlaces(bound);
    }

    private void ensurePlaces(int bound) {
        if (bound > places.length) {
            places = Arrays.copyOf(places, Math.max(bound, 2 * places.length));
        }
    }

    void add(int fd, int kinds, int generation) {
        ensure(count + 1);
        fds[count] = fd;
        events[count] = kinds;
        generations[count] = generation;
        count++;
    }

    /// Adds the kinds to the entry of a descriptor that has one already.
    void merge(int fd, int kinds, int generation) {
        ensurePlaces(fd + 1);
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
