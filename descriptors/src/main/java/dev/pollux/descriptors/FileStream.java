package dev.pollux.descriptors;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Terminals;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Optional;

/// What is read and written through a path or was there at the start: a terminal, a FIFO, a device,
/// standard input and output.
///
/// A regular file is always ready; `epoll(7)` refuses to watch it.
public final class FileStream implements ByteStream {
    private static final int MODE = 0600;

    private final Ownership ownership;
    private final ByteFlow flow;

    private FileStream(Ownership ownership) {
        this.ownership = ownership;
        flow = new ByteFlow(ownership, false);
    }

    /// {@return a stream over what was opened just now, which has an owner before anything else can
    /// fail}
    private static FileStream of(int fd, Ownership.Kind kind, String name, boolean blocking) {
        Ownership owner = Ownership.of(fd, kind, name, blocking);
        return new FileStream(owner);
    }

    /// Opens a file; of a FIFO this waits for somebody at its other end.
    ///
    /// @param path its path, in the default file system
    /// @param options of [java.nio.file.StandardOpenOption]: `READ` (alone the default), `WRITE`,
    ///   `APPEND`, `TRUNCATE_EXISTING`, `CREATE`, `CREATE_NEW`, of which the last three do nothing
    ///   where nothing is to be written; a new file is its user's alone
    /// @return the stream, which blocks
    /// @throws UnsupportedOperationException if an option is another one
    /// @throws ErrnoException if the kernel refuses it, as `ENOENT`
    public static FileStream open(Path path, OpenOption... options) throws ErrnoException {
        return opened(path.toString(), OpenFlags.of(options));
    }

    /// Opens the terminal that controls this process, whatever standard input is.
    ///
    /// @return the stream, which blocks
    /// @throws ErrnoException if there is none, `ENXIO`
    public static FileStream terminal() throws ErrnoException {
        return opened("/dev/tty", Descriptors.O_RDWR | Descriptors.O_NOCTTY);
    }

    private static FileStream opened(String path, int flags) throws ErrnoException {
        String name = "a FileStream of " + path;
        int fd;
        do {
            fd = Descriptors.open(path, flags, MODE);
        } while (Ownership.interrupted(fd)); // While it waits for the other end of a FIFO.
        if (fd < 0) {
            throw new ErrnoException(-fd, "open " + path, -1);
        }
        return of(fd, Ownership.Kind.FILE, name, true);
    }

    /// {@return standard input; closing it closes the object alone}
    ///
    /// `System.in` reads ahead: who uses both loses what the other has read. The flag of
    /// [#setBlocking] is shared with the shell; see [#reopen].
    public static FileStream standardInput() {
        return standard(0, "standard input");
    }

    /// {@return standard output; closing it closes the object alone}
    public static FileStream standardOutput() {
        return standard(1, "standard output");
    }

    /// {@return standard error; closing it closes the object alone}
    public static FileStream standardError() {
        return standard(2, "standard error");
    }

    private static FileStream standard(int fd, String name) {
        return of(fd, Ownership.Kind.BORROWED, name, true);
    }

    /// Takes over a descriptor that is open.
    ///
    /// @param descriptor any that is read or written; it is closed as an object, and the stream
    ///   lives on
    /// @return the stream
    /// @throws IOException if the kernel does not tell whether it blocks
    public static FileStream adopt(OpenDescriptor descriptor) throws IOException {
        boolean blocking = descriptor.isBlocking();
        return of(descriptor.detach(), Ownership.Kind.FILE, "a FileStream", blocking);
    }

    @Override
    public Ownership ownership() {
        return ownership;
    }

    /// Opens what this stands for once more, which gives it flags of its own: those of standard
    /// input are shared with the shell, and its other children. Linux only.
    ///
    /// @param options `READ`, `WRITE`, at most the access that this has
    /// @return another stream, which blocks
    /// @throws IOException an [ErrnoException] if the kernel refuses it, `ENXIO` of a socket
    public FileStream reopen(OpenOption... options) throws IOException {
        int fd = ownership.begin();
        try {
            int flags = OpenFlags.of(options);
            int another;
            do {
                another = Descriptors.reopen(fd, flags);
            } while (ownership.again(another));
            ErrnoException.check(another, "open", fd);
            return of(another, Ownership.Kind.FILE, "a FileStream", true);
        } finally {
            ownership.end();
        }
    }

    /// {@return whether it is a terminal}
    ///
    /// @throws IOException if it is closed
    public boolean isTerminal() throws IOException {
        int fd = ownership.begin();
        try {
            return Descriptors.isatty(fd);
        } finally {
            ownership.end();
        }
    }

    /// How large a terminal is.
    ///
    /// @param rows how many lines
    /// @param columns how many characters in each
    public record Size(int rows, int columns) {}

    /// {@return how large the terminal is, empty if it is none, or one that does not know}
    ///
    /// @throws IOException if it is closed
    public Optional<Size> terminalSize() throws IOException {
        int fd = ownership.begin();
        try {
            int size = Terminals.size(fd);
            return size <= 0 ? Optional.empty() : Optional.of(new Size(size >> 16, size & 0xffff));
        } finally {
            ownership.end();
        }
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        return flow.read(to);
    }

    @Override
    public long read(ByteBuffer[] to, int offset, int length) throws IOException {
        return flow.read(to, offset, length);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        return flow.write(from);
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
        return flow.write(from, offset, length);
    }

    @Override
    public String toString() {
        return ownership.toString();
    }
}
