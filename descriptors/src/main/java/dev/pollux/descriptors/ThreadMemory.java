package dev.pollux.descriptors;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// Memory of one thread outside the heap: where bytes of the heap stand while the kernel reads or
/// writes them. It ends with its thread. A virtual thread, of which there are many, has less.
final class ThreadMemory {
    private static final int ROOM = 64 * 1024;
    private static final int ROOM_OF_VIRTUAL = 8 * 1024;

    /// Pieces of one gathering or scattering call.
    static final int PIECES = 64;

    private static final ThreadLocal<ThreadMemory> CURRENT =
            ThreadLocal.withInitial(ThreadMemory::new);

    /// How many bytes of the heap one call moves.
    final int room = Thread.currentThread().isVirtual() ? ROOM_OF_VIRTUAL : ROOM;

    /// It lives as long as this.
    private final MemorySegment segment =
            Arena.ofAuto().allocate((long) PIECES * Descriptors.IOVEC_BYTES + room, Long.BYTES);

    /// The buffers of a gathering or scattering call.
    final Pieces pieces = new Pieces(this);

    private ThreadMemory() {}

    /// {@return the memory of the calling thread}
    static ThreadMemory current() {
        return CURRENT.get();
    }

    /// {@return where [#PIECES] of `struct iovec` have their place}
    long iovec() {
        return segment.address();
    }

    /// {@return where [#room] bytes have theirs}
    long bytes() {
        return segment.address() + PIECES * Descriptors.IOVEC_BYTES;
    }

    /// {@return the address of the first byte that remains in a direct buffer}
    ///
    /// @throws IllegalStateException if the buffer's arena is closed: its memory may be another's
    /// @throws WrongThreadException if its arena is confined to another thread
    static long address(ByteBuffer direct) {
        MemorySegment segment = MemorySegment.ofBuffer(direct);
        if (!segment.isAccessibleBy(Thread.currentThread())) {
            throw new WrongThreadException("the buffer is confined to another thread");
        }
        if (!segment.scope().isAlive()) {
            throw new IllegalStateException("the buffer's arena is closed");
        }
        return segment.address();
    }

    /// Copies bytes out of a buffer on the heap, and leaves its position as it is.
    static void take(ByteBuffer from, long to, int bytes) {
        if (from.hasArray()) {
            Memory.copy(from.array(), from.arrayOffset() + from.position(), to, bytes);
        } else {
            Memory.copy(from.slice(from.position(), bytes), to);
        }
    }

    /// Copies bytes into a buffer on the heap, and moves its position behind them.
    static void give(long from, ByteBuffer to, int bytes) {
        Memory.copy(from, to.array(), to.arrayOffset() + to.position(), bytes);
        advance(to, bytes);
    }

    static void advance(ByteBuffer buffer, int bytes) {
        buffer.position(buffer.position() + bytes);
    }

    /// @throws IllegalArgumentException if nothing can be put into the buffer
    static void requireWritable(ByteBuffer to) {
        if (to.isReadOnly()) {
            throw new IllegalArgumentException("a read-only buffer");
        }
    }
}
