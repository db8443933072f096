package dev.pollux.libc;

import java.nio.charset.Charset;

/// Paths as the kernel wants them: bytes that end with a zero, in the encoding that the JVM uses
/// for file names.
final class PathBytes {
    /// What [java.nio.file.Path] itself encodes with; `native.encoding` differs from it on macOS.
    private static final Charset CHARSET =
            Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private PathBytes() {}

    static byte[] encode(String path) {
        return path.getBytes(CHARSET);
    }

    /// Reads a path up to its zero, or to the end of its room.
    static String decode(long address, int room) {
        int length = 0;
        while (length < room && Memory.getByte(address + length) != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        Memory.copy(address, bytes, 0, length);
        return new String(bytes, CHARSET);
    }

    /// {@return the address of a C string, to be freed}
    ///
    /// @throws IllegalArgumentException if the path has a zero character
    static long allocate(String path) {
        if (path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a path has no zero character");
        }
        byte[] bytes = encode(path);
        long address = Memory.allocate(bytes.length + 1);
        Memory.copy(bytes, 0, address, bytes.length);
        Memory.putByte(address + bytes.length, (byte) 0);
        return address;
    }
}
