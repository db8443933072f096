package dev.pollux.libc;

/// `inotify(7)`: changes of files and directories as a descriptor. Linux only, `-ENOSYS` elsewhere.
///
/// All calls return a value >= 0 or `-errno`. What [#read] leaves is a row of entries, each as long
/// as its name wants:
///
/// ```
/// struct inotify_event {      offset
///   int      wd;                   0
///   uint32_t mask;                 4
///   uint32_t cookie;               8     the same in both halves of a rename
///   uint32_t len;                 12     bytes of the name, with the zeros behind it
///   char     name[];              16
/// };
/// ```
public final class InotifyCalls {
    /// The file was read.
    public static final int IN_ACCESS = 0x1;

    /// The file was written.
    public static final int IN_MODIFY = 0x2;

    /// The file's attributes have changed.
    public static final int IN_ATTRIB = 0x4;

    /// The file was closed by a writer.
    public static final int IN_CLOSE_WRITE = 0x8;

    /// Something was moved out of the directory.
    public static final int IN_MOVED_FROM = 0x40;

    /// Something was moved into the directory.
    public static final int IN_MOVED_TO = 0x80;

    /// Something was made in the directory.
    public static final int IN_CREATE = 0x100;

    /// Something was deleted in the directory.
    public static final int IN_DELETE = 0x200;

    /// The watched thing itself was deleted.
    public static final int IN_DELETE_SELF = 0x400;

    /// The watched thing itself was moved.
    public static final int IN_MOVE_SELF = 0x800;

    /// The queue was full and events are lost; the watch is -1.
    public static final int IN_Q_OVERFLOW = 0x4000;

    /// The watch has ended.
    public static final int IN_IGNORED = 0x8000;

    /// What has happened has happened to a directory.
    public static final int IN_ISDIR = 0x4000_0000;

    /// Room that surely holds one entry: 16 and a name of 255 bytes with its zero.
    public static final int EVENT_BYTES_MAX = 16 + 256;

    private static final int IN_NONBLOCK_CLOEXEC = 0x80800;
    private static final int MASK = 4;
    private static final int COOKIE = 8;
    private static final int LENGTH = 12;
    private static final int NAME = 16;

    // int inotify_init1(int flags);                                              inotify_init(2)
    // int inotify_add_watch(int fd, const char *pathname, uint32_t mask);   inotify_add_watch(2)
    // int inotify_rm_watch(int fd, int wd);                                  inotify_rm_watch(2)
    private static final Downcall INIT = Downcall.of(Call.INOTIFY_INIT1);
    private static final Downcall ADD_WATCH = Downcall.of(Call.INOTIFY_ADD_WATCH);
    private static final Downcall RM_WATCH = Downcall.of(Call.INOTIFY_RM_WATCH);

    private InotifyCalls() {}

    /// {@return a queue of events, which never waits and is closed at `execve`, or `-errno`}
    public static int init() {
        return INIT.call(IN_NONBLOCK_CLOEXEC);
    }

    /// Watches a path, or changes what is watched there.
    ///
    /// @param fd the queue
    /// @param path the file or directory
    /// @param mask `IN_...`
    /// @return the watch, or `-errno`: `-EILSEQ` for a path that the JVM's encoding of file names
    ///   cannot hold (in the C locale, all but ASCII)
    /// @throws IllegalArgumentException if the path has a zero character
    public static int addWatch(int fd, String path, int mask) {
        long name = PathBytes.allocate(path);
        if (name < 0) {
            return (int) name;
        }
        try {
            return ADD_WATCH.call(fd, name, mask);
        } finally {
            Memory.free(name);
        }
    }

    /// Ends a watch; [#IN_IGNORED] follows.
    ///
    /// @param fd the queue
    /// @param watch what [#addWatch] has returned
    /// @return 0 or `-errno`
    public static int rmWatch(int fd, int watch) {
        return RM_WATCH.call(fd, watch);
    }

    /// Takes as many events as there is room for.
    ///
    /// @param fd the queue
    /// @param address where they go
    /// @param bytes the room, at least [#EVENT_BYTES_MAX]
    /// @return how many bytes of entries there are, or `-EAGAIN` for none
    public static int read(int fd, long address, int bytes) {
        return Descriptors.read(fd, address, bytes);
    }

    /// {@return the address of the entry behind this one}
    ///
    /// @param event the address of an entry
    public static long next(long event) {
        return event + NAME + Memory.getInt(event + LENGTH);
    }

    /// {@return the watch that has seen it, -1 for [#IN_Q_OVERFLOW]}
    ///
    /// @param event the address of an entry
    public static int watch(long event) {
        return Memory.getInt(event);
    }

    /// {@return what has happened, `IN_...`}
    ///
    /// @param event the address of an entry
    public static int mask(long event) {
        return Memory.getInt(event + MASK);
    }

    /// {@return what both halves of a rename share, else 0}
    ///
    /// @param event the address of an entry
    public static int cookie(long event) {
        return Memory.getInt(event + COOKIE);
    }

    /// {@return the name inside the watched directory, empty for the watched thing itself} What the
    /// JVM's encoding of file names cannot hold shows as U+FFFD: that name is to be read, and opens
    /// nothing.
    ///
    /// @param event the address of an entry
    public static String name(long event) {
        byte[] name = PathBytes.read(event + NAME, Memory.getInt(event + LENGTH));
        return new String(name, PathBytes.CHARSET);
    }
}
