package dev.pollux.engines.blocking;

import dev.pollux.engines.Limits;

/// How full a [BlockingSendQueue] is, by its connection's [Limits], and what of that has been told.
/// Its monitor guards this, but for what any thread may ask.
final class Watermarks {
    private final Limits limits;

    /// It was above the high mark, and has not been below the low one since.
    private volatile boolean high;

    /// More waited than may when something was last appended.
    private volatile boolean beyond;

    /// It was high when the socket had no room, and the connection has been told.
    private boolean behind;

    Watermarks(Limits limits) {
        this.limits = limits;
    }

    /// Something was appended.
    ///
    /// @param bytes how many wait now
    /// @param cost what that costs
    /// @return false when it is more than may wait
    boolean rose(long bytes, long cost) {
        high |= bytes > limits.outboundHighMark();
        beyond = isTooMuch(cost);
        return !beyond;
    }

    /// {@return whether it was above the high mark, and has not been below the low one since; any
    /// thread}
    boolean isHigh() {
        return high;
    }

    /// {@return whether more waited than may when something was last appended; any thread}
    boolean isBeyond() {
        return beyond;
    }

    boolean isTooMuch(long cost) {
        return cost > limits.outboundBytesMax();
    }

    boolean isLow(long bytes) {
        return bytes < limits.outboundLowMark();
    }

    /// {@return whether it has fallen from above the high mark to below the low one, and that was
    /// not told}
    boolean hasFallen(long bytes) {
        return high && isLow(bytes);
    }

    /// {@return the same, once: then it is told}
    boolean fell(long bytes) {
        boolean fell = hasFallen(bytes);
        if (fell) {
            high = false;
            behind = false;
        }
        return fell;
    }

    /// {@return true once when it is high and the socket has no room}
    boolean fallsBehind() {
        boolean falls = high && !behind;
        behind |= falls;
        return falls;
    }
}
