package dev.pollux.engines.io;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// The file of a listening Unix domain socket: removed when its door closes, unless another file
/// stands at its path by then, as that of the server that has taken over.
///
/// @param path where it is
/// @param identity its device and inode, which nobody else gets as long as the socket is open
record SocketFile(Path path, Object identity) {
    /// {@return the file of a socket that has just been bound; null where there is none}
    ///
    /// @param address what the socket is bound to
    static @Nullable SocketFile of(SocketAddress address) {
        if (address instanceof UnixDomainSocketAddress unix
                && !unix.getPath().toString().isEmpty()) {
            Object identity = identity(unix.getPath());
            return identity == null ? null : new SocketFile(unix.getPath(), identity);
        }
        return null;
    }

    private static @Nullable Object identity(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
        } catch (IOException _) {
            return null; // Gone already.
        }
    }

    /// Removes it if it is still there; the socket is still open.
    void remove() {
        try {
            if (identity.equals(identity(path))) {
                Files.deleteIfExists(path);
            }
        } catch (IOException _) {
            // A stale socket file harms nobody but the next bind.
        }
    }
}
