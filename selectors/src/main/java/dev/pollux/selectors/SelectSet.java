package dev.pollux.selectors;

import dev.pollux.libc.Memory;
import dev.pollux.libc.SelectCalls;
import java.util.Arrays;
import java.util.BitSet;

/// The three bitmaps of `select(2)`, sized to the highest descriptor, and beside them what the
/// kernel has no room for.
///
/// The kernel looks at bits below the highest descriptor plus one, in whole words of 8 bytes. The
/// limit of 1024 is one of the C macros, which are not used here.
final class SelectSet {
    /// Bits of a word.
    static final int WORD = Long.SIZE;

    private static final int WORDS_MIN = 16;

    /// The three bitmaps, in words.
    private final NativeArray reads = new NativeArray(Long.BYTES);

    private final NativeArray writes = new NativeArray(Long.BYTES);
    private final NativeArray excepts = new NativeArray(Long.BYTES);

    /// The highest descriptor, or -1.
    private int highest = -1;

    /// The generation of each descriptor's registration.
    private int[] generations = new int[WORDS_MIN * WORD];

    /// The descriptors that fall silent after their first report.
    private final BitSet oneShots = new BitSet();

    /// {@return how many descriptors the kernel must look at}
    int nfds() {
        return highest + 1;
    }

    /// {@return the address of the bitmap of descriptors to read}
    long read() {
        return reads.address();
    }

    /// {@return the address of the bitmap of descriptors to write}
    long write() {
        return writes.address();
    }

    /// {@return the address of the bitmap of descriptors with an exceptional condition}
    long except() {
        return excepts.address();
    }

    int generation(int fd) {
        return generations[fd];
    }

    boolean oneShot(int fd) {
        return oneShots.get(fd);
    }

    /// Sets what a descriptor is watched for.
    ///
    /// @throws OutOfMemoryError if there is no memory to grow; what is in the set stays as it is
    void set(int fd, int kinds, boolean oneShot, int generation) {
        if (fd >= generations.length) {
            generations = Arrays.copyOf(generations, 2 * Integer.highestOneBit(fd));
        }
        ensureWords(fd / WORD + 1);
        oneShots.set(fd, oneShot); // The last that may find no memory.
        assign(read(), fd, (kinds & Selector.READ) != 0);
        assign(write(), fd, (kinds & Selector.WRITE) != 0);
        assign(except(), fd, (kinds & Selector.PRIORITY) != 0);
        generations[fd] = generation;
        highest = Math.max(highest, fd);
    }

    private void ensureWords(int words) {
        int room = Math.max(words, WORDS_MIN);
        reads.ensure(room);
        writes.ensure(room);
        excepts.ensure(room);
    }

    private static void assign(long bitmap, int fd, boolean on) {
        if (on) {
            SelectCalls.set(bitmap, fd);
        } else {
            SelectCalls.clear(bitmap, fd);
        }
    }

    /// Makes the kernel skip a descriptor until it is set again.
    void park(int fd) {
        assign(read(), fd, false);
        assign(write(), fd, false);
        assign(except(), fd, false);
    }

    /// Forgets a descriptor.
    void remove(int fd) {
        park(fd);
        oneShots.clear(fd);
        generations[fd] = 0;
        while (highest >= 0 && !isSet(highest)) {
            highest--;
        }
    }

    private boolean isSet(int fd) {
        return kinds(fd) != 0;
    }

    /// {@return what the kernel is to look for}
    int kinds(int fd) {
        int kinds = SelectCalls.isSet(read(), fd) ? Selector.READ : 0;
        kinds |= SelectCalls.isSet(write(), fd) ? Selector.WRITE : 0;
        return kinds | (SelectCalls.isSet(except(), fd) ? Selector.PRIORITY : 0);
    }

    /// {@return a word of a bitmap, the lowest bit being descriptor `index * 64`}
    static long word(long bitmap, int index) {
        return Memory.getLong(bitmap + (long) index * Long.BYTES);
    }

    /// Copies the bitmaps, which the kernel has overwritten.
    void copyBitmaps(SelectSet other) {
        int bytes = SelectCalls.bytes(other.nfds());
        ensureWords(bytes / Long.BYTES);
        Memory.copy(other.read(), read(), bytes);
        Memory.copy(other.write(), write(), bytes);
        Memory.copy(other.except(), except(), bytes);
        highest = other.highest;
    }

    /// Copies the rest, which changes only with the registrations.
    void copyGenerations(SelectSet other) {
        if (generations.length < other.generations.length) {
            generations = new int[other.generations.length];
        }
        System.arraycopy(other.generations, 0, generations, 0, other.nfds());
        oneShots.clear();
        oneShots.or(other.oneShots);
    }

    void close() {
        reads.close();
        writes.close();
        excepts.close();
    }
}
