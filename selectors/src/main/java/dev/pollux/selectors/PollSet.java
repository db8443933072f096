package dev.pollux.selectors;

import dev.pollux.libc.Memory;
import dev.pollux.libc.PollCalls;
import java.util.Arrays;

/// An array of `struct pollfd` that grows, and beside each entry what the kernel has no room for.
final class PollSet {
    private long pollfds;
    private int capacity;
    private int count;

    /// The generation of each entry's registration.
    private int[] generations;

    /// Whether each entry falls silent after its first report.
    private boolean[] oneShots;

    PollSet(int capacity) {
        this.capacity = capacity;
        pollfds = allocate(capacity);
        generations = new int[capacity];
        oneShots = new boolean[capacity];
    }

    private static long allocate(int entries) {
        return Memory.allocate((long) entries * PollCalls.POLLFD_BYTES);
    }

    /// {@return where the array is, until the next change}
    long address() {
        return pollfds;
    }

    int count() {
        return count;
    }

    int fd(int slot) {
        int fd = PollCalls.fd(pollfds, slot);
        return fd < 0 ? ~fd : fd;
    }

    int revents(int slot) {
        return PollCalls.revents(pollfds, slot);
    }

    int generation(int slot) {
        return generations[slot];
    }

    boolean oneShot(int slot) {
        return oneShots[slot];
    }

    /// Adds an entry at the end.
    void append(int fd, int events, boolean oneShot, int generation) {
        if (count == capacity) {
            grow(2 * capacity);
        }
        set(count++, fd, events, oneShot, generation);
    }

    void set(int slot, int fd, int events, boolean oneShot, int generation) {
        PollCalls.put(pollfds, slot, fd, events);
        generations[slot] = generation;
        oneShots[slot] = oneShot;
    }

    /// Makes the kernel skip an entry until it is set again: it ignores negative descriptors.
    void park(int slot) {
        PollCalls.put(pollfds, slot, ~fd(slot), 0);
    }

    /// Removes an entry; the last one takes its place.
    void remove(int slot) {
        count--;
        PollCalls.move(pollfds, count, slot);
        generations[slot] = generations[count];
        oneShots[slot] = oneShots[count];
    }

    void copyFrom(PollSet other) {
        if (capacity < other.count) {
            grow(other.capacity);
        }
        count = other.count;
        Memory.copy(other.pollfds, pollfds, (long) count * PollCalls.POLLFD_BYTES);
        System.arraycopy(other.generations, 0, generations, 0, count);
        System.arraycopy(other.oneShots, 0, oneShots, 0, count);
    }

    private void grow(int entries) {
        long larger = allocate(entries);
        Memory.copy(pollfds, larger, (long) count * PollCalls.POLLFD_BYTES);
        Memory.free(pollfds);
        pollfds = larger;
        capacity = entries;
        generations = Arrays.copyOf(generations, entries);
        oneShots = Arrays.copyOf(oneShots, entries);
    }

    void close() {
        Memory.free(pollfds);
    }
}
