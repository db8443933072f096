package dev.pollux.http;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// The body of a response: bytes in memory, or a part of an open file.
sealed interface Body extends AutoCloseable {
    /// No bytes.
    Body EMPTY = new Bytes(new byte[0]);

    /// {@return how many bytes it has}
    long size();

    /// Copies bytes out.
    ///
    /// @param from the first byte, counted from the body's beginning
    /// @param to where to copy to
    /// @param at the first index there
    /// @param count how many, at least one; all of them lie within the body
    /// @return how many were copied, at least one
    /// @throws IOException when the bytes cannot be had, or are no longer those that were promised
    int read(long from, byte[] to, int at, int count) throws IOException;

    /// Gives the file back. Idempotent.
    @Override
    void close() throws IOException;

    /// Bytes in memory.
    final class Bytes implements Body {
        /// Never changed.
        private final byte[] bytes;

        Bytes(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public int read(long from, byte[] to, int at, int count) {
            System.arraycopy(bytes, (int) from, to, at, count);
            return count;
        }

        @Override
        public void close() {}
    }

    /// A part of an open file.
    ///
    /// @param channel the file; closed with the body
    /// @param start the first byte of the part
    /// @param size how many bytes the part has
    /// @param fileSize how large the file was when it was opened
    record File(FileChannel channel, long start, long size, long fileSize) implements Body {
        @Override
        public int read(long from, byte[] to, int at, int count) throws IOException {
            if (channel.size() != fileSize) {
                throw new EOFException("the file changed its size while it was sent");
            }
            int read = channel.read(ByteBuffer.wrap(to, at, count), start + from);
            if (read <= 0) {
                throw new EOFException("the file became shorter while it was sent");
            }
            return read;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
