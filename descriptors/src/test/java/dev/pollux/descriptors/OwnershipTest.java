package dev.pollux.descriptors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.libc.Call;
import dev.pollux.libc.Descriptors;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// A descriptor is closed once, by whom it may, and its number is nobody else's before that.
@Timeout(60)
@ExtendWith(LeakCheck.class)
@SuppressWarnings("try") // Closing early is what this is about.
final class OwnershipTest {
    private static final int SECONDS = 30;

    @Test
    void whoWaitsInASocketIsWokenWhenItIsClosed() throws Exception {
        try (Pair<StreamSocket> pair = StreamSocket.pair()) {
            var reader = new Sleeper(() -> pair.first().read(ByteBuffer.allocateDirect(8)));
            reader.awaitCall(Call.READ);
            pair.first().close();
            reader.assertWokenByClose();
        }
    }

    @Test
    void aResetStaysOneThoughSomebodyWaits() throws Exception {
        var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (ListeningSocket door = ListeningSocket.open(any);
                StreamSocket peer = StreamSocket.open(door.localAddress());
                StreamSocket socket = door.accept()) {
            var reader = new Sleeper(() -> socket.read(ByteBuffer.allocateDirect(8)));
            reader.awaitSleep(Call.READ);
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            socket.close();
            reader.assertWokenByClose();
            assertThatThrownBy(() -> peer.read(ByteBuffer.allocate(8)))
                    .hasMessageContaining("ECONNRESET");
        }
    }

    @Test
    void aConnectionThatIsHandedOverOutlivesItsCloserHere() throws Exception {
        var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (ListeningSocket door = ListeningSocket.open(any);
                StreamSocket peer = StreamSocket.open(door.localAddress());
                StreamSocket socket = door.accept();
                Pair<StreamSocket> unix = StreamSocket.pair()) {
            unix.first().setBlocking(false);
            while (unix.first().write(ByteBuffer.allocate(4096)) > 0) {}
            unix.first().setBlocking(true);
            var sender =
                    new Sleeper(() -> unix.first().send(ByteBuffer.allocate(1), List.of(socket)));
            sender.awaitSleep(Call.SENDMSG);
            socket.close();
            var received = new ArrayList<OpenDescriptor>();
            ByteBuffer room = ByteBuffer.allocate(65536);
            while (received.isEmpty()) {
                unix.second().receive(room.clear(), received::add);
            }
            assertThat(sender.result()).isEqualTo(1);
            try (StreamSocket taken = StreamSocket.adopt(received.getFirst())) {
                taken.write(ByteBuffer.allocate(3));
                assertThat(peer.read(room.clear())).isEqualTo(3);
            }
        }
    }

    @Test
    void whatNeverBlocksAsMadeSaysSoWhereItWasToldTo() throws Exception {
        try (EventFd counter = EventFd.open()) {
            counter.setBlocking(true);
            var told = new CompletableFuture<Throwable>();
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            told.complete(new AssertionError("it took " + counter.take()));
                        } catch (Throwable t) {
                            told.complete(t);
                        }
                    });
            assertThat(told.get(SECONDS, TimeUnit.SECONDS))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void whoWaitsForAConnectionIsWokenWhenTheDoorIsClosed() throws Exception {
        var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (ListeningSocket door = ListeningSocket.open(any)) {
            var acceptor = new Sleeper(door::accept);
            acceptor.awaitCall(Call.ACCEPT4);
            door.close();
            acceptor.assertWokenByClose();
        }
    }

    @Test
    void whoWaitsForADatagramIsWokenWhenItIsClosed() throws Exception {
        var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (DatagramSocket socket = DatagramSocket.open(any)) {
            var receiver = new Sleeper(() -> socket.receive(ByteBuffer.allocate(8)));
            receiver.awaitCall(Call.RECVFROM);
            socket.close();
            receiver.assertWokenByClose();
        }
    }

    @Test
    void aNumberIsNobodyElsesWhileACallIsUnderWay() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            int fd = pipe.source().fd();
            var reader = new Sleeper(() -> pipe.source().read(ByteBuffer.allocateDirect(8)));
            reader.awaitCall(Call.READ);
            pipe.source().close();
            assertThat(pipe.source().isOpen()).isFalse();
            assertThat(Descriptors.isOpen(fd)).as("the number is kept").isTrue();
            pipe.sink().write(ByteBuffer.allocate(1));
            assertThat(reader.result.get(SECONDS, TimeUnit.SECONDS)).isEqualTo(1);
            while (Descriptors.isOpen(fd)) {
                Thread.onSpinWait(); // The reader is on its way out.
            }
        }
    }

    @Test
    void manyClosersCloseOnce() throws Exception {
        for (int round = 0; round < 200; round++) {
            EventFd counter = EventFd.open();
            var closers = new Sleeper[4];
            for (int i = 0; i < closers.length; i++) {
                closers[i] =
                        new Sleeper(() -> {
                            while (counter.isOpen()) {
                                try {
                                    counter.add(1);
                                } catch (ClosedChannelException _) {
                                    return "closed";
                                }
                                counter.close();
                            }
                            return "closed";
                        });
            }
            for (Sleeper closer : closers) {
                assertThat(closer.result.get(SECONDS, TimeUnit.SECONDS)).isEqualTo("closed");
            }
        }
    }

    @Test
    void aDetachedNumberIsOpenAndTheCallers() throws Exception {
        EventFd counter = EventFd.open();
        int fd = counter.detach();
        assertThat(counter.isOpen()).isFalse();
        counter.close();
        assertThat(Descriptors.isOpen(fd)).isTrue();
        try (OpenDescriptor again = OpenDescriptor.adopt(fd)) {
            assertThat(again.isBlocking()).isFalse();
        }
        assertThat(Descriptors.isOpen(fd)).isFalse();
    }

    @Test
    void blockingIsTheFlagOfTheOpenFile() throws Exception {
        try (Pair<StreamSocket> pair = StreamSocket.pair();
                OpenDescriptor twin = OpenDescriptor.duplicate(pair.first())) {
            assertThat(pair.first().isBlocking()).isTrue();
            twin.setBlocking(false);
            assertThat(pair.first().isBlocking()).isFalse();
            assertThat(pair.first().read(ByteBuffer.allocate(1))).isZero();
        }
    }

    @Test
    void aVirtualThreadIsToldInsteadOfKeepingItsCarrier() throws Exception {
        try (Pair<StreamSocket> pair = StreamSocket.pair()) {
            var told = new CompletableFuture<Throwable>();
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            pair.first().read(ByteBuffer.allocate(1));
                            told.complete(new AssertionError("it was let in"));
                        } catch (Throwable t) {
                            told.complete(t);
                        }
                    });
            assertThat(told.get(SECONDS, TimeUnit.SECONDS))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("setBlocking(false)");
        }
    }

    @Test
    void oneThatIsForgottenIsClosed() throws Exception {
        int fd = forgotten();
        while (Descriptors.isOpen(fd)) {
            System.gc();
            Thread.onSpinWait();
        }
    }

    private static int forgotten() throws Exception {
        return EventFd.open().fd();
    }

    @Test
    void standardInputIsNotClosedWithItsObject() throws Exception {
        FileStream input = FileStream.standardInput();
        input.close();
        assertThat(input.isOpen()).isFalse();
        assertThat(Descriptors.isOpen(0)).isTrue();
    }
}
