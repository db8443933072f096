package dev.pollux.engines;

import dev.pollux.libc.Memory;
import java.nio.ByteBuffer;

/// Memory outside the heap, and one view of the whole of it.
///
/// @param address where it begins
/// @param view all of it, with whatever position and limit its last user has left
record NativeBuffer(long address, ByteBuffer view) {
    /// {@return new memory; give it back with [#free()]}
    static NativeBuffer allocate(int bytes) {
        long address = Memory.allocate(bytes);
        return new NativeBuffer(address, Memory.buffer(address, bytes));
    }

    /// Gives the memory back. Called once.
    void free() {
        Memory.free(address);
    }
}
