package dev.pollux.engines.loop;

import dev.pollux.engines.Limits;
import dev.pollux.libc.Memory;
import java.nio.ByteBuffer;

/// Where every connection of a loop receives; none keeps a part of it beyond a callback.
///
/// It holds what a connection left unread, and behind that what is received into the rest of the
/// first [#receiveBytes()], or a whole buffer that the kernel has received by itself.
final class ReceiveBuffer {
    private final int bytes;
    private final int receiveBytes;
    private final long address;
    private final ByteBuffer view;

    ReceiveBuffer(Limits limits) {
        this.bytes = limits.inputBytesMax() + limits.receiveBufferBytes();
        this.receiveBytes = limits.receiveBufferBytes();
        this.address = Memory.allocatePages(bytes);
        try {
            this.view = Memory.buffer(address, bytes);
        } catch (Throwable e) {
            free();
            throw e;
        }
    }

    long address() {
        return address;
    }

    /// {@return how many bytes a receive takes at most, with what was left unread}
    int receiveBytes() {
        return receiveBytes;
    }

    /// {@return the first bytes, to be offered}
    ByteBuffer first(int size) {
        return view.limit(size).position(0);
    }

    /// Gives the memory back.
    void free() {
        Memory.freePages(address, bytes);
    }
}
