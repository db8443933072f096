package dev.pollux.descriptors;

import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.InotifyCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.function.Consumer;

/// Changes of files and directories as a descriptor, `inotify(7)`: readable when something has
/// happened. It never blocks. Linux only.
public final class Inotify implements OwnedDescriptor {
    /// What has happened.
    ///
    /// @param watch the watch that has seen it, as [#watch] has returned it; -1 where
    ///   [InotifyCalls#IN_Q_OVERFLOW] says that events are lost
    /// @param mask what it was, `IN_...` of [InotifyCalls]
    /// @param cookie what both halves of a rename share, else 0
    /// @param name the name inside the watched directory, empty for the watched thing itself
    public record Event(int watch, int mask, int cookie, String name) {
        /// {@return whether one of some things has happened}
        ///
        /// @param events `IN_...` of [InotifyCalls]
        public boolean is(int events) {
            return (mask & events) != 0;
        }
    }

    private final Ownership ownership;

    private Inotify(int fd) {
        ownership = Ownership.of(fd, Ownership.Kind.FILE, "an Inotify", false);
    }

    /// {@return a queue of events that watches nothing yet}
    ///
    /// @throws ErrnoException if the kernel refuses it, as `EMFILE`
    public static Inotify open() throws ErrnoException {
        return new Inotify(ErrnoException.check(InotifyCalls.init(), "inotify_init1", -1));
    }

    @Override
    public Ownership ownership() {
        return ownership;
    }

    /// Watches a file or a directory, or changes what is watched there.
    ///
    /// @param path its path, in the default file system
    /// @param events `IN_...` of [InotifyCalls]
    /// @return the watch: the same number for the same file
    /// @throws IOException an [ErrnoException] if the kernel refuses it, as `ENOENT`, or `ENOSPC`
    ///   when the user has too many
    public int watch(Path path, int events) throws IOException {
        int fd = ownership.begin();
        try {
            int watch = InotifyCalls.addWatch(fd, path.toString(), events);
            return ErrnoException.check(watch, "inotify_add_watch", fd);
        } finally {
            ownership.end();
        }
    }

    /// Ends a watch; an [InotifyCalls#IN_IGNORED] follows.
    ///
    /// @param watch what [#watch] has returned
    /// @throws IOException an [ErrnoException] if the kernel refuses it: `EINVAL` for a watch that
    ///   has ended
    public void unwatch(int watch) throws IOException {
        int fd = ownership.begin();
        try {
            ErrnoException.check(InotifyCalls.rmWatch(fd, watch), "inotify_rm_watch", fd);
        } finally {
            ownership.end();
        }
    }

    /// Takes the next events, as many as one call brings.
    ///
    /// @param events takes each, in their order; if it throws, those behind it are lost
    /// @return how many, 0 for none
    /// @throws IOException if it is closed
    public int take(Consumer<? super Event> events) throws IOException {
        var taken = new ArrayList<Event>();
        int fd = ownership.beginWait();
        try {
            ThreadMemory memory = ThreadMemory.current();
            int result;
            do {
                result = InotifyCalls.read(fd, memory.bytes(), memory.room);
            } while (ownership.again(result));
            if (result < 0 && !Ownership.wouldBlock(result)) {
                throw ownership.failure(result, "read");
            }
            long end = memory.bytes() + result;
            for (long at = memory.bytes(); at < end; at = InotifyCalls.next(at)) {
                taken.add(event(at));
            }
        } finally {
            ownership.endWait();
        }
        taken.forEach(events);
        return taken.size();
    }

    private static Event event(long at) {
        return new Event(
                InotifyCalls.watch(at),
                InotifyCalls.mask(at),
                InotifyCalls.cookie(at),
                InotifyCalls.name(at));
    }

    @Override
    public String toString() {
        return ownership.toString();
    }
}
