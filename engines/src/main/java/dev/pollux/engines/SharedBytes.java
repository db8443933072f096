package dev.pollux.engines;

import dev.pollux.engines.io.CountedBytes;
import java.nio.ByteBuffer;

/// Immutable bytes outside the heap that many transports queue by reference: encoded once, sent to
/// all.
///
/// Reference-counted: they are born with one reference, their maker's; the last [#release()] frees
/// them. Using them after that fails fast. Any thread may call.
public final class SharedBytes implements AutoCloseable {
    private final CountedBytes bytes;

    private SharedBytes(CountedBytes bytes) {
        this.bytes = bytes;
    }

    /// Copies the bytes between position and limit.
    ///
    /// @param bytes heap or direct; consumed
    /// @return the copy, with one reference
    public static SharedBytes copyOf(ByteBuffer bytes) {
        return new SharedBytes(CountedBytes.copyOf(bytes));
    }

    /// {@return how many bytes}
    public int size() {
        return bytes.size();
    }

    /// {@return a read-only look at the bytes; valid while the caller holds a reference}
    ///
    /// @throws IllegalStateException when they have been freed
    public ByteBuffer view() {
        return bytes.view();
    }

    /// Adds a reference.
    ///
    /// @return this
    /// @throws IllegalStateException when they have been freed
    public SharedBytes retain() {
        var _ = bytes.retain();
        return this;
    }

    /// Gives a reference back; the last one frees the bytes.
    ///
    /// @throws IllegalStateException when they have been freed already
    public void release() {
        bytes.release();
    }

    /// The same as [#release()], for try-with-resources.
    @Override
    public void close() {
        release();
    }

    /// {@return what the engines queue; a type of theirs, of no use to others}
    @SuppressWarnings("exports")
    public CountedBytes counted() {
        return bytes;
    }
}
