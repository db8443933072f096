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
        return new Pipe(new PipeSource(ends[0]), new PipeSink(ends[1]));
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
