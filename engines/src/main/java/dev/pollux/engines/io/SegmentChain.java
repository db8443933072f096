package dev.pollux.engines.io;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Segments one behind the other: the content of a send queue.
///
/// A chain is known by its last segment, whose `next` is the first; null is an empty one. So it
/// takes no object of its own, of which each idle connection would hold one.
public final class SegmentChain {
    private SegmentChain() {}

    /// {@return the first segment}
    ///
    /// @param last the chain
    public static Segment first(Segment last) {
        return Objects.requireNonNull(last.next);
    }

    /// {@return how many segments there are}
    ///
    /// @param last the chain
    public static int pieces(@Nullable Segment last) {
        return last == null ? 0 : last.number - first(last).number + 1;
    }

    /// Copies bytes behind a chain: all, or none where one cannot be read or there is no memory.
    ///
    /// @param last the chain
    /// @param from stays as it is
    /// @param start the first of them
    /// @param size how many
    /// @return the longer chain
    public static @Nullable Segment append(
            Segments segments, @Nullable Segment last, ByteBuffer from, int start, int size) {
        long end = end(last);
        Segment latest = last;
        try {
            for (int done = 0; done < size; ) {
                latest = withRoom(segments, latest);
                done += latest.put(from, start + done, size - done);
            }
        } catch (Throwable e) {
            cutBack(segments, latest, last, end);
            throw e;
        }
        return latest;
    }

    /// Copies bytes from memory behind a chain: all, or none where there is no memory.
    ///
    /// @param last the chain
    /// @param from the first of them
    /// @param size how many
    /// @return the longer chain
    public static @Nullable Segment append(
            Segments segments, @Nullable Segment last, long from, int size) {
        long end = end(last);
        Segment latest = last;
        try {
            for (int done = 0; done < size; ) {
                latest = withRoom(segments, latest);
                done += latest.put(from + done, size - done);
            }
        } catch (Throwable e) {
            cutBack(segments, latest, last, end);
            throw e;
        }
        return latest;
    }

    /// Refers to shared bytes behind a chain, which are retained until they have been dropped; a
    /// little of them may be copied instead. All or none, as above.
    ///
    /// @param last the chain
    /// @param from the first of them
    /// @param size how many
    /// @param waits whether they are not to leave with the next send
    /// @return the longer chain
    public static @Nullable Segment append(
            Segments segments,
            @Nullable Segment last,
            CountedBytes shared,
            int from,
            int size,
            boolean waits) {
        long end = end(last);
        int copied = Segment.copied(last, size, waits);
        Segment latest = append(segments, last, shared.address() + from, copied);
        if (copied == size) {
            return latest;
        }
        try {
            return link(latest, segments.refer(shared, from + copied, size - copied));
        } catch (Throwable e) {
            cutBack(segments, latest, last, end);
            throw e;
        }
    }

    private static long end(@Nullable Segment last) {
        return last == null ? 0 : last.end;
    }

    private static Segment withRoom(Segments segments, @Nullable Segment last) {
        return last != null && last.room() > 0 ? last : link(last, segments.take());
    }

    private static Segment link(@Nullable Segment last, Segment segment) {
        if (last == null) {
            segment.next = segment;
        } else {
            segment.next = last.next;
            last.next = segment;
            segment.number = last.number + 1;
        }
        return segment;
    }

    /// Takes back what an append has copied that has thrown in the middle.
    ///
    /// @param last what the chain is now
    /// @param before what it was, and is again
    /// @param end where that ended
    private static void cutBack(
            Segments segments, @Nullable Segment last, @Nullable Segment before, long end) {
        Segment latest = last;
        while (latest != null && latest != before) {
            latest = giveBehind(segments, latest, before == null ? latest : before);
        }
        if (before != null) {
            before.end = end;
        }
    }

    /// Forgets bytes from the front.
    ///
    /// @param last the chain
    /// @param size how many
    /// @return what is left
    public static @Nullable Segment drop(Segments segments, @Nullable Segment last, int size) {
        Segment latest = last;
        int left = size;
        while (latest != null && left >= first(latest).size()) {
            left -= first(latest).size();
            latest = giveBehind(segments, latest, latest);
        }
        if (latest != null) {
            first(latest).start += left;
        }
        return latest;
    }

    /// Forgets everything.
    ///
    /// @param last the chain
    public static void clear(Segments segments, @Nullable Segment last) {
        for (Segment latest = last; latest != null; ) {
            latest = giveBehind(segments, latest, latest);
        }
    }

    /// Gives back the segment behind another one; behind the last is the first.
    ///
    /// @return the chain without it
    private static @Nullable Segment giveBehind(Segments segments, Segment last, Segment previous) {
        Segment segment = Objects.requireNonNull(previous.next);
        previous.next = segment.next;
        segment.next = null;
        segments.give(segment);
        if (segment == previous) {
            return null;
        }
        return segment == last ? previous : last;
    }
}
