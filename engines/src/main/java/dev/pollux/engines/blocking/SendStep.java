package dev.pollux.engines.blocking;

import dev.pollux.engines.io.BlockingWire;
import dev.pollux.engines.io.Iovecs;
import dev.pollux.engines.io.Segment;
import dev.pollux.engines.io.SegmentChain;

/// What one system call of a [BlockingSendQueue] covers: the head of the queue, or a part of it, or
/// several pieces.
///
/// Belongs to the thread that sends.
final class SendStep {
    /// What a writer hands to the kernel in its sleep: little, so that every step of a slow peer is
    /// seen.
    private static final int SLEEPING_BYTES = 8 * 1024;

    private long address;
    private int bytes;
    private int pieces;

    /// Where the pieces lie, when there are several.
    private final Iovecs iovecs = new Iovecs();

    /// Makes the next one.
    ///
    /// @param last the queue, a [SegmentChain]
    /// @param full whether the socket has no room
    void begin(Segment last, boolean full) {
        Segment first = SegmentChain.first(last);
        pieces = 1;
        address = first.start;
        bytes = full ? Math.min(first.size(), SLEEPING_BYTES) : first.size();
        if (!full && first != last) {
            iovecs.gather(first);
            bytes = iovecs.bytes();
            pieces = iovecs.count();
        }
    }

    /// {@return how many bytes it covers}
    int bytes() {
        return bytes;
    }

    /// {@return how many of them were taken, or `-errno`}
    int send(BlockingWire wire) {
        if (pieces == 1) {
            return wire.send(address, bytes);
        }
        int taken = wire.sendGathered(iovecs.address(), pieces);
        iovecs.free();
        return taken;
    }

    /// {@return how many of them were taken when there was room, or `-errno`}
    int sendSleeping(BlockingWire wire) {
        return wire.sendSleeping(address, bytes);
    }
}
