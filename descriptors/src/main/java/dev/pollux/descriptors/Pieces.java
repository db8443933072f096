package dev.pollux.descriptors;

import dev.pollux.libc.Descriptors;
import java.nio.ByteBuffer;

/// Several buffers as one gathering or scattering call sees them: an array of `struct iovec` in the
/// memory of the thread. Those on the heap have a place there too, as far as there is room: what
/// does not fit is for another call. Each thread has one.
final class Pieces {
    private static final ByteBuffer[] NONE = {};

    private final ThreadMemory memory;
    private ByteBuffer[] buffers = NONE;
    private int first;
    private int end;

    /// How many pieces there are, and of how many bytes.
    private int count;

    private long size;

    /// What is taken of the thread's room.
    private int taken;

    Pieces(ThreadMemory memory) {
        this.memory = memory;
    }

    /// Lines up buffers that are to be written.
    void bytes(ByteBuffer[] from, int offset, int length) {
        begin(from, offset, length);
        line(true);
    }

    /// Lines up buffers that are to be read into.
    void room(ByteBuffer[] to, int offset, int length) {
        begin(to, offset, length);
        line(false);
    }

    private void begin(ByteBuffer[] some, int offset, int length) {
        buffers = some;
        first = offset;
        end = offset + length;
        count = 0;
        size = 0;
        taken = 0;
    }

    private void line(boolean copied) {
        boolean fits = true;
        for (int i = first; fits && i < end && count < ThreadMemory.PIECES; i++) {
            ByteBuffer buffer = buffers[i];
            int bytes = buffer.isDirect() ? buffer.remaining() : place(buffer);
            if (bytes > 0) {
                long address =
                        buffer.isDirect() ? ThreadMemory.address(buffer) : memory.bytes() + taken;
                if (!buffer.isDirect() && copied) {
                    ThreadMemory.take(buffer, address, bytes);
                }
                Descriptors.putIovec(memory.iovec(), count++, address, bytes);
                taken += buffer.isDirect() ? 0 : bytes;
                size += bytes;
            }
            fits = bytes == buffer.remaining();
        }
    }

    private int place(ByteBuffer buffer) {
        return Math.min(buffer.remaining(), memory.room - taken);
    }

    long iovec() {
        return memory.iovec();
    }

    int count() {
        return count;
    }

    long size() {
        return size;
    }

    /// Forgets the buffers, which are the caller's.
    void forget() {
        buffers = NONE;
    }

    /// Moves the buffers' positions behind what was sent.
    void sent(long bytes) {
        long left = bytes;
        for (int i = first; left > 0 && i < end; i++) { // One may be among them twice.
            int part = (int) Math.min(left, buffers[i].remaining());
            ThreadMemory.advance(buffers[i], part);
            left -= part;
        }
    }

    /// Gives the buffers what was received, and moves their positions behind it.
    void received(long bytes) {
        long left = bytes;
        long place = memory.bytes();
        for (int i = first; left > 0 && i < end; i++) {
            ByteBuffer buffer = buffers[i];
            int part = (int) Math.min(left, buffer.remaining());
            if (buffer.isDirect()) {
                ThreadMemory.advance(buffer, part);
            } else {
                ThreadMemory.give(place, buffer, part);
                place += part;
            }
            left -= part;
        }
    }
}
