package dev.pollux.libc;

/// `fstat(2)`, for the one thing wanted of it: what kind of file a descriptor is open on. Linked
/// when first used.
///
/// ```
/// struct stat { ...; mode_t st_mode; ... };
/// ```
///
/// `st_mode` is at 24 on Linux x86-64, at 16 on aarch64 and at 4 on macOS, where its 2 bytes are
/// all there is; elsewhere they are the lower ones of 4.
final class FileTypes {
    private static final int STAT_BYTES = 144;
    private static final int S_IFMT = 0xf000;
    private static final int S_IFREG = 0x8000;

    // int fstat(int fd, struct stat *statbuf);                                              stat(2)
    private static final Downcall FSTAT = Downcall.of(Call.FSTAT, symbol(Platform.current()));
    private static final int MODE = mode(Platform.current());

    private FileTypes() {}

    /// {@return whether the descriptor is open on a regular file}
    static boolean isRegular(int fd) {
        long stat = Memory.allocateZeroed(STAT_BYTES);
        try {
            int result = FSTAT.call(fd, stat);
            return result == 0 && (Memory.getShort(stat + MODE) & S_IFMT) == S_IFREG;
        } finally {
            Memory.free(stat);
        }
    }

    /// {@return the offset of `st_mode` on a platform}
    static int mode(Platform platform) {
        return switch (platform) {
            case LINUX_X86_64 -> 24;
            case LINUX_AARCH64 -> 16;
            case MACOS_X86_64, MACOS_AARCH64 -> 4;
        };
    }

    /// macOS on x86-64 keeps its older structure under the plain name.
    private static String symbol(Platform platform) {
        return platform == Platform.MACOS_X86_64 ? "fstat$INODE64" : "fstat";
    }
}
