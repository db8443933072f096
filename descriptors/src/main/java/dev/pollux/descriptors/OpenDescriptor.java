package dev.pollux.descriptors;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.ErrnoException;
import java.io.IOException;

/// A descriptor of which nothing is known but that it is open: one that was received, inherited, or
/// made by other means. [StreamSocket#adopt] and its like make more of it.
public final class OpenDescriptor implements OwnedDescriptor {
    private final Ownership ownership;

    private OpenDescriptor(Ownership ownership) {
        this.ownership = ownership;
    }

    /// Takes over a number: nobody else is to close it from now on, also where the heap has no room
    /// for its owner. Nothing says whose it is; one that the JVM has opened for itself can be taken
    /// from it so.
    ///
    /// @param fd the number
    /// @return its owner
    /// @throws ErrnoException if it is not open
    public static OpenDescriptor adopt(int fd) throws ErrnoException {
        int flags = Descriptors.fcntl(fd, Descriptors.F_GETFL, 0);
        ErrnoException.check(flags, "fcntl", fd);
        boolean blocking = (flags & Descriptors.O_NONBLOCK) == 0;
        Ownership ownership = Ownership.of(fd, Ownership.Kind.FILE, "an OpenDescriptor", blocking);
        return new OpenDescriptor(ownership);
    }

    /// Duplicates a descriptor: the number is another one, the open file the same.
    ///
    /// @param descriptor any that is open; unless it is an [OwnedDescriptor], it must not be closed
    ///   meanwhile by another thread
    /// @return the owner of the duplicate, which is closed at `execve`
    /// @throws IOException a [java.nio.channels.ClosedChannelException] if it is closed, an
    ///   [ErrnoException] if the kernel refuses it, as `EMFILE`
    public static OpenDescriptor duplicate(Descriptor descriptor) throws IOException {
        int fd = Ownership.hold(descriptor);
        try {
            return adopt(ErrnoException.check(Descriptors.dup(fd), "dup", fd));
        } finally {
            Ownership.letGo(descriptor);
        }
    }

    @Override
    public Ownership ownership() {
        return ownership;
    }

    @Override
    public String toString() {
        return ownership.toString();
    }
}
