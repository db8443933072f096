package dev.pollux.engines;

import dev.pollux.libc.Memory;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Bytes in order, in segments of a pool that many connections share: the content of a [SendQueue],
/// whose monitor guards it. The pool is guarded by its own.
final class SegmentChain {
    private static final int GATHER_MAX = 64;

    private final SegmentPool segments;
    private @Nullable Segment head;
    private @Nullable Segment tail;
    private int bytes;
    private int gatheredBytes;
    private int gatheredPieces;

    SegmentChain(SegmentPool segments) {
        this.segments = segments;
    }

    int bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return head == null;
    }

    /// {@return the first segment; there is one}
    Segment first() {
        return Objects.requireNonNull(head);
    }

    /// Copies bytes.
    ///
    /// @param from stays as it is
    /// @param start the first of them
    /// @param size how many
    void append(ByteBuffer from, int start, int size) {
        int position = start;
        for (int left = size; left > 0; ) {
            Segment segment = withRoom();
            int part = Math.min(left, segment.room());
            int at = (int) (segment.end - segment.memory);
            Objects.requireNonNull(segment.view).put(at, from, position, part);
            segment.end += part;
            position += part;
            left -= part;
        }
        bytes += size;
    }

    /// Refers to shared bytes, which are retained until they have been dropped.
    void append(SharedBytes shared) {
        Segment segment;
        synchronized (segments) {
            segment = segments.refer(shared, 0, shared.size());
        }
        link(segment);
        bytes += shared.size();
    }

    private Segment withRoom() {
        Segment last = tail;
        if (last != null && last.room() > 0) {
            return last;
        }
        Segment fresh;
        synchronized (segments) {
            fresh = segments.take();
        }
        link(fresh);
        return fresh;
    }

    private void link(Segment segment) {
        if (tail == null) {
            head = segment;
        } else {
            tail.next = segment;
        }
        tail = segment;
    }

    /// Lists the first segments for a gathering send.
    ///
    /// @return an array of `struct iovec`, to be freed
    long gather() {
        long iov = Memory.allocate(GATHER_MAX * 16L);
        int count = 0;
        gatheredBytes = 0;
        for (Segment s = head; s != null && count < GATHER_MAX; s = s.next) {
            Memory.putLong(iov + 16L * count, s.start);
            Memory.putLong(iov + 16L * count + 8, s.size());
            gatheredBytes += s.size();
            count++;
        }
        gatheredPieces = count;
        return iov;
    }

    /// {@return how many bytes the last [#gather] covers}
    int gatheredBytes() {
        return gatheredBytes;
    }

    /// {@return how many structures the last [#gather] has filled}
    int gatheredPieces() {
        return gatheredPieces;
    }

    /// Forgets bytes from the front.
    void drop(int size) {
        bytes -= size;
        int left = size;
        while (head != null && left >= head.size()) {
            left -= head.size();
            unlinkFirst(head);
        }
        if (left > 0) {
            first().start += left;
        }
    }

    private void unlinkFirst(Segment first) {
        head = first.next;
        first.next = null;
        if (head == null) {
            tail = null;
        }
        synchronized (segments) {
            segments.give(first);
        }
    }

    /// Forgets everything.
    void clear() {
        while (head != null) {
            unlinkFirst(head);
        }
        bytes = 0;
    }
}
