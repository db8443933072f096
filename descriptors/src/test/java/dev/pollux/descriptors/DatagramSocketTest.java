package dev.pollux.descriptors;

import static dev.pollux.descriptors.ErrnoAssertions.assertErrno;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.libc.Call;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Datagrams: whole or not at all.
@Timeout(60)
@ExtendWith(LeakCheck.class)
final class DatagramSocketTest {
    private static final byte[] TEXT = "hello, 世界".getBytes(UTF_8);

    @TempDir Path folder;

    private static ByteBuffer buffer(boolean direct, int bytes) {
        return direct ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
    }

    private SocketAddress address(String kind) throws IOException {
        return switch (kind) {
            case "IPv4" -> new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
            case "IPv6" -> new InetSocketAddress(InetAddress.getByName("::1"), 0);
            default -> UnixDomainSocketAddress.of(folder.resolve(kind));
        };
    }

    @ParameterizedTest
    @CsvSource({"IPv4, IPv4, true", "IPv6, IPv6, false", "信箱, 鄰居, true", "信箱, 鄰居, false"})
    void aDatagramSaysWhoHasSentIt(String mine, String yours, boolean direct) throws Exception {
        try (DatagramSocket one = DatagramSocket.open(address(mine));
                DatagramSocket other = DatagramSocket.open(address(yours))) {
            ByteBuffer text = buffer(direct, TEXT.length).put(TEXT).flip();
            assertThat(one.send(text, other.localAddress())).isEqualTo(TEXT.length);
            assertThat(text.hasRemaining()).isFalse();
            ByteBuffer got = buffer(direct, 100).position(3);
            assertThat(other.receive(got)).isEqualTo(one.localAddress());
            assertThat(got.position()).isEqualTo(3 + TEXT.length);
            assertThat(got.flip().position(3)).isEqualTo(ByteBuffer.wrap(TEXT));
            other.setBlocking(false);
            assertThat(other.receive(got.clear())).as("no more").isNull();
            assertThat(other.read(got.clear())).as("no more").isZero();
        }
    }

    @Test
    void aUnixSenderWithoutAnAddressHasTheEmptyOne() throws Exception {
        try (DatagramSocket one = DatagramSocket.open(StandardProtocolFamily.UNIX);
                DatagramSocket named = DatagramSocket.open(address("named"));
                DatagramSocket other = DatagramSocket.open(address("other"))) {
            named.send(ByteBuffer.wrap(TEXT), other.localAddress()); // Leaves its address behind.
            assertThat(other.receive(ByteBuffer.allocate(100))).isEqualTo(named.localAddress());
            one.send(ByteBuffer.wrap(TEXT), other.localAddress());
            assertThat(other.receive(ByteBuffer.allocate(100)))
                    .isEqualTo(UnixDomainSocketAddress.of(""));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatDoesNotFitIsLostAndAnEmptyDatagramIsOne(boolean direct) throws Exception {
        try (Pair<DatagramSocket> pair = DatagramSocket.pair()) {
            pair.first().write(ByteBuffer.wrap(TEXT));
            pair.first().write(ByteBuffer.allocate(0));
            pair.first().write(ByteBuffer.wrap(new byte[] {7}));
            assertThat(pair.second().read(buffer(direct, 4))).isEqualTo(4);
            assertThat(pair.second().receive(buffer(direct, 4))).as("an empty one").isNotNull();
            assertThat(pair.second().read(buffer(direct, 4))).isEqualTo(1);
        }
    }

    @Test
    void aDatagramOfTheHeapMayExceedTheMemoryOfTheThread() throws Exception {
        try (Pair<DatagramSocket> pair = DatagramSocket.pair()) {
            pair.first().setOption(StandardSocketOptions.SO_SNDBUF, 400_000);
            ByteBuffer large = ByteBuffer.allocate(100_000);
            large.put(99_999, (byte) 42);
            assertThat(pair.first().write(large.asReadOnlyBuffer())).isEqualTo(100_000);
            ByteBuffer got = ByteBuffer.allocateDirect(100_001);
            assertThat(pair.second().read(got)).isEqualTo(100_000);
            assertThat(got.get(99_999)).isEqualTo((byte) 42);
        }
    }

    @Test
    void oneThatIsTooLargeIsRefusedAndStaysWithTheSender() throws Exception {
        try (DatagramSocket socket = DatagramSocket.open(address("IPv4"))) {
            for (boolean direct : new boolean[] {true, false}) {
                ByteBuffer large = buffer(direct, 70_000);
                assertErrno(Errno.EMSGSIZE, () -> socket.send(large, socket.localAddress()));
                assertThat(large.position()).isZero();
            }
        }
    }

    @Test
    void aConnectedOneHearsWhatBecameOfTheOneBefore() throws Exception {
        try (DatagramSocket socket = DatagramSocket.open(address("IPv4"))) {
            SocketAddress nobody;
            try (DatagramSocket other = DatagramSocket.open(address("IPv4"))) {
                nobody = other.localAddress();
            }
            assertErrno(Errno.EDESTADDRREQ, () -> socket.write(ByteBuffer.wrap(TEXT)));
            socket.connect(nobody);
            socket.write(ByteBuffer.wrap(TEXT));
            assertErrno(Errno.ECONNREFUSED, () -> socket.read(ByteBuffer.allocate(10)));
        }
    }

    @Test
    void aFullPeerIsNoErrorWhereCallsDoNotWait() throws Exception {
        try (Pair<DatagramSocket> pair = DatagramSocket.pair()) {
            pair.first().setBlocking(false);
            int sent = 0;
            while (pair.first().write(ByteBuffer.wrap(TEXT)) > 0) {
                sent++;
            }
            assertThat(sent).isPositive();
            pair.second().read(ByteBuffer.allocate(100));
            assertThat(pair.first().write(ByteBuffer.wrap(TEXT))).isEqualTo(TEXT.length);
        }
    }

    /// The number is given back at the close: no use of it was left behind.
    @Test
    void aBufferThatCannotBeSentKeepsNoDescriptorOpen() throws Exception {
        Pair<DatagramSocket> pair = DatagramSocket.pair();
        int fd = pair.first().fd();
        ByteBuffer freed;
        try (Arena arena = Arena.ofConfined()) {
            freed = arena.allocate(8).asByteBuffer();
            var other = new Sleeper(() -> pair.first().write(freed));
            assertThatThrownBy(other::result).hasCauseInstanceOf(WrongThreadException.class);
        }
        assertThatThrownBy(() -> pair.first().write(freed))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pair.first().read(freed))
                .isInstanceOf(IllegalStateException.class);
        pair.close();
        assertThat(Descriptors.isOpen(fd)).isFalse();
    }

    @Test
    void whoWaitsForADatagramOfTheUnixDomainIsWokenWhenItIsClosed() throws Exception {
        try (Pair<DatagramSocket> pair = DatagramSocket.pair()) {
            var reader = new Sleeper(() -> pair.first().read(ByteBuffer.allocate(8)));
            reader.awaitSleep(Call.RECVFROM);
            reader.signal(20);
            assertThat(reader.result).isNotDone();
            pair.first().close();
            reader.assertWokenByClose();
        }
    }
}
