package dev.pollux.engines.io;

/// Where [Segment]s come from and go back to: a [SegmentPool], or one that threads share.
public interface Segments {
    /// {@return an empty segment with memory}
    Segment take();

    /// {@return a segment that refers to shared bytes, which are retained}
    ///
    /// @param bytes what it refers to
    /// @param from the first byte
    /// @param size how many
    Segment refer(CountedBytes bytes, int from, int size);

    /// Takes a segment back.
    ///
    /// @param segment one that nobody uses any more
    void give(Segment segment);
}
