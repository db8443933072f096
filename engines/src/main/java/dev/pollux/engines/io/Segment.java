package dev.pollux.engines.io;

import dev.pollux.libc.Memory;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A link of a [SegmentChain]: bytes that wait to be sent, either in memory of its own (filled step
/// by step, given back to its pool when sent) or by reference to [CountedBytes].
public final class Segment {
    /// Bytes of an own-memory segment: small answers of a turn fit into one.
    public static final int CAPACITY = 8 * 1024;

    /// What a segment takes beside its bytes, in a round figure: this object, its view or the
    /// shared bytes' object, and what `malloc(3)` adds.
    public static final long OVERHEAD_BYTES = 128;

    /// Shared bytes that are fewer are copied when they have to wait: a reference would cost about
    /// as much as they are.
    static final int SMALL_BYTES = 512;

    /// Own memory and its view; 0 and null in a reference.
    final long memory;

    final @Nullable ByteBuffer view;

    /// What a reference holds, null when it is own memory or idle.
    @Nullable CountedBytes shared;

    /// The first byte not yet sent.
    public long start;

    /// Behind the last byte.
    public long end;

    /// Behind it in its chain, or among the idle ones.
    @Nullable Segment next;

    /// One more than that of the segment before it in its chain.
    int number;

    /// Makes a reference.
    Segment() {
        memory = 0;
        view = null;
    }

    /// Makes one with memory of its own.
    ///
    /// @param memory [#CAPACITY] bytes
    Segment(long memory) {
        this.memory = memory;
        this.view = Memory.buffer(memory, CAPACITY);
    }

    public int size() {
        return (int) (end - start);
    }

    /// {@return how many of so many shared bytes are to be copied behind a segment; the rest is
    /// referred to}
    ///
    /// What leaves at once is not copied. Behind others, small pieces are, and what waits fills the
    /// segment first, whose room would be lost: so a queue holds little more than its bytes.
    ///
    /// @param last what they come behind, null for nothing
    /// @param size how many bytes
    /// @param waits whether they are not to leave with the next send
    public static int copied(@Nullable Segment last, int size, boolean waits) {
        if (last == null && !waits) {
            return 0;
        }
        int room = last == null ? 0 : last.room();
        if (size - room < SMALL_BYTES) {
            return size;
        }
        return waits ? room : 0;
    }

    /// {@return how many more bytes fit: 0 in a reference}
    public int room() {
        return memory == 0 ? 0 : (int) (memory + CAPACITY - end);
    }

    /// Copies bytes behind the last one, as many as fit.
    ///
    /// @param from stays as it is
    /// @param position the first of them
    /// @param size how many
    /// @return how many have been copied
    public int put(ByteBuffer from, int position, int size) {
        int part = Math.min(size, room());
        Objects.requireNonNull(view).put((int) (end - memory), from, position, part);
        end += part;
        return part;
    }

    /// Copies bytes from memory behind the last one, as many as fit.
    ///
    /// @param from the first of them
    /// @param size how many
    /// @return how many have been copied
    public int put(long from, int size) {
        int part = Math.min(size, room());
        Memory.copy(from, end, part);
        end += part;
        return part;
    }
}
