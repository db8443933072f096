package dev.pollux.http;

import dev.pollux.engines.Transport;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Where the answers to one batch of input are put together, so that they leave as one write. Lent
/// by an [OutputPool]; belongs to one thread while it is lent.
final class Output {
    /// Filled beyond this, it is written before more is added.
    static final int FLUSH_BYTES = 32 * 1024;

    private byte[] bytes = new byte[4 * 1024];
    private ByteBuffer view = ByteBuffer.wrap(bytes);
    private int size;

    int size() {
        return size;
    }

    int capacity() {
        return bytes.length;
    }

    void put(byte[] more) {
        int from = reserve(more.length);
        System.arraycopy(more, 0, bytes, from, more.length);
    }

    /// Adds room that the caller fills.
    ///
    /// @param count how many bytes
    /// @return the first index of the room in [#bytes()]
    int reserve(int count) {
        int from = size;
        size += count;
        if (size > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size, 2 * bytes.length));
            view = ByteBuffer.wrap(bytes);
        }
        return from;
    }

    /// Gives back reserved room that was not filled.
    ///
    /// @param count how many bytes at the end
    void unreserve(int count) {
        size -= count;
    }

    byte[] bytes() {
        return bytes;
    }

    /// Writes what it holds, and holds nothing any more.
    void writeTo(Transport transport) {
        if (size > 0) {
            view.limit(size).position(0);
            transport.write(view);
            size = 0;
        }
    }

    /// Forgets what it holds.
    void clear() {
        size = 0;
    }
}
