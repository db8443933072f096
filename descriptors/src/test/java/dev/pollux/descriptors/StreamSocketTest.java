package dev.pollux.descriptors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Connections: what goes in comes out, and every way to end.
@Timeout(60)
@ExtendWith(LeakCheck.class)
final class StreamSocketTest {
    private static final String TEXT = "hello, 世界\n";
    private static final int LARGE = 3 * 1024 * 1024 + 17;

    @TempDir Path folder;

    private static ByteBuffer buffer(boolean direct, int bytes) {
        return direct ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
    }

    private static ByteBuffer text(boolean direct) {
        byte[] bytes = TEXT.getBytes(UTF_8);
        return buffer(direct, bytes.length).put(bytes).flip();
    }

    private static String string(ByteBuffer buffer) {
        return UTF_8.decode(buffer.flip()).toString();
    }

    private SocketAddress address(String kind) throws IOException {
        return switch (kind) {
            case "IPv4" -> new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
            case "IPv6" -> new InetSocketAddress(InetAddress.getByName("::1"), 0);
            default -> UnixDomainSocketAddress.of(folder.resolve("门"));
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"IPv4", "IPv6", "Unix"})
    void whatOneWritesTheOtherReadsOnEveryFamily(String kind) throws Exception {
        try (ListeningSocket door = ListeningSocket.open(address(kind));
                StreamSocket client = StreamSocket.open(door.localAddress());
                StreamSocket server = door.accept()) {
            assertThat(client.peerAddress()).isEqualTo(door.localAddress());
            assertThat(server.peerAddress()).isEqualTo(client.localAddress());
            assertThat(client.write(text(true))).isEqualTo(TEXT.getBytes(UTF_8).length);
            ByteBuffer got = ByteBuffer.allocate(64);
            assertThat(server.read(got)).isEqualTo(TEXT.getBytes(UTF_8).length);
            assertThat(string(got)).isEqualTo(TEXT);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readingFollowsTheConventionOfChannels(boolean direct) throws Exception {
        try (Pair<StreamSocket> pair = StreamSocket.pair()) {
            pair.second().setBlocking(false);
            ByteBuffer got = buffer(direct, 64);
            assertThat(pair.second().read(got)).as("nothing yet").isZero();
            pair.first().write(text(direct));
            assertThat(pair.second().read(got)).isEqualTo(got.position()).isPositive();
            assertThat(string(got)).isEqualTo(TEXT);
            pair.first().shutdownOutput();
            assertThat(pair.second().read(got.clear())).as("the end").isEqualTo(-1);
            assertThat(pair.second().read(got.limit(0))).as("no room").isZero();
            assertThatThrownBy(() -> pair.second().read(ByteBuffer.allocate(1).asReadOnlyBuffer()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBlockingWriteWritesAll(boolean direct) throws Exception {
        try (Pair<StreamSocket> pair = StreamSocket.pair()) {
            var sum = new CompletableFuture<Long>();
            Thread reader =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    sum.complete(drain(pair.second(), direct));
                                } catch (Throwable t) {
                                    sum.completeExceptionally(t);
                                }
                            });
            ByteBuffer large = buffer(direct, LARGE);
            long expected = 0;
            while (large.hasRemaining()) {
                byte next = (byte) (large.position() * 31);
                large.put(next);
                expected = expected * 31 + next;
            }
            assertThat(pair.first().write(large.flip())).isEqualTo(LARGE);
            assertThat(large.hasRemaining()).isFalse();
            pair.first().shutdownOutput();
            assertThat(sum.get(30, TimeUnit.SECONDS)).isEqualTo(expected);
            reader.join();
        }
    }

    private static long drain(StreamSocket from, boolean direct) throws IOException {
        ByteBuffer got = buffer(direct, 200_000);
        long sum = 0;
        while (from.read(got.clear()) >= 0) {
            got.flip();
            while (got.hasRemaining()) {
                sum = sum * 31 + got.get();
            }
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWriteThatDoesNotWaitTakesWhatThereIsRoomFor(boolean direct) throws Exception {
        try (Pair<StreamSocket> pair = StreamSocket.pair()) {
            pair.first().setBlocking(false);
            ByteBuffer large = buffer(direct, LARGE);
            int taken = pair.first().write(large);
            assertThat(taken).isEqualTo(large.position()).isBetween(1, LARGE - 1);
            assertThat(pair.first().write(large)).as("full").isZero();
        }
    }

    @Test
    void severalBuffersAreOneCallWhereverTheyAre() throws Exception {
        try (Pair<StreamSocket> pair = StreamSocket.pair()) {
            ByteBuffer[] parts = {text(true), ByteBuffer.allocate(0), text(false), text(true)};
            int bytes = TEXT.getBytes(UTF_8).length;
            assertThat(pair.first().write(parts)).isEqualTo(3L * bytes);
            assertThat(parts).noneMatch(ByteBuffer::hasRemaining);
            ByteBuffer[] got = {buffer(false, 1), buffer(true, bytes), buffer(false, 100)};
            assertThat(pair.second().read(got)).isEqualTo(3L * bytes);
            ByteBuffer all = ByteBuffer.allocate(3 * bytes);
            for (ByteBuffer each : got) {
                all.put(each.flip());
            }
            assertThat(string(all)).isEqualTo(TEXT.repeat(3));
        }
    }

    @Test
    void aConnectionIsFinishedWhenItIsDecided() throws Exception {
        try (ListeningSocket door = ListeningSocket.open(address("IPv4"));
                StreamSocket client = StreamSocket.open(StandardProtocolFamily.INET)) {
            assertThatThrownBy(client::finishConnect).hasMessageContaining("ENOTCONN");
            client.setBlocking(false);
            boolean connected = client.connect(door.localAddress());
            try (StreamSocket server = door.accept()) {
                assertThat(connected || client.finishConnect()).isTrue();
                assertThat(server).isNotNull();
            }
        }
    }

    @Test
    void aRefusedConnectionSaysWhichCallAndWhy() throws Exception {
        SocketAddress nobody;
        try (ListeningSocket door = ListeningSocket.open(address("IPv4"))) {
            nobody = door.localAddress();
        }
        assertThatThrownBy(() -> StreamSocket.open(nobody))
                .isInstanceOfSatisfying(
                        ErrnoException.class,
                        e -> {
                            assertThat(e.errno()).isEqualTo(Errno.ECONNREFUSED);
                            assertThat(e.call()).isEqualTo("connect");
                        });
    }

    @Test
    void writingToOneWhoHasGoneIsAnError() throws Exception {
        try (Pair<StreamSocket> pair = StreamSocket.pair()) {
            pair.second().close();
            assertThatThrownBy(() -> pair.first().write(text(true)))
                    .hasMessageStartingWith("write(fd ")
                    .hasMessageContaining("EPIPE");
        }
    }

    @Test
    void optionsAreTyped() throws Exception {
        try (StreamSocket socket = StreamSocket.open(StandardProtocolFamily.INET)) {
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            assertThat(socket.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
            assertThat(socket.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(-1);
            socket.setOption(StandardSocketOptions.SO_LINGER, 7);
            assertThat(socket.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(7);
            socket.setOption(MoreSocketOptions.TCP_USER_TIMEOUT, 12_345);
            assertThat(socket.getOption(MoreSocketOptions.TCP_USER_TIMEOUT)).isEqualTo(12_345);
            assertThatThrownBy(() -> socket.getOption(StandardSocketOptions.IP_MULTICAST_TTL))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("IP_MULTICAST_TTL");
            assertThatThrownBy(() -> socket.setOption(MoreSocketOptions.IPV6_V6ONLY, true))
                    .hasMessageContaining("setsockopt(fd ");
        }
    }

    @Test
    void descriptorsTravelWithBytes() throws Exception {
        try (Pair<StreamSocket> pair = StreamSocket.pair();
                Pipe pipe = Pipe.open()) {
            int sent = pair.first().send(text(false), List.of(pipe.sink(), pipe.source()));
            assertThat(sent).isEqualTo(TEXT.getBytes(UTF_8).length);
            var received = new ArrayList<OpenDescriptor>();
            ByteBuffer got = buffer(false, 64);
            assertThat(pair.second().receive(got, received::add)).isEqualTo(sent);
            assertThat(string(got)).isEqualTo(TEXT);
            assertThat(received).hasSize(2);
            try (FileStream sink = FileStream.adopt(received.get(0));
                    FileStream source = FileStream.adopt(received.get(1))) {
                assertThat(received).noneMatch(OpenDescriptor::isOpen);
                sink.write(text(true));
                assertThat(source.read(got.clear())).isEqualTo(sent);
            }
            pair.first().write(text(true));
            assertThat(pair.second().receive(got.clear(), received::add)).isEqualTo(sent);
            assertThat(received).as("none came with those").hasSize(2);
        }
    }

    @Test
    void thePeerOfAUnixDomainSocketIsVouchedFor() throws Exception {
        try (Pair<StreamSocket> pair = StreamSocket.pair()) {
            long pid = ProcessHandle.current().pid();
            assertThat(pair.first().peerCredentials().pid()).isEqualTo((int) pid);
        }
    }

    @Test
    void nobodyIsVouchedForWhereThereIsNoPeer() throws Exception {
        try (StreamSocket alone = StreamSocket.open(StandardProtocolFamily.UNIX)) {
            assertThatThrownBy(alone::peerCredentials).hasMessageContaining("ENOTCONN");
        }
    }

    @Test
    void onlyAStreamSocketIsAdoptedAsOne() throws Exception {
        try (Pair<StreamSocket> pair = StreamSocket.pair();
                Pipe pipe = Pipe.open();
                OpenDescriptor other = OpenDescriptor.duplicate(pipe.source())) {
            assertThatThrownBy(() -> StreamSocket.adopt(other))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(other.isOpen()).isTrue();
            try (StreamSocket again = StreamSocket.adopt(OpenDescriptor.duplicate(pair.first()))) {
                pair.second().write(text(true));
                assertThat(again.read(buffer(true, 64))).isPositive();
            }
        }
    }

    @Test
    void nothingWorksOnceItIsClosed() throws Exception {
        try (Pair<StreamSocket> pair = StreamSocket.pair()) {
            StreamSocket closed = pair.first();
            closed.close();
            closed.close();
            assertThat(closed.fd()).isEqualTo(-1);
            assertThatThrownBy(() -> closed.read(buffer(true, 1)))
                    .isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> closed.write(buffer(true, 1)))
                    .isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(closed::localAddress).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(closed::detach).isInstanceOf(ClosedChannelException.class);
        }
    }
}
