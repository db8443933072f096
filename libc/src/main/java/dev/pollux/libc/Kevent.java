package dev.pollux.libc;

/// `struct kevent`: a change to make in a kqueue, and an event that it reports, `kqueue(2)`.
///
/// ```
/// struct kevent {           offset
///   uintptr_t ident;             0     the descriptor
///   int16_t   filter;            8     EVFILT_...
///   uint16_t  flags;            10     EV_...
///   uint32_t  fflags;           12     NOTE_...
///   intptr_t  data;             16     what there is: bytes to read, room to write, an errno
///   void     *udata;            24     what the change has said
/// };
/// ```
///
/// 32 bytes on macOS, both machines. (FreeBSD's is longer since version 12.) Arrays of it belong to
/// the caller.
public final class Kevent {
    /// Bytes of one.
    public static final int BYTES = 32;

    /// The descriptor has something to read, or a connection to accept, or has ended.
    public static final int EVFILT_READ = -1;

    /// The descriptor has room to write.
    public static final int EVFILT_WRITE = -2;

    /// The descriptor has an exceptional condition, see [#NOTE_OOB]. macOS only.
    public static final int EVFILT_EXCEPT = -15;

    /// Triggered by the program itself, see [#NOTE_TRIGGER].
    public static final int EVFILT_USER = -10;

    /// Add, or change what is there.
    public static final int EV_ADD = 0x1;

    /// Remove.
    public static final int EV_DELETE = 0x2;

    /// Report again.
    public static final int EV_ENABLE = 0x4;

    /// Keep, but do not report.
    public static final int EV_DISABLE = 0x8;

    /// Report once, then remove.
    public static final int EV_ONESHOT = 0x10;

    /// Report changes instead of states: edge-triggered.
    public static final int EV_CLEAR = 0x20;

    /// Answer each change with an event of [#EV_ERROR], and report nothing else.
    public static final int EV_RECEIPT = 0x40;

    /// Report once, then disable.
    public static final int EV_DISPATCH = 0x80;

    /// The change has failed: data is the errno, 0 if it has not.
    public static final int EV_ERROR = 0x4000;

    /// This direction has ended: fflags is the errno of a socket, 0 for a regular end.
    public static final int EV_EOF = 0x8000;

    /// With [#EVFILT_EXCEPT]: urgent data.
    public static final int NOTE_OOB = 0x2;

    /// With [#EVFILT_USER]: make it ready.
    public static final int NOTE_TRIGGER = 0x0100_0000;

    private static final int IDENT = 0;
    private static final int FILTER = 8;
    private static final int FLAGS = 10;
    private static final int FFLAGS = 12;
    private static final int DATA = 16;
    private static final int UDATA = 24;

    private Kevent() {}

    /// Fills an entry with a change.
    ///
    /// @param kevents the address of the array
    /// @param index which entry
    /// @param fd the descriptor, or whatever the filter is about
    /// @param filter `EVFILT_...`
    /// @param flags `EV_...`
    /// @param fflags `NOTE_...`, or 0
    /// @param udata what the events will say
    public static void put(
            long kevents, int index, int fd, int filter, int flags, int fflags, long udata) {
        long entry = entry(kevents, index);
        Memory.putLong(entry + IDENT, fd);
        Memory.putShort(entry + FILTER, (short) filter);
        Memory.putShort(entry + FLAGS, (short) flags);
        Memory.putInt(entry + FFLAGS, fflags);
        Memory.putLong(entry + DATA, 0);
        Memory.putLong(entry + UDATA, udata);
    }

    /// Says what there is, as the kernel does.
    ///
    /// @param kevents the address of the array
    /// @param index which entry
    /// @param data the bytes, the room or the errno
    public static void putData(long kevents, int index, long data) {
        Memory.putLong(entry(kevents, index) + DATA, data);
    }

    /// {@return the descriptor of an entry}
    ///
    /// @param kevents the address of the array
    /// @param index which entry
    public static int fd(long kevents, int index) {
        return (int) Memory.getLong(entry(kevents, index) + IDENT);
    }

    /// {@return the filter of an entry, `EVFILT_...`}
    ///
    /// @param kevents the address of the array
    /// @param index which entry
    public static int filter(long kevents, int index) {
        return Memory.getShort(entry(kevents, index) + FILTER);
    }

    /// {@return the flags of an entry, `EV_...`}
    ///
    /// @param kevents the address of the array
    /// @param index which entry
    public static int flags(long kevents, int index) {
        return Short.toUnsignedInt(Memory.getShort(entry(kevents, index) + FLAGS));
    }

    /// {@return the filter's own flags of an entry, `NOTE_...`}
    ///
    /// @param kevents the address of the array
    /// @param index which entry
    public static int fflags(long kevents, int index) {
        return Memory.getInt(entry(kevents, index) + FFLAGS);
    }

    /// {@return what there is: bytes to read, room to write, or an errno}
    ///
    /// @param kevents the address of the array
    /// @param index which entry
    public static long data(long kevents, int index) {
        return Memory.getLong(entry(kevents, index) + DATA);
    }

    /// {@return what the change has said}
    ///
    /// @param kevents the address of the array
    /// @param index which entry
    public static long udata(long kevents, int index) {
        return Memory.getLong(entry(kevents, index) + UDATA);
    }

    private static long entry(long kevents, int index) {
        return kevents + (long) index * BYTES;
    }
}
