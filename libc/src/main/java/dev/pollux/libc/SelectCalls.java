package dev.pollux.libc;

/// `select(2)`: three bitmaps of descriptors, handed to the kernel at every wait and overwritten by
/// it.
///
/// The bitmaps belong to the caller and may have any size: the limit of 1024 (`FD_SETSIZE`) is one
/// of the C macros, not of the kernel. Bit `fd` is bit `fd % 8` of byte `fd / 8`, as `fd_set`'s
/// words are little-endian on every platform known here.
///
/// A descriptor beyond the kernel's table is ignored and its bit is left as it was: trust the
/// count, and do not ask for descriptors that were never open.
public final class SelectCalls {
    /// The longest time, 3 years and 2 months: macOS answers `EINVAL` to a longer one.
    public static final long TIMEOUT_NANOS_MAX = 100_000_000L * 1_000_000_000L;

    // int pselect(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds,
    //             const struct timespec *timeout, const sigset_t *sigmask);
    // select(2)
    private static final Downcall PSELECT = Downcall.of(Call.PSELECT, symbol());

    private SelectCalls() {}

    /// Waits until something has happened; does not wait with a time of 0.
    ///
    /// @param nfds the highest descriptor plus 1
    /// @param read the bitmap of those to be readable, [#bytes] long, or 0 for none; overwritten
    /// @param write the bitmap of those to be writable, or 0 for none; overwritten
    /// @param except the bitmap of those with an exceptional condition, or 0 for none; overwritten
    /// @param timeoutNanos how long, at most [#TIMEOUT_NANOS_MAX]; negative for ever
    /// @return how many bits are set in all three, 0 after the timeout, or `-errno` (the bitmaps
    ///   are then unchanged)
    public static int select(int nfds, long read, long write, long except, long timeoutNanos) {
        long timespec = SystemCalls.current().timespec(timeoutNanos);
        return PSELECT.call(nfds, read, write, except, timespec, 0);
    }

    /// {@return how many bytes a bitmap must have: whole words of 8 bytes, as the kernel copies
    /// them}
    ///
    /// @param nfds the highest descriptor plus 1
    public static int bytes(int nfds) {
        return (int) (((long) nfds + 63) / 64 * 8);
    }

    /// Sets the bit of a descriptor.
    ///
    /// @param bitmap the address of the bitmap
    /// @param fd the descriptor
    public static void set(long bitmap, int fd) {
        long octet = bitmap + (fd >> 3);
        Memory.putByte(octet, (byte) (Memory.getByte(octet) | 1 << (fd & 7)));
    }

    /// Clears the bit of a descriptor.
    ///
    /// @param bitmap the address of the bitmap
    /// @param fd the descriptor
    public static void clear(long bitmap, int fd) {
        long octet = bitmap + (fd >> 3);
        Memory.putByte(octet, (byte) (Memory.getByte(octet) & ~(1 << (fd & 7))));
    }

    /// {@return whether the bit of a descriptor is set}
    ///
    /// @param bitmap the address of the bitmap
    /// @param fd the descriptor
    public static boolean isSet(long bitmap, int fd) {
        return (Memory.getByte(bitmap + (fd >> 3)) & 1 << (fd & 7)) != 0;
    }

    /// macOS has a variant that checks for 1024 descriptors, and one that does not.
    private static String symbol() {
        String unlimited = "pselect$DARWIN_EXTSN";
        return Platform.current().isMacos() && Downcall.exists(unlimited) ? unlimited : "pselect";
    }
}
