package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MemoryTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 63, 64, 65, 4095, 4096, 5000, 1 << 20})
    void zeroedMemoryIsZeroAlsoWhereOtherMemoryWas(long bytes) {
        for (int round = 0; round < 100; round++) {
            long address = Memory.allocateZeroed(bytes);
            assertThat(address % 16).isZero();
            assertZeroThenFill(address, bytes);
            Memory.free(address);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 4096, 4097, 1 << 20})
    void pagesAreZeroAndAligned(long bytes) {
        for (int round = 0; round < 3; round++) {
            long address = Memory.allocatePages(bytes);
            assertThat(address % 4096).isZero();
            assertZeroThenFill(address, bytes);
            Memory.freePages(address, bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 64, 5000, 100_000, 1 << 20})
    void memoryHoldsWhatIsPutThere(long bytes) {
        long[] addresses = new long[100];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = Memory.allocate(bytes);
            assertThat(addresses[i] % 16).isZero();
            Memory.putByte(addresses[i], (byte) i);
            Memory.putByte(addresses[i] + bytes - 1, (byte) i);
        }
        for (int i = 0; i < addresses.length; i++) {
            assertThat(Memory.getByte(addresses[i])).isEqualTo((byte) i);
            assertThat(Memory.getByte(addresses[i] + bytes - 1)).isEqualTo((byte) i);
            Memory.free(addresses[i]);
        }
    }

    private static void assertZeroThenFill(long address, long bytes) {
        long sum = 0;
        for (long i = 0; i < bytes; i++) {
            sum |= Memory.getByte(address + i);
            Memory.putByte(address + i, (byte) 0x55);
        }
        assertThat(sum).isZero();
    }

    @Test
    void pagesAreMappedAndUnmapped() {
        SystemCalls calls = SystemCalls.current();
        long mapped = calls.count(Call.MMAP);
        long unmapped = calls.count(Call.MUNMAP);
        long pages = Memory.allocatePages(1L << 30);
        Memory.freePages(pages, 1L << 30);
        assertThat(calls.count(Call.MMAP)).isEqualTo(mapped + 1);
        assertThat(calls.count(Call.MUNMAP)).isEqualTo(unmapped + 1);
        Memory.freePages(0, 1);
        assertThat(calls.count(Call.MUNMAP)).as("0 is ignored").isEqualTo(unmapped + 1);
        assertThatThrownBy(() -> Memory.freePages(1, 4096))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("munmap: EINVAL");
    }

    @Test
    void orderedAccessesAreToTheSamePlaces() {
        long address = Memory.allocateZeroed(64);
        Memory.putIntRelease(address + 4, 0x8765_4321);
        assertThat(Memory.getIntAcquire(address + 4)).isEqualTo(0x8765_4321);
        assertThat(Memory.getLong(address)).isEqualTo(0x8765_4321_0000_0000L);
        Memory.putShortRelease(address + 14, (short) -2);
        assertThat(Memory.getShortAcquire(address + 14)).isEqualTo((short) -2);
        assertThat(Memory.getLong(address + 8)).isEqualTo(0xfffe_0000_0000_0000L);
        Memory.free(address);
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> Memory.allocate(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Memory.allocate(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Memory.allocateZeroed(0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Memory.allocatePages(0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Memory.allocate(1L << 60)).isInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(() -> Memory.allocateZeroed(1L << 60))
                .isInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(() -> Memory.allocatePages(1L << 60))
                .isInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(() -> Memory.address(ByteBuffer.allocate(1)))
                .isInstanceOf(IllegalArgumentException.class);
        Memory.free(0);
    }

    @Test
    void valuesOfAllSizesNeedNoAlignment() {
        long address = Memory.allocate(64);
        Memory.putLong(address + 1, 0x0102_0304_0506_0708L);
        assertThat(Memory.getLong(address + 1)).isEqualTo(0x0102_0304_0506_0708L);
        assertThat(Memory.getPointer(address + 1)).isEqualTo(0x0102_0304_0506_0708L);
        assertThat(Memory.getInt(address + 1)).isEqualTo(0x0506_0708);
        assertThat(Memory.getShort(address + 1)).isEqualTo((short) 0x0708);
        assertThat(Memory.getByte(address + 1)).isEqualTo((byte) 0x08);
        Memory.putInt(address + 3, -1);
        Memory.putShort(address + 11, (short) -2);
        Memory.putByte(address + 17, (byte) -3);
        Memory.putPointer(address + 21, address);
        assertThat(Memory.getInt(address + 3)).isEqualTo(-1);
        assertThat(Memory.getShort(address + 11)).isEqualTo((short) -2);
        assertThat(Memory.getByte(address + 17)).isEqualTo((byte) -3);
        assertThat(Memory.getPointer(address + 21)).isEqualTo(address);
        Memory.zero(address, 64);
        assertThat(Memory.getLong(address + 1)).isZero();
        Memory.free(address);
    }

    @Test
    void bytesAreCopiedToAndFromArrays() {
        byte[] text = "多路复用".getBytes(StandardCharsets.UTF_8);
        long address = Memory.allocate(64);
        Memory.copy(text, 3, address, 9);
        byte[] got = new byte[10];
        Memory.copy(address, got, 1, 9);
        assertThat(new String(got, 1, 9, StandardCharsets.UTF_8)).isEqualTo("路复用");
        Memory.copy(address, address + 3, 9);
        Memory.copy(address, got, 1, 9);
        assertThat(new String(got, 1, 9, StandardCharsets.UTF_8)).isEqualTo("路路复");
        assertThatThrownBy(() -> Memory.copy(text, 4, address, 9))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Memory.copy(address, got, 2, 9))
                .isInstanceOf(IndexOutOfBoundsException.class);
        Memory.free(address);
    }

    @Test
    void whatRemainsInABufferIsCopiedAndNotConsumed() {
        byte[] bytes = {0, 1, 2, 3, 4, 5, 6, 7};
        ByteBuffer heap = ByteBuffer.wrap(bytes).slice(1, 7).position(1).limit(5);
        ByteBuffer direct =
                ByteBuffer.allocateDirect(8).put(bytes).flip().slice(1, 7).position(1).limit(5);
        for (ByteBuffer buffer :
                new ByteBuffer[] {
                    heap, heap.asReadOnlyBuffer(), direct, direct.asReadOnlyBuffer()
                }) {
            long address = Memory.allocateZeroed(8);
            Memory.copy(buffer, address);
            assertThat(Memory.getInt(address)).as("%s", buffer).isEqualTo(0x0504_0302);
            assertThat(Memory.getInt(address + 4)).isZero();
            assertThat(buffer.position()).isEqualTo(1);
            assertThat(buffer.limit()).isEqualTo(5);
            Memory.free(address);
        }
    }

    @Test
    void aBufferIsAViewAndKnowsItsAddress() {
        long address = Memory.allocate(64);
        ByteBuffer view = Memory.buffer(address + 8, 16);
        assertThat(view.isDirect()).isTrue();
        assertThat(view.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        assertThat(view.capacity()).isEqualTo(16);
        view.putInt(0x0102_0304);
        assertThat(Memory.getInt(address + 8)).isEqualTo(0x0403_0201);
        assertThat(view.position()).isEqualTo(4);
        assertThat(Memory.address(view)).as("whatever the position").isEqualTo(address + 8);
        assertThat(Memory.address(view.slice())).isEqualTo(address + 12);
        Memory.free(address);
    }
}
