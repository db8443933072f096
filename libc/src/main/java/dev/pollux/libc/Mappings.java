package dev.pollux.libc;

/// Memory mapped with `mmap(2)`: fresh pages, or what a descriptor offers.
final class Mappings {
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED = 1;
    private static final int MAP_PRIVATE_ANONYMOUS = Platform.current().pick(0x22, 0x1002);
    private static final int NO_FD = -1;

    // void *mmap(void *addr, size_t length, int prot, int flags, int fd, off_t offset);    mmap(2)
    // int munmap(void *addr, size_t length);                                               mmap(2)
    private static final Downcall MMAP = Downcall.of(Call.MMAP);
    private static final Downcall MUNMAP = Downcall.of(Call.MUNMAP);

    private Mappings() {}

    /// {@return the address of fresh, zeroed pages of this process alone, or `-errno`}
    static long anonymous(long bytes) {
        return MMAP.callLong(0, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, NO_FD, 0);
    }

    /// {@return the address of what a descriptor offers, shared with it, or `-errno`}
    ///
    /// @param fd the descriptor
    /// @param offset which part, a multiple of the page size
    /// @param bytes how many
    static long shared(int fd, long offset, long bytes) {
        return MMAP.callLong(0, bytes, PROT_READ_WRITE, MAP_SHARED, fd, offset);
    }

    /// Unmaps.
    ///
    /// @throws IllegalStateException if this is no mapping: a double free, most likely
    static void remove(long address, long bytes) {
        int result = MUNMAP.call(address, bytes);
        if (result < 0) {
            throw new IllegalStateException("munmap: " + Errno.name(-result));
        }
    }
}
