package dev.pollux.engines.uring;

import dev.pollux.engines.loop.Receiver;
import dev.pollux.engines.shared.Rollback;
import dev.pollux.libc.BufferRing;
import dev.pollux.libc.Cqe;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/// Buffers of one size that the kernel receives into: it picks one when there is data, so a
/// connection without data holds none. Each is offered to the protocol as it is, and goes back to
/// the kernel together with the others of the turn. Who has found none stands in a queue here.
///
/// Belongs to the loop's thread.
final class RingBuffers {
    /// Buffers begin this much off a multiple of their size, so that their first lines do not all
    /// compete for the same places in the processor's caches.
    private static final int SKEW = 128;

    private final int group;
    private final int count;
    private final int bytes;
    private final long memory;
    private final long ring;
    private final ByteBuffer[] views;

    /// Sockets that have found no buffer, in the order in which they did.
    private final ArrayDeque<UringSocket> starved = new ArrayDeque<>();

    /// Behind the last buffer given back.
    private int tail;

    /// As the kernel knows it.
    private int published;

    /// Makes buffers and gives them to a ring.
    ///
    /// @param to the ring
    /// @param group their number there
    /// @param count how many, a power of two
    /// @param bytes the size of each
    /// @throws ErrnoException when the kernel refuses
    RingBuffers(Ring to, int group, int count, int bytes) throws ErrnoException {
        this.group = group;
        this.count = count;
        this.bytes = bytes;
        this.views = new ByteBuffer[count];
        try (Rollback opened = new Rollback()) {
            this.memory = Memory.allocatePages(memoryBytes());
            opened.add(() -> Memory.freePages(memory, memoryBytes()));
            this.ring = Memory.allocatePages(ringBytes());
            opened.add(() -> Memory.freePages(ring, ringBytes()));
            for (int i = 0; i < count; i++) {
                views[i] = Memory.buffer(address(i), bytes);
            }
            int result = to.giveBuffers(group, ring, count);
            ErrnoException.check(result, "io_uring_register", to.fd());
            opened.keep();
        }
        for (int i = 0; i < count; i++) {
            give(i);
        }
    }

    private long memoryBytes() {
        return (long) count * (bytes + SKEW);
    }

    private long ringBytes() {
        return (long) count * BufferRing.ENTRY_BYTES;
    }

    int group() {
        return group;
    }

    int bytes() {
        return bytes;
    }

    long address(int buffer) {
        return memory + (long) buffer * (bytes + SKEW);
    }

    /// Offers a received buffer to an receiver, and takes it back.
    ///
    /// @param receiver who gets it
    /// @param size how many bytes were received
    /// @param flags the completion's
    void offer(Receiver receiver, int size, int flags) {
        int buffer = Cqe.bufferId(flags);
        ByteBuffer view = views[buffer];
        view.limit(size).position(0);
        try {
            receiver.take(view, address(buffer));
        } finally {
            give(buffer);
        }
    }

    /// Takes back what a completion brought that nobody wants.
    void drop(int flags) {
        if ((flags & Cqe.IORING_CQE_F_BUFFER) != 0) {
            give(Cqe.bufferId(flags));
        }
    }

    private void give(int buffer) {
        BufferRing.put(ring, count, tail++, address(buffer), bytes, buffer);
    }

    /// Lets the kernel have what was given back.
    void publish() {
        if (tail != published) {
            published = tail;
            BufferRing.publishTail(ring, tail);
        }
    }

    /// A socket has found no buffer: it asks again when those before it have.
    void starved(UringSocket socket) {
        starved.add(socket);
    }

    boolean isAskedForAgain() {
        return !starved.isEmpty();
    }

    /// Lets as many ask again as there are buffers: all are with the kernel now. Were it more, a
    /// thousand that are ready would go away empty for each few that are served, and what those few
    /// have received would wait behind a thousand refusals.
    void feed() {
        for (int left = count; left > 0 && !starved.isEmpty(); left--) {
            starved.remove().fed();
        }
    }

    /// Frees the memory; the ring has been closed, or never had it.
    void free() {
        Memory.freePages(memory, memoryBytes());
        Memory.freePages(ring, ringBytes());
    }
}
