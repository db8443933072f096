package dev.pollux.selectors;

import dev.pollux.libc.Memory;
import dev.pollux.libc.PollCalls;
import java.util.Arrays;

/// An array of `struct pollfd` that grows, and beside each entry what the kernel has no room for.
final class PollSet implements AutoCloseable {
    private static final int SLOTS_MIN = 64;

    private final NativeArray pollfds = new NativeArray(PollCalls.POLLFD_BYTES);
    private int count;

    /// The generation of each entry's registration.
    private int[] generations = new int[SLOTS_MIN];

    /// Whether each entry falls silent after its first report.
    private boolean[] oneShots = new boolean[SLOTS_MIN];

    /// {@return where the array is, until the next change}
    long address() {
        return pollfds.address();
    }

    /// {@return where an entry is, until the next change}
    long address(int slot) {
        return pollfds.address() + (long) slot * PollCalls.POLLFD_BYTES;
    }

    int count() {
        return count;
    }

    int fd(int slot) {
        int fd = PollCalls.fd(address(), slot);
        return fd < 0 ? ~fd : fd;
    }

    int events(int slot) {
        return PollCalls.events(address(), slot);
    }

    int revents(int slot) {
        return PollCalls.revents(address(), slot);
    }

    int generation(int slot) {
        return generations[slot];
    }

    boolean oneShot(int slot) {
        return oneShots[slot];
    }

    /// Makes room.
    ///
    /// @param entries for how many
    /// @throws OutOfMemoryError if there is no memory; what is in the set stays as it is
    void ensure(int entries) {
        if (entries > generations.length) {
            int length = Math.max(entries, 2 * generations.length);
            oneShots = Arrays.copyOf(oneShots, length);
            generations = Arrays.copyOf(generations, length); // The last: its length is both's.
        }
        pollfds.ensure(Math.max(entries, SLOTS_MIN));
    }

    /// Adds an entry at the end.
    void append(int fd, int events, boolean oneShot, int generation) {
        ensure(count + 1);
        set(count++, fd, events, oneShot, generation);
    }

    void set(int slot, int fd, int events, boolean oneShot, int generation) {
        PollCalls.put(address(), slot, fd, events);
        generations[slot] = generation;
        oneShots[slot] = oneShot;
    }

    /// Makes the kernel skip an entry until it is set again: it ignores negative descriptors.
    void park(int slot) {
        PollCalls.put(address(), slot, ~fd(slot), 0);
    }

    /// Removes an entry; the last one takes its place.
    void remove(int slot) {
        count--;
        PollCalls.move(address(), count, slot);
        generations[slot] = generations[count];
        oneShots[slot] = oneShots[count];
    }

    void copyFrom(PollSet other) {
        ensure(other.count);
        count = other.count;
        Memory.copy(other.address(), address(), (long) count * PollCalls.POLLFD_BYTES);
        System.arraycopy(other.generations, 0, generations, 0, count);
        System.arraycopy(other.oneShots, 0, oneShots, 0, count);
    }

    @Override
    public void close() {
        pollfds.close();
    }
}
