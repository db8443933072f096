package dev.pollux.engines.loop;

import org.jspecify.annotations.Nullable;

/// What a protocol of a simulation has written once, to one connection or to a group; the peer
/// recognizes it by the number it begins with.
///
/// @param number counts up, in the order in which they are written
/// @param size how many bytes, with the number and the size in front
/// @param source the thread that wrote it
/// @param group where it was broadcast; null when it was written to one connection
record Frame(int number, int size, int source, @Nullable RandomGroup group) {
    /// What is in front.
    static final int HEAD = 2 * Integer.BYTES;

    /// {@return the byte at a place behind the head}
    byte byteAt(int place) {
        return (byte) (number * 7 + place);
    }

    byte[] bytes() {
        byte[] bytes = new byte[size];
        java.nio.ByteBuffer.wrap(bytes).putInt(number).putInt(size);
        for (int i = HEAD; i < size; i++) {
            bytes[i] = byteAt(i);
        }
        return bytes;
    }
}
