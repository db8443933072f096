package dev.pollux.engines.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.engines.NativeEnd;
import dev.pollux.engines.OpenDescriptors;
import dev.pollux.engines.models.IoModel;
import dev.pollux.libc.Cqe;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import dev.pollux.libc.UringSockets;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two buffers and a kernel that would like more.
@Timeout(60)
final class RingBuffersTest {
    private static final int MARK = 7;
    private static final int GROUP = 3;

    private OpenDescriptors descriptors;
    private Ring ring;
    private RingBuffers buffers;
    private NativeEnd[] pair;

    @BeforeAll
    static void needsIoUring() {
        assumeTrue(IoModel.IO_URING.isAvailable(), () -> IoModel.IO_URING.whyNot().orElse(""));
    }

    @BeforeEach
    void open() throws ErrnoException {
        descriptors = new OpenDescriptors();
        pair = NativeEnd.pair();
        ring = Ring.open(8, 16);
        ring.enable();
        buffers = new RingBuffers(ring, GROUP, 2, 8);
        buffers.publish();
        receive();
    }

    @AfterEach
    void close() {
        pair[0].close();
        pair[1].close();
        ring.close();
        buffers.free();
        descriptors.assertSame();
    }

    private void receive() {
        UringSockets.recvMultishot(ring.request(), pair[0].fd(), GROUP, MARK);
    }

    /// Takes the next completion.
    ///
    /// @return its flags
    private int completion(int result) throws ErrnoException {
        if (!ring.hasCompletion()) {
            ring.await(-1);
        }
        long completion = ring.completion();
        assertThat(Cqe.userData(completion)).isEqualTo(MARK);
        assertThat(Cqe.result(completion)).isEqualTo(result);
        int flags = Cqe.flags(completion);
        ring.release();
        return flags;
    }

    private String text(int size, int flags) {
        byte[] bytes = new byte[size];
        Memory.copy(buffers.address(Cqe.bufferId(flags)), bytes, 0, size);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void aBufferStaysAsItIsUntilItIsGivenBackAndPublished() throws Exception {
        ring.submit();
        pair[1].write("第一");
        int first = completion(6);
        pair[1].write("第二");
        int second = completion(6);
        assertThat(first & second & Cqe.IORING_CQE_F_MORE).isNotZero();
        assertThat(Cqe.bufferId(second)).isNotEqualTo(Cqe.bufferId(first));
        pair[1].write("第三");
        assertThat(completion(-Errno.ENOBUFS) & Cqe.IORING_CQE_F_MORE).isZero();
        buffers.drop(first);
        receive();
        ring.submit();
        assertThat(completion(-Errno.ENOBUFS) & Cqe.IORING_CQE_F_MORE).as("not published").isZero();
        assertThat(text(6, first)).isEqualTo("第一");
        assertThat(text(6, second)).isEqualTo("第二");
        buffers.publish();
        receive();
        int third = completion(6);
        assertThat(Cqe.bufferId(third)).isEqualTo(Cqe.bufferId(first));
        assertThat(text(6, third)).isEqualTo("第三");
        assertThat(text(6, second)).isEqualTo("第二");
    }

    @Test
    void theyGoAroundForEver() throws Exception {
        ring.submit();
        for (int i = 0; i < 200_000; i++) { // The count of buffers has 16 bits.
            pair[1].write("x");
            buffers.drop(completion(1));
            buffers.publish();
        }
    }
}
