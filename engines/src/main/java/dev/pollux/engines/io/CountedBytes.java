package dev.pollux.engines.io;

import dev.pollux.libc.Memory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/// Bytes outside the heap that many queues refer to: encoded once, sent to all.
///
/// Reference-counted: it is born with one reference, its maker's; the last [#release()] frees it.
/// Using it after that fails fast. Counting works from any thread.
public final class CountedBytes implements AutoCloseable {
    private static final VarHandle REFERENCES;

    static {
        try {
            REFERENCES =
                    MethodHandles.lookup()
                            .findVarHandle(CountedBytes.class, "references", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// Where the bytes are; owned by this object while `references` > 0.
    private final long address;

    /// How many bytes fit there.
    private final int capacity;

    /// See [SegmentPool#count].
    private final boolean countedOnce;

    /// How many bytes; changed by [#refill] only, when nobody else looks.
    private int size;

    /// How many owners; 0 once freed. Changed through [#REFERENCES] only.
    @SuppressWarnings("FieldMayBeFinal")
    private volatile int references = 1;

    private CountedBytes(long address, int size, boolean countedOnce) {
        this.address = address;
        this.capacity = size;
        this.countedOnce = countedOnce;
        this.size = size;
    }

    /// {@return a copy of the bytes between position and limit, which are consumed}
    public static CountedBytes copyOf(ByteBuffer bytes) {
        return copyOf(bytes, false);
    }

    /// The same, for [SegmentPool#count].
    public static CountedBytes countedOnce(ByteBuffer bytes) {
        return copyOf(bytes, true);
    }

    private static CountedBytes copyOf(ByteBuffer bytes, boolean countedOnce) {
        int size = bytes.remaining();
        long address = Memory.allocate(Math.max(size, 1));
        Memory.copy(bytes, address);
        bytes.position(bytes.limit());
        return new CountedBytes(address, size, countedOnce);
    }

    /// Copies bytes from outside the heap.
    ///
    /// @param from where they are
    /// @param size how many
    /// @return the copy, with one reference
    static CountedBytes copyOf(long from, int size) {
        return copyOf(from, size, false);
    }

    /// The same, for [SegmentPool#count].
    static CountedBytes countedOnce(long from, int size) {
        return copyOf(from, size, true);
    }

    private static CountedBytes copyOf(long from, int size, boolean countedOnce) {
        long address = Memory.allocate(Math.max(size, 1));
        Memory.copy(from, address, size);
        return new CountedBytes(address, size, countedOnce);
    }

    /// Copies other bytes over these, if nobody but the caller refers to them and there is room:
    /// for an owner who makes one after the other.
    ///
    /// @param from where they are
    /// @param bytes how many
    /// @return whether it could be done
    public boolean refill(long from, int bytes) {
        if (references != 1 || bytes > capacity) {
            return false;
        }
        Memory.copy(from, address, bytes);
        size = bytes;
        return true;
    }

    /// {@return how many bytes}
    public int size() {
        return size;
    }

    /// {@return how many bytes of memory it holds until its last release}
    int capacity() {
        return capacity;
    }

    boolean isCountedOnce() {
        return countedOnce;
    }

    /// {@return where they are; valid while the caller holds a reference}
    public long address() {
        if (references <= 0) {
            throw new IllegalStateException("shared bytes were used after their last release");
        }
        return address;
    }

    /// {@return a read-only look at the bytes; valid while the caller holds a reference}
    public ByteBuffer view() {
        return Memory.buffer(address(), size).asReadOnlyBuffer();
    }

    /// Adds a reference.
    public CountedBytes retain() {
        if ((int) REFERENCES.getAndAdd(this, 1) <= 0) {
            REFERENCES.getAndAdd(this, -1);
            throw new IllegalStateException("shared bytes were used after their last release");
        }
        return this;
    }

    /// Gives a reference back; the last one frees the bytes.
    public void release() {
        drop();
    }

    /// The same as [#release()].
    ///
    /// @return whether it was the last one
    boolean drop() {
        int before = (int) REFERENCES.getAndAdd(this, -1);
        if (before == 1) {
            Memory.free(address);
        } else if (before <= 0) {
            REFERENCES.getAndAdd(this, 1);
            throw new IllegalStateException("shared bytes were released once too often");
        }
        return before == 1;
    }

    /// The same as [#release()], for try-with-resources.
    @Override
    public void close() {
        release();
    }
}
