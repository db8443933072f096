package dev.pollux.engines.io;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Bytes in order, in segments of a pool that many connections share: the content of a
/// `BlockingSendQueue`, whose monitor guards it. The pool is guarded by its own.
public final class SegmentChain {
    private final SegmentPool segments;
    private @Nullable Segment head;
    private @Nullable Segment tail;
    private long bytes;
    private int pieces;

    public SegmentChain(SegmentPool segments) {
        this.segments = segments;
    }

    public long bytes() {
        return bytes;
    }

    /// {@return what the limit counts: the bytes, and what each segment costs beside them}
    public long cost() {
        return bytes + pieces * Segment.OVERHEAD_BYTES;
    }

    public boolean isEmpty() {
        return head == null;
    }

    /// {@return the first segment; there is one}
    public Segment first() {
        return Objects.requireNonNull(head);
    }

    /// Copies bytes: all, or none where one cannot be read or there is no memory.
    ///
    /// @param from stays as it is
    /// @param start the first of them
    /// @param size how many
    public void append(ByteBuffer from, int start, int size) {
        Segment last = tail;
        long end = last == null ? 0 : last.end;
        try {
            for (int done = 0; done < size; ) {
                done += withRoom().put(from, start + done, size - done);
            }
        } catch (Throwable e) {
            cutBack(last, end);
            throw e;
        }
        bytes += size;
    }

    /// Refers to shared bytes, which are retained until they have been dropped; a little of them
    /// may be copied instead. All or none, as above.
    ///
    /// @param stalled whether the peer has no room for what is before them
    public void append(CountedBytes shared, boolean stalled) {
        int size = shared.size();
        Segment last = tail;
        long end = last == null ? 0 : last.end;
        int copied = Segment.copied(last, size, stalled || bytes > Segment.CAPACITY);
        try {
            for (int done = 0; done < copied; ) {
                done += withRoom().put(shared.address() + done, copied - done);
            }
            if (copied < size) {
                refer(shared, copied, size - copied);
            }
        } catch (Throwable e) {
            cutBack(last, end);
            throw e;
        }
        bytes += size;
    }

    /// Takes back what an append has copied that has thrown in the middle.
    ///
    /// @param last the last segment before, null when there was none
    /// @param end where it ended
    private void cutBack(@Nullable Segment last, long end) {
        Segment next = last == null ? head : last.next;
        if (last == null) {
            head = null;
        } else {
            last.end = end;
            last.next = null;
        }
        tail = last;
        while (next != null) {
            Segment segment = next;
            next = segment.next;
            segment.next = null;
            pieces--;
            synchronized (segments) {
                segments.give(segment);
            }
        }
    }

    private void refer(CountedBytes shared, int from, int size) {
        Segment segment;
        synchronized (segments) {
            segment = segments.refer(shared, from, size);
        }
        link(segment);
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
        pieces++;
    }

    /// Forgets bytes from the front.
    public void drop(int size) {
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
        pieces--;
        if (head == null) {
            tail = null;
        }
        synchronized (segments) {
            segments.give(first);
        }
    }

    /// Forgets everything.
    public void clear() {
        while (head != null) {
            unlinkFirst(head);
        }
        bytes = 0;
    }
}
