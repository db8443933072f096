package dev.pollux.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.libc.Descriptors;

/// A pipe, `pipe(2)`, in the hands of a test.
///
/// @param reading where what was written comes out
/// @param writing where it goes in
public record Pipe(NativeEnd reading, NativeEnd writing) implements AutoCloseable {
    public static Pipe open() {
        int[] ends = new int[2];
        assertThat(Descriptors.pipe2(ends, Descriptors.O_CLOEXEC)).isZero();
        return new Pipe(new NativeEnd(ends[0]), new NativeEnd(ends[1]));
    }

    @Override
    public void close() {
        reading.close();
        writing.close();
    }
}
