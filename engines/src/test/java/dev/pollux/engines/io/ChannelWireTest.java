package dev.pollux.engines.io;

import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.Memory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The JDK's channels in the kernel's words.
@Timeout(60)
final class ChannelWireTest {
    private static final int MEMORY_BYTES = 64 * 1024;

    private final long memory = Memory.allocate(MEMORY_BYTES);
    private final ServerSocketChannel door = open();
    private final SocketChannel client = connect(door);

    private static ServerSocketChannel open() {
        try {
            return ServerSocketChannel.open()
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static SocketChannel connect(ServerSocketChannel door) {
        try {
            return SocketChannel.open(door.getLocalAddress());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void end() throws IOException {
        client.close();
        door.close();
        Memory.free(memory);
    }

    private ChannelWire wire(boolean blocking) throws IOException {
        return new ChannelWire(door.accept(), blocking);
    }

    /// Puts a text into the memory.
    ///
    /// @return how many bytes it has
    private int put(int offset, String text) {
        ByteBuffer bytes = utf8(text);
        int size = bytes.remaining();
        Memory.buffer(memory + offset, size).put(bytes);
        return size;
    }

    @Test
    void nothingToReceiveIsNoEndOfInput() throws IOException {
        ChannelWire wire = wire(false);
        assertThat(wire.receive(memory, 100)).isEqualTo(-Errno.EAGAIN);
        wire.close();
    }

    @Test
    void receivesNoMoreThanItIsAskedFor() throws IOException {
        ChannelWire wire = wire(true);
        client.write(utf8("你好世界"));
        client.shutdownOutput();
        assertThat(wire.receive(memory, 3)).isEqualTo(3);
        assertThat(wire.receive(memory, 3)).isEqualTo(3);
        assertThat(Memory.buffer(memory, 3)).isEqualTo(utf8("好"));
        int left = 0;
        for (int more = wire.receive(memory, 100); more > 0; more = wire.receive(memory, 100)) {
            left += more;
        }
        assertThat(left).isEqualTo(6);
        assertThat(wire.receive(memory, 100)).as("the end").isZero();
        wire.close();
    }

    @Test
    void gathersInOrder() throws IOException {
        ChannelWire wire = wire(true);
        int first = put(0, "先");
        int second = put(1000, "後後");
        long iov = memory + 2000;
        Descriptors.putIovec(iov, 0, memory, first);
        Descriptors.putIovec(iov, 1, memory + 1000, second);
        assertThat(wire.sendGathered(iov, 2)).isEqualTo(first + second);
        assertThat(wire.shutdownOutput()).isTrue();
        ByteBuffer got = ByteBuffer.allocate(100);
        while (client.read(got) >= 0) {
            // Until the end.
        }
        assertThat(got.flip()).isEqualTo(utf8("先後後"));
        wire.close();
    }

    @Test
    void noRoomIsNoFailure() throws IOException {
        ChannelWire wire = wire(false);
        long iov = memory + MEMORY_BYTES - Descriptors.IOVEC_BYTES;
        Descriptors.putIovec(iov, 0, memory, 1000);
        int result = 1;
        while (result > 0) {
            result = wire.send(memory, MEMORY_BYTES - Descriptors.IOVEC_BYTES);
        }
        assertThat(result).isEqualTo(-Errno.EAGAIN);
        result = 1;
        while (result > 0) {
            result = wire.sendGathered(iov, 1);
        }
        assertThat(result).isEqualTo(-Errno.EAGAIN);
        wire.close();
    }

    @Test
    void aResetIsToldAsTheKernelTellsIt() throws IOException {
        ChannelWire wire = wire(true);
        client.setOption(StandardSocketOptions.SO_LINGER, 0);
        client.close();
        assertThat(wire.receive(memory, 100)).isEqualTo(-Errno.ECONNRESET);
        assertThat(wire.send(memory, 100)).isEqualTo(-Errno.EPIPE);
        wire.close();
    }

    @Test
    void whatIsClosedAnswersAsWhatWasReset() throws IOException {
        ChannelWire wire = wire(true);
        Descriptors.putIovec(memory, 0, memory + 100, 100);
        wire.close();
        assertThat(wire.receive(memory, 100)).isEqualTo(-Errno.ECONNRESET);
        assertThat(wire.send(memory, 100)).isEqualTo(-Errno.EPIPE);
        assertThat(wire.sendGathered(memory, 1)).isEqualTo(-Errno.EPIPE);
        assertThat(wire.shutdownOutput()).isFalse();
        wire.wake();
        wire.resetOnClose();
    }

    @Test
    void aPeerWithoutAnAddressIsNobody(@TempDir Path folder) throws IOException {
        SocketAddress address = UnixDomainSocketAddress.of(folder.resolve("door"));
        try (ServerSocketChannel unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            unix.bind(address);
            SocketChannel other = SocketChannel.open(address);
            ChannelWire wire = new ChannelWire(unix.accept(), true);
            assertThat(wire.peer()).isEqualTo(PeerAddress.NOBODY);
            wire.resetOnClose();
            wire.close();
            assertThat(other.read(ByteBuffer.allocate(1)))
                    .as("the end, as it has no reset")
                    .isEqualTo(-1);
            other.close();
        }
    }
}
