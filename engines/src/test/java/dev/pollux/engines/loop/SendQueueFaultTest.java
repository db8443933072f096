package dev.pollux.engines.loop;

import static dev.pollux.engines.Texts.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.DisconnectedException.Reason;
import dev.pollux.engines.Flavor;
import dev.pollux.engines.Group;
import dev.pollux.engines.Limits;
import dev.pollux.engines.NativeEnd;
import dev.pollux.engines.Protocol;
import dev.pollux.engines.Rig;
import dev.pollux.engines.Scripted;
import dev.pollux.engines.Transport;
import dev.pollux.engines.io.Wire;
import dev.pollux.engines.loop.FaultyWire.Outcome;
import dev.pollux.engines.models.IoModel;
import dev.pollux.engines.readiness.ReadinessModel;
import dev.pollux.engines.shared.Clock;
import dev.pollux.libc.Errno;
import dev.pollux.selectors.Mechanism;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Writes that fail when the socket has been asked already: whatever the protocol does then, its
/// peer gets nothing twice and misses nothing in the middle.
@Timeout(60)
final class SendQueueFaultTest {
    private static final int TAKEN = 5000;
    private static final byte[] ANSWER = pattern(40_000);

    @RegisterExtension final Rig rig = new Rig(new Flavor(IoModel.POLL, 1));

    /// The next timer finds no memory. Belongs to the loop's thread.
    private boolean failsNext;

    private int sends;

    /// Polls, with a clock that fails when it is told to.
    private final class Failing implements LoopModel {
        private final LoopModel sound = ReadinessModel.selecting("poll", Mechanism.POLL, false);

        @Override
        public String name() {
            return sound.name();
        }

        @Override
        public Driver driver(Loop loop) throws IOException {
            return sound.driver(loop);
        }

        @Override
        public Acceptor bind(
                Doors doors, SocketAddress address, Supplier<? extends Protocol> protocols)
                throws IOException {
            return sound.bind(doors, address, protocols);
        }

        @Override
        public Wire adopt(int fd) {
            return sound.adopt(fd);
        }

        @Override
        public boolean edges() {
            return sound.edges();
        }

        @Override
        public Clock clock() {
            return new Clock() {
                @Override
                public long nanoTime() {
                    if (failsNext) {
                        failsNext = false;
                        throw new OutOfMemoryError("no memory");
                    }
                    return Clock.SYSTEM.nanoTime();
                }
            };
        }
    }

    /// Asserts that a peer is given the first bytes, and no more before its end.
    private static void assertGetsTheFirst(NativeEnd peer) throws IOException {
        byte[] received = peer.readToEnd();
        assertThat(received.length).isEqualTo(TAKEN);
        assertThat(received).isEqualTo(Arrays.copyOf(ANSWER, TAKEN));
    }

    private NativeEnd connect(Scripted protocol, IntFunction<Outcome> outcomes) throws Exception {
        NativeEnd[] pair = NativeEnd.pair();
        Wire wire = new FaultyWire(pair[0].fd(), _ -> Outcome.FINE, outcomes);
        Protocol watched = rig.watched(protocol);
        ((LoopEngine) rig.engine()).doors().accepted(wire, () -> watched);
        return pair[1].blocking();
    }

    /// Takes a part, and then there is no memory to keep account of it.
    private Outcome failsBehindTheFirst(int call) {
        failsNext = call == 1;
        return call == 1 ? Outcome.atMost(TAKEN) : Outcome.FINE;
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    /// A protocol that tries again what has failed.
    private static void writeAgain(Transport transport, ByteBuffer bytes) {
        try {
            transport.write(bytes);
        } catch (OutOfMemoryError _) {
            transport.write(bytes);
        }
    }

    private void assertGetsNothingTwice(ByteBuffer answer) throws Exception {
        rig.driven(new Failing());
        rig.expectTrouble("a connection failed, it is reset");
        Scripted protocol = new Scripted();
        protocol.onConnected(transport -> {
            writeAgain(transport, answer);
            transport.close();
        });
        try (NativeEnd peer = connect(protocol, this::failsBehindTheFirst)) {
            assertGetsTheFirst(peer);
            assertThat(protocol.reason()).isEqualTo(Reason.ABORTED);
        }
    }

    @Test
    void whatWasSentAsItWasWrittenIsNotSentAgain() throws Exception {
        assertGetsNothingTwice(direct(ANSWER));
    }

    @Test
    void whatWasSentFromTheQueueIsNotSentAgain() throws Exception {
        rig.with(Rig.PATIENT.withOutbound(10, 10, 1000));
        assertGetsNothingTwice(ByteBuffer.wrap(ANSWER));
    }

    /// What was broadcast before a write comes before it. Where that makes the connection fail,
    /// what is written would stand behind a hole.
    @Test
    void nothingIsSentBehindABroadcastThatHasFailed() throws Exception {
        rig.with(Rig.PATIENT.withOutbound(10, 10, 1000));
        rig.expectTrouble("a connection failed, it is reset");
        Group group = rig.engine().group();
        Transport[] over = {null};
        Scripted protocol = new Scripted();
        protocol.onConnected(group::join);
        protocol.onReceived((transport, bytes) -> {
            protocol.take(bytes);
            over[0] = transport;
            group.broadcast(ByteBuffer.wrap(ANSWER, 0, TAKEN));
            transport.write(direct(ANSWER));
        });
        IntFunction<Outcome> outcomes =
                call -> {
                    sends = call;
                    ((Connection) over[0]).failed(new OutOfMemoryError("no memory"));
                    return Outcome.FINE;
                };
        try (NativeEnd peer = connect(protocol, outcomes)) {
            Rig.eventually("it has joined", () -> group.size() == 1);
            peer.write("?");
            assertGetsTheFirst(peer);
            assertThat(protocol.reason()).isEqualTo(Reason.ABORTED);
            assertThat(sends).isOne();
        }
    }

    /// The socket has no room, and then the bytes cannot be copied either: nothing waits.
    @Test
    void aWriteThatFailsBehindAFullSocketIsNoStall() throws Exception {
        Duration stall = Duration.ofMillis(100);
        rig.with(
                Limits.DEFAULT.withTimeouts(
                        Duration.ZERO, stall, Duration.ofSeconds(30), Duration.ofSeconds(30)));
        Arena[] arena = {null};
        Scripted protocol = new Scripted();
        protocol.onConnected(transport -> {
            arena[0] = Arena.ofConfined();
            ByteBuffer bytes = arena[0].allocate(ANSWER.length).asByteBuffer();
            try {
                transport.write(bytes);
            } catch (IllegalStateException _) {
                protocol.note("refused");
            }
            transport.schedule(stall.multipliedBy(5), transport::close);
        });
        IntFunction<Outcome> outcomes =
                _ -> {
                    arena[0].close();
                    return Outcome.error(Errno.EAGAIN);
                };
        try (NativeEnd peer = connect(protocol, outcomes)) {
            protocol.await("refused");
            assertThat(peer.readToEnd()).isEmpty();
            assertThat(protocol.cause()).isNull();
        }
    }
}
