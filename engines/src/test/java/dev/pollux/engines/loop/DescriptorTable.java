package dev.pollux.engines.loop;

import java.util.BitSet;

/// The descriptors of the simulated process: the lowest free number is given next, as the kernel
/// does, so that numbers are used again as soon as they can be.
final class DescriptorTable {
    private static final int FIRST = 3;

    private final Object[] files = new Object[4096];
    private final BitSet taken = new BitSet();

    int open(Object file) {
        int fd = taken.nextClearBit(FIRST);
        taken.set(fd);
        files[fd] = file;
        return fd;
    }

    /// {@return what is open under a number}
    Object get(int fd) {
        return files[fd];
    }

    void close(int fd) {
        taken.clear(fd);
    }

    /// {@return how many are open}
    int count() {
        return taken.cardinality();
    }
}
