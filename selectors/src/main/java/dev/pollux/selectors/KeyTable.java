package dev.pollux.selectors;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The registrations by descriptor.
///
/// Descriptors are small numbers, so this is an array, in pages: growing it moves no entry, which
/// lets the waiting thread read without a lock while others, who hold the selector's lock, write. A
/// page takes a reference per descriptor; the directory one per page.
final class KeyTable<T> {
    private static final int PAGE_BITS = 8;
    private static final int PAGE_SLOTS = 1 << PAGE_BITS;
    private static final Registration<?>[][] NONE = new Registration<?>[0][];
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Registration[].class);

    /// Replaced when it grows; the pages in it stay. Null where no descriptor was ever registered.
    private volatile @Nullable Registration<?>[] @Nullable [] pages;

    /// How many registrations. Written under the selector's lock.
    private final AtomicInteger size = new AtomicInteger();

    KeyTable() {
        pages = new Registration<?>[4][];
    }

    /// {@return the registration of a descriptor, or null; any thread}
    @Nullable Registration<T> get(int fd) {
        int page = fd >>> PAGE_BITS;
        @Nullable Registration<?>[] @Nullable [] directory = pages;
        if (page >= directory.length) {
            return null;
        }
        @Nullable Registration<?> @Nullable [] slots = directory[page];
        return slots == null ? null : read(slots, fd);
    }

    /// Only registrations of this table's type are ever put in.
    @SuppressWarnings("unchecked")
    private @Nullable Registration<T> read(@Nullable Registration<?>[] slots, int fd) {
        return (Registration<T>) SLOT.getAcquire(slots, fd & (PAGE_SLOTS - 1));
    }

    int size() {
        return size.get();
    }

    /// {@return for how many descriptors there is a place, used or not}
    long capacity() {
        return (long) pages.length << PAGE_BITS;
    }

    /// Sets the registration of a descriptor; the caller holds the selector's lock. Without memory
    /// it changes nothing.
    void put(int fd, Registration<T> registration) {
        @Nullable Registration<?>[] slots = page(fd >>> PAGE_BITS);
        if (read(slots, fd) == null) {
            size.getAndIncrement();
        }
        SLOT.setRelease(slots, fd & (PAGE_SLOTS - 1), registration);
    }

    /// Forgets a descriptor, if it is known; the caller holds the selector's lock.
    void remove(int fd) {
        if (get(fd) != null) {
            size.getAndDecrement();
            SLOT.setRelease(page(fd >>> PAGE_BITS), fd & (PAGE_SLOTS - 1), null);
        }
    }

    /// Forgets all, for which it needs no memory; the caller holds the selector's lock.
    void clear() {
        pages = NONE;
        size.set(0);
    }

    /// {@return the lowest registered descriptor that is not below a number, or -1; any thread}
    int next(int from) {
        @Nullable Registration<?>[] @Nullable [] directory = pages;
        for (int page = from >>> PAGE_BITS; page < directory.length; page++) {
            @Nullable Registration<?> @Nullable [] slots = directory[page];
            int first = Math.max(from, page << PAGE_BITS);
            for (int fd = first; slots != null && fd >>> PAGE_BITS == page; fd++) {
                if (read(slots, fd) != null) {
                    return fd;
                }
            }
        }
        return -1;
    }

    private @Nullable Registration<?>[] page(int page) {
        @Nullable Registration<?>[] @Nullable [] directory = pages;
        if (page >= directory.length) {
            directory = Arrays.copyOf(directory, 2 * Integer.highestOneBit(page));
        }
        @Nullable Registration<?> @Nullable [] slots = directory[page];
        if (slots == null) {
            slots = new Registration<?>[PAGE_SLOTS];
            directory[page] = slots;
        }
        pages = directory;
        return slots;
    }
}
