package dev.pollux.engines.io;

import dev.pollux.libc.Memory;
import org.jspecify.annotations.Nullable;

/// One loop's stock of [Segment]s, so that a message allocates nothing and a connection with
/// nothing queued holds nothing. Belongs to the loop's thread; where threads share one, whoever
/// owns it guards it.
public final class SegmentPool implements Segments {
    /// Idle memory kept at most: 512 segments, 4 MiB; what comes back beyond that is freed.
    private static final int IDLE_MAX = 512;

    /// Idle references kept at most.
    private static final int IDLE_REFERENCES_MAX = 4096;

    /// The scratch of all gathering sends of the loop.
    private final Iovecs iovecs = new Iovecs();

    private @Nullable Segment idle;
    private int idleCount;

    /// Bytes of memory in use, with what they cost beside; idle ones are not.
    private long used;

    private @Nullable Segment idleReferences;
    private int idleReferenceCount;

    /// {@return how many bytes of memory its segments hold that are in use: their own, and what
    /// they refer to; the latter once, where [#count] was called, or with each reference}
    public long used() {
        return used;
    }

    @Override
    public Segment take() {
        Segment segment = idle;
        if (segment == null) {
            segment = new Segment(Memory.allocate(Segment.CAPACITY));
        } else {
            idle = segment.next;
            idleCount--;
            segment.next = null;
        }
        segment.start = segment.memory;
        segment.end = segment.memory;
        used += Segment.CAPACITY + Segment.OVERHEAD_BYTES;
        return segment;
    }

    /// {@return a copy of bytes that counts once; given back with [#release]}
    ///
    /// @param from where they are
    /// @param size how many
    public CountedBytes copyOf(long from, int size) {
        CountedBytes copy = CountedBytes.countedOnce(from, size);
        count(copy);
        return copy;
    }

    /// Counts memory that belongs to somebody else, as what waits in it waits like the rest.
    ///
    /// @param bytes how many more; below 0: how many less
    public void count(int bytes) {
        used += bytes;
    }

    /// Counts shared bytes once, however many segments will refer to them.
    ///
    /// @param bytes made to be counted so, and given back with [#release]
    public void count(CountedBytes bytes) {
        used += bytes.capacity() + Segment.OVERHEAD_BYTES;
    }

    /// Gives a reference back.
    ///
    /// @param bytes shared bytes, whether counted once or not
    public void release(CountedBytes bytes) {
        if (bytes.drop() && bytes.isCountedOnce()) {
            used -= bytes.capacity() + Segment.OVERHEAD_BYTES;
        }
    }

    private static long costOfReference(CountedBytes bytes) {
        return Segment.OVERHEAD_BYTES + (bytes.isCountedOnce() ? 0 : bytes.capacity());
    }

    @Override
    public Segment refer(CountedBytes bytes, int from, int size) {
        Segment segment = idleReferences;
        if (segment == null) {
            segment = new Segment();
        } else {
            idleReferences = segment.next;
            idleReferenceCount--;
            segment.next = null;
        }
        segment.shared = bytes.retain();
        segment.start = bytes.address() + from;
        segment.end = segment.start + size;
        used += costOfReference(bytes);
        return segment;
    }

    @Override
    public void give(Segment segment) {
        CountedBytes shared = segment.shared;
        if (shared != null) {
            segment.shared = null;
            used -= costOfReference(shared);
            release(shared);
            if (idleReferenceCount < IDLE_REFERENCES_MAX) {
                segment.next = idleReferences;
                idleReferences = segment;
                idleReferenceCount++;
            }
            return;
        }
        used -= Segment.CAPACITY + Segment.OVERHEAD_BYTES;
        if (idleCount < IDLE_MAX) {
            segment.next = idle;
            idle = segment;
            idleCount++;
        } else {
            Memory.free(segment.memory);
        }
    }

    /// {@return what the next gathering send is listed in, whose memory stays until [#close()]}
    public Iovecs iovecs() {
        return iovecs;
    }

    /// Frees all memory, at the end of the loop.
    public void close() {
        for (Segment segment = idle; segment != null; segment = segment.next) {
            Memory.free(segment.memory);
        }
        idle = null;
        iovecs.free();
    }
}
