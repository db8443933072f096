package dev.pollux.descriptors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.libc.Call;
import dev.pollux.libc.Descriptors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Waits that signals, closers and the collector come upon.
@Timeout(120)
@ExtendWith(LeakCheck.class)
@SuppressWarnings("try") // Closing early is what this is about.
final class WaitsTest {
    private static final int ROUNDS = 10_000;
    private static final int RACES = 100;

    @TempDir Path folder;

    @Test
    void aSignalEndsNoAttemptToConnectInTheUnixDomain() throws Exception {
        var address = UnixDomainSocketAddress.of(folder.resolve("door"));
        try (ListeningSocket door = ListeningSocket.open(address, 0);
                StreamSocket first = StreamSocket.open(address);
                StreamSocket second = StreamSocket.open(StandardProtocolFamily.UNIX)) {
            var connecting = new Sleeper(() -> second.connect(address));
            connecting.awaitSleep(Call.CONNECT);
            connecting.signal(50);
            assertThat(connecting.result).as("the backlog is full").isNotDone();
            try (StreamSocket one = door.accept()) {
                assertThat(connecting.result()).isEqualTo(true);
                try (StreamSocket other = door.accept()) {
                    second.write(ByteBuffer.wrap("x".getBytes(UTF_8)));
                    assertThat(other.read(ByteBuffer.allocate(9))).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void signalsEndNoWaitInASocket() throws Exception {
        var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (ListeningSocket door = ListeningSocket.open(any)) {
            var acceptor = new Sleeper(door::accept);
            acceptor.awaitSleep(Call.ACCEPT4);
            acceptor.signal(50);
            assertThat(acceptor.result).isNotDone();
            try (StreamSocket client = StreamSocket.open(door.localAddress());
                    StreamSocket server = (StreamSocket) acceptor.result()) {
                var large = ByteBuffer.allocate(20_000_000);
                var writer = new Sleeper(() -> client.write(large));
                writer.awaitSleep(Call.WRITE);
                writer.signal(50);
                assertThat(writer.result).isNotDone();
                var got = ByteBuffer.allocateDirect(20_000_000);
                while (got.hasRemaining()) {
                    server.read(got);
                }
                assertThat(writer.result()).isEqualTo(20_000_000);
            }
        }
    }

    /// Who sleeps in the kernel does not hear that calls no longer wait.
    @Test
    void oneWhoWaitsSinceCallsDidIsWokenTooWhenItIsClosed() throws Exception {
        try (Pair<StreamSocket> pair = StreamSocket.pair()) {
            var reader = new Sleeper(() -> pair.first().read(ByteBuffer.allocateDirect(8)));
            reader.awaitSleep(Call.READ);
            pair.first().setBlocking(false);
            pair.first().setBlocking(false);
            pair.first().close();
            reader.assertWokenByClose();
        }
    }

    private static Sleeper readerOfNobody(int fd, AtomicInteger number) {
        return new Sleeper(() -> {
            ByteBuffer got = ByteBuffer.allocateDirect(8);
            for (int i = 0; i < ROUNDS; i++) { // Compiled, and still the last to know of it.
                StreamSocket.adopt(OpenDescriptor.adopt(Descriptors.dup(fd))).close();
            }
            number.set(Descriptors.dup(fd));
            return StreamSocket.adopt(OpenDescriptor.adopt(number.get())).read(got);
        });
    }

    @Test
    void whoWaitsInWhatNobodyElseHoldsIsNotForgotten() throws Exception {
        var number = new AtomicInteger();
        try (Pair<StreamSocket> pair = StreamSocket.pair()) {
            var reader = readerOfNobody(pair.first().fd(), number);
            reader.awaitSleep(Call.READ);
            for (int i = 0; i < 5; i++) {
                System.gc();
                try (Pipe pipe = Pipe.open()) { // Time for the cleaner, counted in calls.
                    pipe.sink().write(ByteBuffer.allocate(1));
                    pipe.source().read(ByteBuffer.allocate(1));
                }
            }
            pair.second().write(ByteBuffer.allocate(1));
            assertThat(reader.result()).isEqualTo(1);
        }
        while (Descriptors.isOpen(
                number.get())) { // Forgotten once the reader has gone, and not before.
            System.gc();
            Thread.onSpinWait();
        }
    }

    /// Each round closes while four threads read and write, and opens another one at once, to which
    /// the number goes: what was written to one must not be read from another.
    @Test
    void noCallEverMeetsAnotherDescriptorOfItsNumber() throws Exception {
        for (int round = 0; round < RACES; round++) {
            Pair<StreamSocket> pair = StreamSocket.pair();
            pair.first().setBlocking(false);
            pair.second().setBlocking(false);
            race(pair, (byte) round);
        }
    }

    private static void race(Pair<StreamSocket> pair, byte mark) throws Exception {
        var racers = new ArrayList<Sleeper>();
        for (int i = 0; i < 2; i++) {
            racers.add(new Sleeper(() -> written(pair.first(), mark)));
            racers.add(new Sleeper(() -> read(pair.second(), mark)));
        }
        ByteBuffer other = ByteBuffer.allocate(64);
        for (int i = 0; i < 100; i++) {
            try (Pair<StreamSocket> strangers = StreamSocket.pair()) {
                strangers.first().write(ByteBuffer.wrap(new byte[] {(byte) (mark + 1)}));
                if (i == 50) {
                    pair.close();
                }
                assertThat(strangers.second().read(other.clear())).isEqualTo(1);
                assertThat(other.get(0)).isEqualTo((byte) (mark + 1));
            }
        }
        for (Sleeper each : racers) {
            assertThat(each.result()).isEqualTo("closed");
        }
    }

    private static Object written(StreamSocket to, byte mark) throws Exception {
        ByteBuffer marks = ByteBuffer.allocateDirect(4);
        for (int i = 0; i < 4; i++) {
            marks.put(mark);
        }
        try {
            while (true) {
                to.write(marks.rewind());
            }
        } catch (ClosedChannelException _) {
            return "closed";
        } catch (IOException e) {
            return to.isOpen() && !String.valueOf(e.getMessage()).contains("EPIPE") ? e : "closed";
        }
    }

    private static Object read(StreamSocket from, byte mark) throws Exception {
        ByteBuffer got = ByteBuffer.allocateDirect(64);
        try {
            while (from.read(got.clear()) >= 0) {
                for (got.flip(); got.hasRemaining(); ) {
                    assertThat(got.get()).isEqualTo(mark);
                }
            }
            return "closed";
        } catch (ClosedChannelException _) {
            return "closed";
        }
    }
}
