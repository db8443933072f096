package dev.pollux.libc;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/// Paths as the kernel wants them: bytes that end with a zero, in the encoding that the JVM uses
/// for file names.
///
/// What that encoding cannot hold is refused and never replaced: the replacement would be the name
/// of another file. In the C locale it holds ASCII only.
final class PathBytes {
    /// What [java.nio.file.Path] itself encodes with; `native.encoding` differs from it on macOS.
    static final Charset CHARSET = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private PathBytes() {}

    /// {@return the bytes of a path, or null if the encoding cannot hold it}
    static byte @Nullable [] encode(String path, Charset charset) {
        try {
            ByteBuffer encoded = charset.newEncoder().encode(CharBuffer.wrap(path));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException _) {
            return null;
        }
    }

    /// {@return what bytes of the kernel's mean as a path, or null if they are none in the
    /// encoding}
    static @Nullable String decode(byte[] path, Charset charset) {
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(path)).toString();
        } catch (CharacterCodingException _) {
            return null;
        }
    }

    /// Reads a path up to its zero, or to the end of its room.
    static byte[] read(long address, int room) {
        int length = 0;
        while (length < room && Memory.getByte(address + length) != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        Memory.copy(address, bytes, 0, length);
        return bytes;
    }

    /// {@return the address of a C string, to be freed, or `-EILSEQ` for a path that the encoding
    /// cannot hold}
    ///
    /// @throws IllegalArgumentException if the path has a zero character
    static long allocate(String path) {
        if (path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a path has no zero character");
        }
        byte[] bytes = encode(path, CHARSET);
        if (bytes == null) {
            return -Errno.EILSEQ;
        }
        long address = Memory.allocate(bytes.length + 1);
        Memory.copy(bytes, 0, address, bytes.length);
        Memory.putByte(address + bytes.length, (byte) 0);
        return address;
    }
}
