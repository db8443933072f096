package dev.pollux.descriptors;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.ErrnoException;

/// A pipe, `pipe(7)`: what is written to one end is read from the other. Closing it closes both.
///
/// @param source the end that is read
/// @param sink the end that is written
public record Pipe(PipeSource source, PipeSink sink) implements AutoCloseable {
    /// Opens a pipe.
    ///
    /// @return the pipe, whose ends block
    /// @throws ErrnoException if the kernel refuses it, as `EMFILE`
    public static Pipe open() throws ErrnoException {
        var ends = new int[2];
        ErrnoException.check(Descriptors.pipe2(ends, Descriptors.O_CLOEXEC), "pipe", -1);
        Ownership source = Ownership.ofFirst(ends, Ownership.Kind.FILE, "a PipeSource");
        Ownership sink = Ownership.of(ends[1], Ownership.Kind.FILE, "a PipeSink", true);
        return new Pipe(new PipeSource(source), new PipeSink(sink));
    }

    @Override
    public void close() throws ErrnoException {
        try {
            sink.close();
        } finally {
            source.close();
        }
    }
}
