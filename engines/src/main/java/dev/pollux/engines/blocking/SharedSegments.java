package dev.pollux.engines.blocking;

import dev.pollux.engines.io.CountedBytes;
import dev.pollux.engines.io.Segment;
import dev.pollux.engines.io.SegmentPool;
import dev.pollux.engines.io.Segments;

/// The [SegmentPool] of all connections of a blocking engine. Any thread may call: the monitor is
/// held for a few instructions, and never while bytes are copied into a segment.
final class SharedSegments implements Segments {
    private final SegmentPool pool = new SegmentPool();

    @Override
    public synchronized Segment take() {
        return pool.take();
    }

    @Override
    public synchronized Segment refer(CountedBytes bytes, int from, int size) {
        return pool.refer(bytes, from, size);
    }

    @Override
    public synchronized void give(Segment segment) {
        pool.give(segment);
    }

    /// See [SegmentPool#count(CountedBytes)].
    synchronized void count(CountedBytes bytes) {
        pool.count(bytes);
    }

    /// See [SegmentPool#count(int)].
    synchronized void count(int bytes) {
        pool.count(bytes);
    }

    /// See [SegmentPool#release].
    synchronized void release(CountedBytes bytes) {
        pool.release(bytes);
    }

    /// {@return how many bytes are in use; without the monitor, so it may be a little late}
    long used() {
        return pool.used();
    }

    synchronized void close() {
        pool.close();
    }
}
