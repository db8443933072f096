package dev.pollux.selectors;

import dev.pollux.libc.Memory;
import java.util.function.LongUnaryOperator;

/// Entries of one size in memory that the kernel reads and writes, and that grows: by whole pages,
/// which cost nothing before they are touched.
///
/// Growing succeeds or changes nothing, so that a poller that runs out of memory can go on with
/// what there was, and try again.
final class NativeArray {
    /// Where memory comes from; a test puts a shortage in its place.
    static LongUnaryOperator source = Memory::allocatePages;

    private final int entryBytes;
    private long address;
    private int capacity;

    /// Makes an array without room.
    ///
    /// @param entryBytes how long an entry is
    NativeArray(int entryBytes) {
        this.entryBytes = entryBytes;
    }

    /// {@return where the entries are, until the next [#ensure]}
    long address() {
        return address;
    }

    /// {@return for how many entries there is room}
    int capacity() {
        return capacity;
    }

    /// Makes room. The entries that are there stay, new ones are zero.
    ///
    /// @param entries for how many, at least
    /// @throws OutOfMemoryError if the system has no memory; nothing has changed then
    void ensure(int entries) {
        if (entries > capacity) {
            grow(Math.max(entries, 2 * capacity));
        }
    }

    private void grow(int entries) {
        long larger = source.applyAsLong((long) entries * entryBytes);
        Memory.copy(address, larger, bytes());
        close();
        address = larger;
        capacity = entries;
    }

    private long bytes() {
        return (long) capacity * entryBytes;
    }

    /// Gives the memory back.
    void close() {
        Memory.freePages(address, bytes());
        address = 0;
        capacity = 0;
    }
}
