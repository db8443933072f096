package dev.pollux.engines.io;

import dev.pollux.libc.Memory;
import java.nio.ByteBuffer;

/// Memory outside the heap, and two views of the whole of it.
///
/// @param address where it begins
/// @param view all of it, with whatever position and limit its last user has left
/// @param offered the same for a protocol, which may keep it and so never gets the one that the JDK
///   receives into
public record NativeBuffer(long address, ByteBuffer view, ByteBuffer offered) {
    /// {@return new memory; give it back with [#free()]}
    public static NativeBuffer allocate(int bytes) {
        long address = Memory.allocate(bytes);
        ByteBuffer view = Memory.buffer(address, bytes);
        return new NativeBuffer(address, view, view.duplicate());
    }

    /// Gives the memory back. Called once.
    public void free() {
        Memory.free(address);
    }
}
