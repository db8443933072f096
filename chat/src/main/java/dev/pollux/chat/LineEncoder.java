package dev.pollux.chat;

import java.nio.ByteBuffer;

/// Writes what one member says: `2026/11/21 00:15:30 NAME: text` and LF.
///
/// Allocates only when a line is longer than all before: nothing for a member who says nothing.
/// Belongs to the member's thread.
final class LineEncoder {
    private static final byte[] SEPARATOR = {':', ' '};

    /// Shared by all who have not said anything yet; it has no room.
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private ByteBuffer line = NOTHING;

    /// Encodes one message.
    ///
    /// @param timestamp from [Timestamps#now]
    /// @param name the member's name in UTF-8
    /// @param text the message; consumed
    /// @return the line between position and limit; valid until the next call
    ByteBuffer encode(byte[] timestamp, byte[] name, ByteBuffer text) {
        int length = timestamp.length + name.length + SEPARATOR.length + text.remaining() + 1;
        if (line.capacity() < length) {
            line = ByteBuffer.allocate(Integer.highestOneBit(length) * 2);
        }
        line.clear();
        return line.put(timestamp).put(name).put(SEPARATOR).put(text).put((byte) '\n').flip();
    }
}
