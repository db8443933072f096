package dev.pollux.descriptors;

import static dev.pollux.descriptors.ErrnoAssertions.assertErrno;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.libc.Call;
import dev.pollux.libc.Errno;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Pipes, and buffers by the hundred.
@Timeout(60)
@ExtendWith(LeakCheck.class)
@SuppressWarnings("try") // Closing early is what this is about.
final class PipeTest {
    private static ByteBuffer[] numbered(int count, int bytesEach) {
        var buffers = new ByteBuffer[count];
        byte next = 0;
        for (int i = 0; i < count; i++) {
            ByteBuffer heap = ByteBuffer.allocate(bytesEach + 2);
            ByteBuffer buffer =
                    i % 3 == 0 ? ByteBuffer.allocateDirect(bytesEach + 2) : heap.duplicate();
            for (int at = 1; at <= bytesEach; at++) {
                buffer.put(at, next++);
            }
            buffer.position(1).limit(1 + bytesEach);
            buffers[i] = i % 5 == 1 ? buffer.asReadOnlyBuffer() : buffer;
            buffers[i] = i % 7 == 2 ? buffers[i].slice() : buffers[i];
        }
        return buffers;
    }

    @Test
    void anyNumberOfBuffersIsWrittenInTheirOrder() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            ByteBuffer[] from = numbered(333, 60);
            assertThat(pipe.sink().write(from)).isEqualTo(333 * 60);
            assertThat(from).noneMatch(ByteBuffer::hasRemaining);
            ByteBuffer[] to = new ByteBuffer[100];
            for (int i = 0; i < to.length; i++) {
                to[i] = i % 2 == 0 ? ByteBuffer.allocate(97) : ByteBuffer.allocateDirect(97);
            }
            assertThat(pipe.source().read(to, 1, 99)).as("64 a call").isEqualTo(64 * 97);
            byte next = 0;
            for (int i = 1; i < 65; i++) {
                for (to[i].flip(); to[i].hasRemaining(); next++) {
                    assertThat(to[i].get()).isEqualTo(next);
                }
            }
            assertThat(to[0].position()).isZero();
            assertThat(to[65].position()).isZero();
        }
    }

    @Test
    void whatExceedsTheMemoryOfTheThreadIsWrittenInSeveralCalls() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            ByteBuffer[] from = numbered(5, 50_000);
            var writer = new Sleeper(() -> pipe.sink().write(from));
            ByteBuffer got = ByteBuffer.allocateDirect(250_000);
            while (got.hasRemaining()) {
                pipe.source().read(got);
            }
            assertThat(writer.result()).isEqualTo(250_000L);
            got.flip();
            for (byte next = 0; got.hasRemaining(); next++) {
                assertThat(got.get()).isEqualTo(next);
            }
        }
    }

    @Test
    void aBufferThatIsThereTwiceIsWrittenTwice() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            ByteBuffer twice = ByteBuffer.allocate(3);
            assertThat(pipe.sink().write(new ByteBuffer[] {twice, twice})).isEqualTo(6);
            assertThat(twice.position()).isEqualTo(3);
            assertThat(pipe.source().read(ByteBuffer.allocate(10))).isEqualTo(6);
        }
    }

    @Test
    void theEndIsTheEndAndNobodyToReadAnError() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            pipe.source().setBlocking(false);
            assertThat(pipe.source().read(ByteBuffer.allocate(1))).isZero();
            assertThat(pipe.source().read(new ByteBuffer[] {ByteBuffer.allocate(1)})).isZero();
            pipe.sink().close();
            assertThat(pipe.source().read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(pipe.source().read(new ByteBuffer[] {ByteBuffer.allocate(1)})).isEqualTo(-1);
        }
        try (Pipe pipe = Pipe.open()) {
            pipe.source().close();
            assertErrno(Errno.EPIPE, () -> pipe.sink().write(ByteBuffer.allocate(1)));
            ByteBuffer[] one = {ByteBuffer.allocateDirect(1)};
            assertErrno(Errno.EPIPE, () -> pipe.sink().write(one));
        }
    }

    @Test
    void aFullOneTakesNoMoreWhereCallsDoNotWait() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            pipe.sink().setBlocking(false);
            ByteBuffer large = ByteBuffer.allocate(1 << 20);
            int taken = pipe.sink().write(large);
            assertThat(taken).isEqualTo(large.position()).isBetween(1, (1 << 20) - 1);
            assertThat(pipe.sink().write(large)).isZero();
            assertThat(pipe.sink().write(new ByteBuffer[] {large})).isZero();
        }
    }

    @Test
    void noSignalEndsAWait() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            var reader = new Sleeper(() -> pipe.source().read(ByteBuffer.allocateDirect(8)));
            reader.awaitSleep(Call.READ);
            reader.signal(50);
            assertThat(reader.result).isNotDone();
            pipe.sink().write(ByteBuffer.allocate(3));
            assertThat(reader.result()).isEqualTo(3);

            var scatterer =
                    new Sleeper(
                            () -> pipe.source().read(new ByteBuffer[] {ByteBuffer.allocate(8)}));
            scatterer.awaitSleep(Call.READV);
            scatterer.signal(50);
            assertThat(scatterer.result).isNotDone();
            pipe.sink().write(ByteBuffer.allocate(2));
            assertThat(scatterer.result()).isEqualTo(2L);
        }
    }
}
