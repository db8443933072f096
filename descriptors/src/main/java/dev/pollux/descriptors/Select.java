package dev.pollux.descriptors;

import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import dev.pollux.libc.SelectCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `select(2)` bare, as Python's `select.select`: three lists go in, and what is ready of each
/// comes out. For those who want to see the mechanism; a library over it, with objects and data, is
/// `selectors`.
public final class Select {
    /// The kernel passes over what is beyond its table, of which this is the largest that there is.
    private static final int DESCRIPTORS_MAX = 1 << 24;

    private Select() {}

    /// What is ready.
    ///
    /// @param <D> what was asked about
    /// @param readers those that can be read
    /// @param writers those that can be written
    /// @param exceptional those with an exceptional condition, as urgent data of TCP
    public record Ready<D>(List<D> readers, List<D> writers, List<D> exceptional) {}

    /// Waits until something is ready. Each of the lists may be empty, and all of them: then it
    /// sleeps.
    ///
    /// @param <D> what is asked about
    /// @param readers of which to know when they can be read
    /// @param writers of which to know when they can be written
    /// @param exceptional of which to know an exceptional condition
    /// @param timeout at least this long unless something happens; zero or negative asks without
    ///   waiting, null has no end. Signals do not end the wait
    /// @return what is ready, in the order of the lists
    /// @throws IllegalArgumentException if one of them is closed
    /// @throws IllegalStateException in a virtual thread, unless the time is zero
    /// @throws ErrnoException if the kernel refuses it: `EBADF` if one is not open any more
    public static <D extends Descriptor> Ready<D> select(
            Collection<? extends D> readers,
            Collection<? extends D> writers,
            Collection<? extends D> exceptional,
            @Nullable Duration timeout)
            throws ErrnoException {
        Deadline deadline = Deadline.in(timeout);
        deadline.requireCarrier();
        List<Numbered<D>> read = numbered(readers);
        List<Numbered<D>> write = numbered(writers);
        List<Numbered<D>> except = numbered(exceptional);
        int nfds = 1 + Math.max(highest(read), Math.max(highest(write), highest(except)));
        int bytes = Math.max(SelectCalls.bytes(nfds), Long.BYTES);
        long bitmaps = Memory.allocate(3L * bytes);
        try {
            int ready;
            do {
                Memory.zero(bitmaps, 3L * bytes);
                set(read, bitmaps);
                set(write, bitmaps + bytes);
                set(except, bitmaps + 2L * bytes);
                ready =
                        SelectCalls.select(
                                nfds,
                                bitmaps,
                                bitmaps + bytes,
                                bitmaps + 2L * bytes,
                                Math.min(deadline.left(), SelectCalls.TIMEOUT_NANOS_MAX));
            } while (Ownership.interrupted(ready));
            if (ErrnoException.check(ready, "select", -1) == 0) {
                return new Ready<>(List.of(), List.of(), List.of());
            }
            requireAllInTable(bitmaps, 3L * bytes, ready);
            return new Ready<>(
                    ready(read, bitmaps),
                    ready(write, bitmaps + bytes),
                    ready(except, bitmaps + 2L * bytes));
        } finally {
            Memory.free(bitmaps);
        }
    }

    /// The kernel leaves the bits of descriptors beyond its table as they were, and counts none.
    private static void requireAllInTable(long bitmaps, long bytes, int ready)
            throws ErrnoException {
        int set = 0;
        for (long at = 0; at < bytes; at += Long.BYTES) {
            set += Long.bitCount(Memory.getLong(bitmaps + at));
        }
        if (set > ready) {
            throw new ErrnoException(Errno.EBADF, "select", -1);
        }
    }

    private record Numbered<D>(D descriptor, int fd) {}

    /// A descriptor is asked for its number once: it may be closed while the kernel looks.
    private static <D extends Descriptor> List<Numbered<D>> numbered(
            Collection<? extends D> descriptors) {
        var numbered = new ArrayList<Numbered<D>>(descriptors.size());
        for (D descriptor : descriptors) {
            int fd = descriptor.fd();
            if (fd < 0 || fd >= DESCRIPTORS_MAX) {
                throw new IllegalArgumentException("closed, or never a descriptor: " + descriptor);
            }
            numbered.add(new Numbered<>(descriptor, fd));
        }
        return numbered;
    }

    private static <D> int highest(List<Numbered<D>> numbered) {
        return numbered.stream().mapToInt(Numbered::fd).max().orElse(-1);
    }

    private static <D> void set(List<Numbered<D>> numbered, long bitmap) {
        numbered.forEach(each -> SelectCalls.set(bitmap, each.fd));
    }

    private static <D> List<D> ready(List<Numbered<D>> numbered, long bitmap) {
        var ready = new ArrayList<D>();
        for (Numbered<D> each : numbered) {
            if (SelectCalls.isSet(bitmap, each.fd)) {
                ready.add(each.descriptor);
            }
        }
        return ready;
    }
}
