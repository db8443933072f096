package dev.pollux.engines;

import dev.pollux.libc.Memory;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A link of an [Outbox]: bytes that wait to be sent, either in memory of its own (filled step by
/// step, given back to its pool when sent) or by reference to [SharedBytes].
final class Segment {
    /// Bytes of an own-memory segment: small answers of a turn fit into one.
    static final int CAPACITY = 8 * 1024;

    /// Own memory and its view; 0 and null in a reference.
    final long memory;

    final @Nullable ByteBuffer view;

    /// What a reference holds, null when it is own memory or idle.
    @Nullable SharedBytes shared;

    /// The first byte not yet sent.
    long start;

    /// Behind the last byte.
    long end;

    @Nullable Segment next;

    /// Makes a reference.
    Segment() {
        memory = 0;
        view = null;
    }

    /// Makes one with memory of its own.
    ///
    /// @param memory [#CAPACITY] bytes
    Segment(long memory) {
        this.memory = memory;
        this.view = Memory.buffer(memory, CAPACITY);
    }

    int size() {
        return (int) (end - start);
    }

    /// {@return how many more bytes fit: 0 in a reference}
    int room() {
        return memory == 0 ? 0 : (int) (memory + CAPACITY - end);
    }

    /// Copies bytes behind the last one, as many as fit.
    ///
    /// @param from stays as it is
    /// @param position the first of them
    /// @param size how many
    /// @return how many have been copied
    int put(ByteBuffer from, int position, int size) {
        int part = Math.min(size, room());
        Objects.requireNonNull(view).put((int) (end - memory), from, position, part);
        end += part;
        return part;
    }

    /// Copies bytes from memory behind the last one, as many as fit.
    ///
    /// @param from the first of them
    /// @param size how many
    /// @return how many have been copied
    int put(long from, int size) {
        int part = Math.min(size, room());
        Memory.copy(from, end, part);
        end += part;
        return part;
    }
}
