package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;

/// Buffers of one size that a ring may pick from.
final class Buffers implements AutoCloseable {
    static final int GROUP = 7;

    private final int ring;
    private final int entries;
    private final int bytes;
    private final long entriesAddress;
    private final long memory;
    private int tail;

    Buffers(int ring, int entries, int bytes, int flags) {
        this.ring = ring;
        this.entries = entries;
        this.bytes = bytes;
        this.entriesAddress = Memory.allocatePages((long) entries * BufferRing.ENTRY_BYTES);
        this.memory = Memory.allocatePages((long) entries * bytes);
        int result = UringRegister.bufferRing(ring, GROUP, entriesAddress, entries, flags);
        assertThat(result).as("register the buffer ring").isZero();
    }

    /// Gives a buffer to the kernel.
    void offer(int id) {
        BufferRing.put(entriesAddress, entries, tail++, address(id), bytes, id);
        BufferRing.publishTail(entriesAddress, tail);
    }

    void offerAll() {
        for (int id = 0; id < entries; id++) {
            offer(id);
        }
    }

    long address(int id) {
        return memory + (long) id * bytes;
    }

    /// Turns the bytes of a completion into text.
    String text(Ring.Completion completion) {
        assertThat(completion.result()).isPositive();
        return Loopback.text(address(completion.buffer()), completion.result());
    }

    @Override
    public void close() {
        assertThat(UringRegister.unregisterBufferRing(ring, GROUP)).isZero();
        Memory.freePages(entriesAddress, (long) entries * BufferRing.ENTRY_BYTES);
        Memory.freePages(memory, (long) entries * bytes);
    }
}
