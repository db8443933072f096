package dev.pollux.engines.io;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Memory;
import java.util.Objects;

/// The array of `struct iovec` of a gathering send: where the first segments of a queue lie. It has
/// memory from [#gather] to [#free].
///
/// Belongs to one thread, or to the one that sends.
public final class Iovecs {
    /// Places for one send.
    private static final int COUNT_MAX = 64;

    /// 0 while it has no memory.
    private long address;

    private int count;
    private int bytes;

    /// Fills it with the segments from `first` on, once round at most, as many as fit, and an `int`
    /// counts.
    ///
    /// @param first the first segment
    public void gather(Segment first) {
        if (address == 0) {
            address = Memory.allocate((long) COUNT_MAX * Descriptors.IOVEC_BYTES);
        }
        count = 0;
        bytes = 0;
        Segment s = first;
        do {
            if (count > 0 && bytes > Integer.MAX_VALUE - s.size()) {
                return;
            }
            Descriptors.putIovec(address, count, s.start, s.size());
            bytes += s.size();
            count++;
            s = Objects.requireNonNull(s.next);
        } while (s != first && count < COUNT_MAX);
    }

    /// {@return the array}
    public long address() {
        return address;
    }

    /// {@return how many structures are filled}
    public int count() {
        return count;
    }

    /// {@return how many bytes they cover}
    public int bytes() {
        return bytes;
    }

    /// Gives the memory back, if it has any.
    public void free() {
        Memory.free(address);
        address = 0;
    }
}
