package dev.pollux.libc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The structures of io_uring, byte by byte: the kernel takes a wrong one for another wish.
final class UringLayoutsTest {
    private final long memory = Memory.allocateZeroed(256);

    @AfterEach
    void free() {
        Memory.free(memory);
    }

    private String hex(long address, int bytes) {
        byte[] copy = new byte[bytes];
        Memory.copy(address, copy, 0, bytes);
        return HexFormat.ofDelimiter(" ").formatHex(copy);
    }

    @Test
    void aRequestIs64BytesAndLeavesNothingOfTheOneBefore() {
        assertThat(Sqe.BYTES).isEqualTo(64);
        for (int i = 0; i < 128; i++) {
            Memory.putByte(memory + i, (byte) 0xaa);
        }
        Sqe.put(
                memory,
                UringOperation.SEND,
                -2,
                0x0102_0304_0506_0708L,
                0x1112_1314_1516_1718L,
                -3,
                0x2122_2324_2526_2728L);
        assertThat(hex(memory, 32))
                .isEqualTo(
                        "1a 00 00 00 fe ff ff ff 08 07 06 05 04 03 02 01"
                                + " 18 17 16 15 14 13 12 11 fd ff ff ff 00 00 00 00");
        assertThat(hex(memory + 32, 40))
                .isEqualTo(
                        "28 27 26 25 24 23 22 21 00 00 00 00 00 00 00 00"
                                + " 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
                                + " aa aa aa aa aa aa aa aa");
    }

    @Test
    void flagsAddUpAndTheRestHasItsPlaces() {
        UringRequests.nop(memory, 0);
        Sqe.addFlags(memory, Sqe.IOSQE_FIXED_FILE);
        Sqe.addFlags(memory, Sqe.IOSQE_CQE_SKIP_SUCCESS);
        Sqe.addPriority(memory, Sqe.IORING_RECVSEND_POLL_FIRST);
        Sqe.addPriority(memory, Sqe.IORING_RECV_MULTISHOT);
        assertThat(hex(memory, 8)).isEqualTo("00 41 03 00 ff ff ff ff");
        Sqe.setOperationFlags(memory, 0x0a0b_0c0d);
        Sqe.selectBuffer(memory, 0xfffe);
        Sqe.intoSlot(memory, 4);
        Sqe.setAddr3(memory, 0x55);
        assertThat(hex(memory + 24, 32))
                .isEqualTo(
                        "00 00 00 00 0d 0c 0b 0a 00 00 00 00 00 00 00 00"
                                + " fe ff 00 00 05 00 00 00 55 00 00 00 00 00 00 00");
        assertThat(Memory.getByte(memory + 1)).as("with BUFFER_SELECT").isEqualTo((byte) 0x61);
        Sqe.intoSlot(memory, Sqe.IORING_FILE_INDEX_ALLOC);
        assertThat(Memory.getInt(memory + 44)).isEqualTo(-1);
        UringSockets.setsockopt(memory, 9, 6, 1, 0x77, 4, 0);
        assertThat(hex(memory, 32))
                .isEqualTo(
                        "2e 00 00 00 09 00 00 00 03 00 00 00 00 00 00 00"
                                + " 06 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00");
        assertThat(hex(memory + 40, 16))
                .isEqualTo("00 00 00 00 04 00 00 00 77 00 00 00 00 00 00 00");
    }

    @Test
    void aCompletionIs16Bytes() {
        assertThat(Cqe.BYTES).isEqualTo(16);
        Memory.putLong(memory, 0x0102_0304_0506_0708L);
        Memory.putInt(memory + 8, -105);
        Memory.putInt(memory + 12, 0xfffe_0003);
        assertThat(Cqe.userData(memory)).isEqualTo(0x0102_0304_0506_0708L);
        assertThat(Cqe.result(memory)).isEqualTo(-105);
        assertThat(Cqe.flags(memory) & 0xffff)
                .isEqualTo(Cqe.IORING_CQE_F_BUFFER | Cqe.IORING_CQE_F_MORE);
        assertThat(Cqe.bufferId(Cqe.flags(memory))).isEqualTo(0xfffe);
    }

    @Test
    void theTailOfABufferRingIsInItsFirstEntry() {
        BufferRing.publishTail(memory, 0x1_ffff);
        assertThat(BufferRing.tail(memory)).isEqualTo(0xffff);
        BufferRing.put(memory, 4, 8, 0x1234_5678_9abcL, 0x2000, 0x8001);
        assertThat(hex(memory, 16)).isEqualTo("bc 9a 78 56 34 12 00 00 00 20 00 00 01 80 ff ff");
        BufferRing.put(memory, 4, 7, 1, 2, 3);
        assertThat(hex(memory + 48, 16))
                .isEqualTo("01 00 00 00 00 00 00 00 02 00 00 00 03 00 00 00");
    }

    @Test
    void parametersAre120BytesWithTheOffsetsAtTheirEnd() {
        assertThat(UringParams.BYTES).isEqualTo(120);
        Memory.putLong(memory + 112, -1);
        Memory.putLong(memory + 120, -1);
        UringParams.init(memory, UringParams.IORING_SETUP_CLAMP);
        UringParams.setCqEntries(memory, 4096);
        assertThat(Memory.getLong(memory)).isEqualTo(4096L << 32);
        assertThat(Memory.getLong(memory + 8)).isEqualTo(16);
        assertThat(Memory.getLong(memory + 112)).isZero();
        assertThat(Memory.getLong(memory + 120)).as("behind it").isEqualTo(-1);
        for (int i = 0; i < 30; i++) {
            Memory.putInt(memory + 4L * i, i);
        }
        assertThat(UringParams.features(memory)).isEqualTo(5);
        assertThat(UringParams.offset(memory, UringParams.SQ_HEAD)).isEqualTo(10);
        assertThat(UringParams.offset(memory, UringParams.SQ_ARRAY)).isEqualTo(16);
        assertThat(UringParams.offset(memory, UringParams.CQ_HEAD)).isEqualTo(20);
        assertThat(UringParams.offset(memory, UringParams.CQ_OVERFLOW)).isEqualTo(24);
        assertThat(UringParams.offset(memory, UringParams.CQ_CQES)).isEqualTo(25);
    }

    @Test
    void aMessageHasItsPiecesAndNothingElse() {
        Memory.putLong(memory, -1);
        Memory.putLong(memory + 48, -1);
        MessageHeader.put(memory, 0x1122, 3);
        assertThat(MessageHeader.BYTES).isEqualTo(56);
        for (int i = 0; i < 56; i += 8) {
            long expected = i == 16 ? 0x1122 : i == 24 ? 3 : 0;
            assertThat(Memory.getLong(memory + i)).as("at %d", i).isEqualTo(expected);
        }
    }
}
