package dev.pollux.libc;

/// `struct msghdr`: what a message consists of, [Sockets#sendv] and [UringSockets#sendmsg].
///
/// ```
/// struct msghdr {          offset                                                  sendmsg(2)
///   void *msg_name;             0
///   socklen_t msg_namelen;      8
///   struct iovec *msg_iov;     16
///   size_t msg_iovlen;         24   (int on macOS: the same place, little-endian)
///   void *msg_control;         32
///   size_t msg_controllen;     40   (socklen_t on macOS)
///   int msg_flags; };          48   (44 on macOS)
/// ```
public final class MessageHeader {
    /// Bytes of one.
    public static final int BYTES = 56;

    private static final int IOVEC = 16;
    private static final int COUNT = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_BYTES = 40;
    private static final int FLAGS = Platform.current().pick(48, 44);

    private MessageHeader() {}

    /// Fills one that names no address and has no control data.
    ///
    /// @param message its address, [#BYTES]
    /// @param iovec the address of an array of `struct iovec`, see [Descriptors#putIovec]
    /// @param count how many pieces, at most 1024
    public static void put(long message, long iovec, int count) {
        Memory.zero(message, BYTES);
        putPieces(message, iovec, count);
    }

    /// Says where its control data is, which goes beside the bytes (`cmsg(3)`), and how much.
    static void putControl(long message, long control, int bytes) {
        Memory.putPointer(message + CONTROL, control);
        Memory.putInt(message + CONTROL_BYTES, bytes);
    }

    /// {@return how much control data there is}
    static int controlBytes(long message) {
        return Memory.getInt(message + CONTROL_BYTES);
    }

    /// {@return what was told of a received one, `MSG_...`}
    static int flags(long message) {
        return Memory.getInt(message + FLAGS);
    }

    /// {@return how many bytes the pieces have}
    static long size(long iovec, int count) {
        long size = 0;
        for (int i = 0; i < count; i++) {
            size += Memory.getLong(iovec + (long) i * Descriptors.IOVEC_BYTES + Long.BYTES);
        }
        return size;
    }

    /// Says where the pieces are; all else stays as it is.
    static void putPieces(long message, long iovec, int count) {
        Memory.putPointer(message + IOVEC, iovec);
        Memory.putLong(message + COUNT, count);
    }
}
