package dev.pollux.engines;

import java.nio.ByteBuffer;

/// Immutable bytes outside the heap that many transports queue by reference: encoded once, sent to
/// all.
///
/// Reference-counted: they are born with one reference, their maker's; the last [#release()] frees
/// them. Using them after that fails fast. Any thread may call.
///
/// [#copyOf] makes them, and nobody else does.
public interface SharedBytes extends AutoCloseable {
    /// Copies the bytes between position and limit.
    ///
    /// @param bytes heap or direct; consumed
    /// @return the copy, with one reference
    static SharedBytes copyOf(ByteBuffer bytes) {
        return CountedBytes.copyOf(bytes);
    }

    /// {@return how many bytes}
    int size();

    /// {@return a read-only look at the bytes; valid while the caller holds a reference}
    ///
    /// @throws IllegalStateException when they have been freed
    ByteBuffer view();

    /// Adds a reference.
    ///
    /// @return this
    /// @throws IllegalStateException when they have been freed
    SharedBytes retain();

    /// Gives a reference back; the last one frees the bytes.
    ///
    /// @throws IllegalStateException when they have been freed already
    void release();

    /// The same as [#release()], for try-with-resources.
    @Override
    default void close() {
        release();
    }
}
