package dev.pollux.engines.loop;

import static dev.pollux.engines.Texts.pattern;
import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.DisconnectedException.Reason;
import dev.pollux.engines.Flavor;
import dev.pollux.engines.Group;
import dev.pollux.engines.NativeEnd;
import dev.pollux.engines.Rig;
import dev.pollux.engines.Scripted;
import dev.pollux.engines.SharedBytes;
import dev.pollux.engines.Transport;
import dev.pollux.engines.models.IoModel;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The sending half over a kernel that tells later what became of a send, and may tell anything.
@Timeout(60)
final class SendsDecidedLaterTest {
    private static final IntUnaryOperator ALL = _ -> Integer.MAX_VALUE;

    @RegisterExtension final Rig rig = new Rig(new Flavor(IoModel.choose().model(), 1));

    /// A connection over a wire that sends later, and its peer.
    private final class Bench implements AutoCloseable {
        final Scripted protocol = new Scripted();
        final NativeEnd peer;

        Bench(IntUnaryOperator outcomes) throws Exception {
            NativeEnd[] pair = NativeEnd.pair();
            LaterWire wire = new LaterWire(pair[0].fd(), outcomes);
            protocol.onConnected(wire::belongsTo);
            this.peer = pair[1].blocking();
            ((LoopEngine) rig.engine()).doors().accepted(wire, () -> rig.watched(protocol));
            protocol.transport();
        }

        @Override
        public void close() {
            peer.close();
        }
    }

    /// {@return what arrives, after writes of many sizes, some of them shared}
    private byte[] exchange(IntUnaryOperator outcomes, byte[] answer) throws Exception {
        try (Bench bench = new Bench(outcomes)) {
            bench.protocol.onReceived((transport, bytes) -> {
                bench.protocol.take(bytes);
                for (int at = 0, size = 1; at < answer.length; at += size, size = size * 2 + 1) {
                    ByteBuffer part =
                            ByteBuffer.wrap(answer, at, Math.min(size, answer.length - at));
                    try (SharedBytes shared = SharedBytes.copyOf(part.duplicate())) {
                        if (size % 4 == 1) {
                            transport.write(shared);
                        } else {
                            transport.write(part);
                        }
                    }
                }
                transport.close();
            });
            bench.peer.write("?");
            byte[] received = bench.peer.readToEnd();
            bench.peer.close();
            assertThat(bench.protocol.cause()).isNull();
            return received;
        }
    }

    @Test
    void sendsOfOneByte() throws Exception {
        byte[] answer = pattern(5_000);
        assertThat(exchange(_ -> 1, answer)).isEqualTo(answer);
    }

    @Test
    void sendsOfAnySize() throws Exception {
        byte[] answer = pattern(200_000);
        assertThat(exchange(send -> 1 + send * 7919 % 10_000, answer)).isEqualTo(answer);
    }

    @Test
    void sendsThatAreRefusedForNow() throws Exception {
        byte[] answer = pattern(100_000);
        IntUnaryOperator outcomes =
                send -> send % 3 == 0 ? -Errno.EAGAIN : send % 3 == 1 ? -Errno.EINTR : 3000;
        assertThat(exchange(outcomes, answer)).isEqualTo(answer);
    }

    @Test
    void anErrorOfAnySendEndsTheConnection() throws Exception {
        for (int failing : List.of(1, 2, 5)) {
            try (Bench bench = new Bench(send -> send == failing ? -Errno.EPIPE : 10)) {
                Transport transport = bench.protocol.transport();
                transport.write(ByteBuffer.wrap(pattern(1000)));
                assertThat(bench.protocol.cause())
                        .isInstanceOfSatisfying(
                                ErrnoException.class,
                                e -> {
                                    assertThat(e.call()).isEqualTo("send");
                                    assertThat(e.errno()).isEqualTo(Errno.EPIPE);
                                });
                assertThat(bench.peer.readToEnd()).hasSize(10 * (failing - 1));
            }
        }
    }

    @Test
    void whatIsUnderWayCountsAsQueued() throws Exception {
        try (Bench bench = new Bench(ALL)) {
            Transport transport = bench.protocol.transport();
            bench.protocol.onReceived((_, bytes) -> {
                bench.protocol.take(bytes);
                transport.write(utf8("你好"));
                // The task runs between the end of the turn, which sends, and the decision.
                transport.execute(() -> bench.protocol.note("queued " + transport.queuedBytes()));
            });
            bench.peer.write("?");
            bench.protocol.await("queued 6");
            assertThat(bench.peer.read()).isEqualTo("你好");
            Rig.eventually("an empty queue", () -> transport.queuedBytes() == 0);
        }
    }

    @Test
    void anAbortWaitsForTheDecision() throws Exception {
        try (Bench bench = new Bench(ALL)) {
            Transport transport = bench.protocol.transport();
            bench.protocol.onReceived((_, bytes) -> {
                bench.protocol.take(bytes);
                transport.write(utf8("still sent"));
                // In the next turn: the send is under way.
                transport.execute(() -> transport.execute(transport::abort));
            });
            bench.peer.write("?");
            assertThat(bench.protocol.reason()).isEqualTo(Reason.ABORTED);
            assertThat(bench.peer.readTextToEnd()).isEqualTo("still sent");
        }
    }

    @Test
    void broadcastsKeepTheirBytesUntilTheLastDecision() throws Exception {
        List<Bench> benches =
                Stream.<IntUnaryOperator>of(
                                ALL, _ -> 1, _ -> 7, send -> send % 2 == 0 ? -Errno.EAGAIN : 50)
                        .map(this::bench)
                        .toList();
        Group group = rig.engine().group();
        for (Bench bench : benches) {
            group.join(bench.protocol.transport());
        }
        Rig.eventually("all members", () -> group.size() == benches.size());
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int i = 0; i < 200; i++) {
            byte[] line = ("第 " + i + " 行\n").getBytes(StandardCharsets.UTF_8);
            expected.writeBytes(line);
            group.broadcast(ByteBuffer.wrap(line));
        }
        for (Bench bench : benches) {
            bench.protocol.transport().close();
            assertThat(bench.peer.readToEnd()).isEqualTo(expected.toByteArray());
            bench.close();
        }
    }

    private Bench bench(IntUnaryOperator outcomes) {
        try {
            return new Bench(outcomes);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /// What comes while a send waits is judged by what becomes of that send.
    @Test
    void aPeerThatTakesTooLittleIsCutOffWhenItsSendIsDecided() throws Exception {
        assertSlow(2900, send -> send == 1 ? 100 : -Errno.EAGAIN);
    }

    @Test
    void aFloodBehindASendUnderWayIsCutOffBeforeItIsDecided() throws Exception {
        assertSlow(3100, ALL);
    }

    /// Writes 500 bytes, which are under way when more come.
    private void assertSlow(int more, IntUnaryOperator outcomes) throws Exception {
        rig.with(Rig.PATIENT.withOutbound(1000, 2000, 3000));
        try (Bench bench = new Bench(outcomes)) {
            bench.protocol.onReceived((transport, bytes) -> {
                bench.protocol.take(bytes);
                transport.write(ByteBuffer.wrap(pattern(500)));
                Runnable flood = () -> transport.write(ByteBuffer.wrap(pattern(more)));
                transport.execute(() -> transport.execute(flood));
            });
            bench.peer.write("?");
            assertThat(bench.protocol.reason()).isEqualTo(Reason.SLOW_RECEIVER);
        }
    }

    @Test
    void beyondTheHardLimitTheDecisionIsWaitedFor() throws Exception {
        rig.with(Rig.PATIENT.withOutbound(1000, 2000, 3000));
        try (Bench fast = new Bench(ALL);
                Bench slow = new Bench(_ -> 100)) {
            for (Bench bench : List.of(fast, slow)) {
                bench.protocol.onReceived((transport, bytes) -> {
                    bench.protocol.take(bytes);
                    transport.write(ByteBuffer.wrap(pattern(3500)));
                    transport.close();
                });
                bench.peer.write("?");
            }
            assertThat(slow.protocol.reason()).isEqualTo(Reason.SLOW_RECEIVER);
            assertThat(fast.peer.readToEnd()).isEqualTo(pattern(3500));
        }
    }
}
