package dev.pollux.engines;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Bytes in order, in segments of a pool that many connections share: the content of a [SendQueue],
/// whose monitor guards it. The pool is guarded by its own.
final class SegmentChain {
    private final SegmentPool segments;
    private @Nullable Segment head;
    private @Nullable Segment tail;
    private int bytes;

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
        for (int done = 0; done < size; ) {
            done += withRoom().put(from, start + done, size - done);
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
