package dev.pollux.engines.loop;

import static dev.pollux.engines.Texts.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.engines.Client;
import dev.pollux.engines.DisconnectedException.Reason;
import dev.pollux.engines.Engine;
import dev.pollux.engines.Flavor;
import dev.pollux.engines.Group;
import dev.pollux.engines.Limits;
import dev.pollux.engines.NativeEnd;
import dev.pollux.engines.Protocol;
import dev.pollux.engines.Rig;
import dev.pollux.engines.Scripted;
import dev.pollux.engines.SharedBytes;
import dev.pollux.engines.Texts;
import dev.pollux.engines.Transport;
import dev.pollux.engines.loop.FaultyWire.Outcome;
import dev.pollux.engines.models.IoModel;
import dev.pollux.engines.shared.Uninterrupted;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// Faults of single system calls, at every point where they can come.
@ParameterizedClass(name = "{0}")
@MethodSource("dev.pollux.engines.Flavor#loopsOverDescriptors")
@Timeout(60)
final class EngineFaultTest {
    private static final byte[] ANSWER = pattern(40_000);

    @RegisterExtension final Rig rig;

    EngineFaultTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    /// An edge promises that a short count or `EAGAIN` proves the socket full or empty: these may
    /// only be made up where readiness is a level.
    private void assumeLevels() {
        assumeTrue(!rig.flavor().reportsEdges(), "an edge would be lost");
    }

    private static Outcome fine(int call) {
        return Outcome.FINE;
    }

    /// A connection over a faulty wire, and its peer.
    private final class Bench implements AutoCloseable {
        final Scripted protocol;
        final FaultyWire wire;
        final NativeEnd peer;

        Bench(Scripted protocol, IntFunction<Outcome> receives, IntFunction<Outcome> sends)
                throws Exception {
            this(protocol, receives, sends, () -> -Errno.EOPNOTSUPP);
        }

        Bench(
                Scripted protocol,
                IntFunction<Outcome> receives,
                IntFunction<Outcome> sends,
                IntSupplier untaken)
                throws Exception {
            NativeEnd[] pair = NativeEnd.pair();
            this.protocol = protocol;
            this.wire = new FaultyWire(pair[0].fd(), receives, sends).untaken(untaken);
            this.peer = pair[1].blocking();
            ((LoopEngine) rig.engine()).doors().accepted(wire, () -> rig.watched(protocol));
        }

        /// The engine has closed the wire, once.
        @Override
        public void close() throws IOException {
            peer.close();
            rig.awaitOpen(0);
            assertThat(wire.closed()).isOne();
        }
    }

    /// Answers anything with [#ANSWER], by writes of many sizes, and closes.
    private static Scripted answering() {
        Scripted protocol = new Scripted();
        return protocol.onReceived((transport, bytes) -> {
            protocol.take(bytes);
            for (int at = 0, size = 1; at < ANSWER.length; at += size, size = size * 3 + 1) {
                int part = Math.min(size, ANSWER.length - at);
                transport.write(ByteBuffer.wrap(ANSWER, at, part));
            }
            try (SharedBytes shared = SharedBytes.copyOf(ByteBuffer.wrap(ANSWER))) {
                transport.write(shared);
            }
            transport.close();
        });
    }

    private static void assertWholeAnswer(byte[] received) {
        assertThat(received).hasSize(2 * ANSWER.length);
        assertThat(Arrays.copyOf(received, ANSWER.length)).isEqualTo(ANSWER);
        assertThat(Arrays.copyOfRange(received, ANSWER.length, 2 * ANSWER.length))
                .isEqualTo(ANSWER);
    }

    private void assertSurvives(IntFunction<Outcome> receives, IntFunction<Outcome> sends)
            throws Exception {
        try (Bench bench = new Bench(answering(), receives, sends)) {
            bench.peer.write("?");
            assertWholeAnswer(bench.peer.readToEnd());
            assertThat(bench.protocol.cause()).isNull();
        }
    }

    @Test
    void shortSendsOfEverySize() throws Exception {
        assumeLevels();
        for (int most : new int[] {500, 4095, 8191, 8192, 8193, 39_999}) {
            assertSurvives(EngineFaultTest::fine, _ -> Outcome.atMost(most));
        }
    }

    @Test
    void everyOtherSendFindsNoRoom() throws Exception {
        assumeLevels();
        assertSurvives(
                EngineFaultTest::fine,
                call -> call % 2 == 1 ? Outcome.error(Errno.EAGAIN) : Outcome.atMost(3000));
    }

    @Test
    void everyOtherCallIsInterrupted() throws Exception {
        IntFunction<Outcome> interrupted =
                call -> call % 2 == 1 ? Outcome.error(Errno.EINTR) : Outcome.FINE;
        assertSurvives(interrupted, interrupted);
    }

    @Test
    void anErrorOfEverySend() throws Exception {
        List<Integer> errors = List.of(Errno.EPIPE, Errno.ECONNRESET, Errno.ENOBUFS, Errno.ENOMEM);
        boolean levels = !rig.flavor().reportsEdges();
        for (int failing = 1; failing <= (levels ? 12 : 1); failing++) {
            int at = failing;
            int errno = errors.get(failing % errors.size());
            IntFunction<Outcome> sends =
                    call ->
                            call == at
                                    ? Outcome.error(errno)
                                    : levels ? Outcome.atMost(5000) : Outcome.FINE;
            try (Bench bench = new Bench(answering(), EngineFaultTest::fine, sends)) {
                bench.peer.write("?");
                byte[] received = bench.peer.readToEnd();
                for (int i = 0; i < received.length; i++) {
                    assertThat(received[i]).isEqualTo(ANSWER[i % ANSWER.length]);
                }
                assertFailed(bench.protocol, "send", errno);
            }
        }
    }

    @Test
    void anErrorOfEveryReceive() throws Exception {
        List<Integer> errors = List.of(Errno.ECONNRESET, Errno.ETIMEDOUT, Errno.ENOMEM);
        for (int failing = 1; failing <= 5; failing++) {
            int at = failing;
            int errno = errors.get(failing % errors.size());
            Scripted protocol = new Scripted();
            IntFunction<Outcome> receives =
                    call -> call == at ? Outcome.error(errno) : Outcome.FINE;
            try (Bench bench = new Bench(protocol, receives, EngineFaultTest::fine)) {
                send(bench, at);
                assertFailed(protocol, "recv", errno);
            }
        }
    }

    /// Sends messages for so many receives, each for one of its own; where nobody waits, receives
    /// come without, and what has just been armed for signals is tried once.
    private void send(Bench bench, int receives) throws Exception {
        boolean tried = rig.flavor().model() == IoModel.SIGIO;
        if (tried && receives > 1) {
            Rig.caughtUp(bench.protocol.transport());
            Rig.caughtUp(bench.protocol.transport()); // In the turn that tries it.
        }
        int messages = tried ? receives - 1 : receives;
        for (int i = 1; i <= messages && rig.flavor().model().waits(); i++) {
            bench.peer.write("x");
            if (i < messages) {
                bench.protocol.await("received 1");
            }
        }
    }

    private static void assertFailed(Scripted protocol, String call, int errno) throws Exception {
        assertThat(protocol.cause())
                .isInstanceOfSatisfying(
                        ErrnoException.class,
                        e -> {
                            assertThat(e.call()).isEqualTo(call);
                            assertThat(e.errno()).isEqualTo(errno);
                        });
        assertThat(protocol.count("disconnected")).isOne();
    }

    @Test
    void inputThatComesByteByByte() throws Exception {
        assumeLevels();
        Scripted protocol = Texts.lines();
        try (Bench bench = new Bench(protocol, _ -> Outcome.atMost(1), EngineFaultTest::fine)) {
            bench.peer.write("第一行\n第二行\n");
            bench.peer.endOutput();
            assertThat(bench.peer.readTextToEnd()).isEqualTo("<第一行>\n<第二行>\n");
            assertThat(protocol.cause()).isNull();
        }
    }

    @Test
    void broadcastsThroughShortSends() throws Exception {
        assumeLevels();
        assertHearsAll(_ -> Outcome.atMost(777), false);
        assertHearsAll(call -> call % 3 == 0 ? Outcome.FINE : Outcome.error(Errno.EAGAIN), false);
    }

    @Test
    void broadcastsThroughInterruptedSends() throws Exception {
        assertHearsAll(call -> call % 2 == 1 ? Outcome.error(Errno.EINTR) : Outcome.FINE, false);
    }

    @Test
    void aBroadcastWhoseSendFailsEndsThatMemberOnly() throws Exception {
        assertHearsAll(_ -> Outcome.error(Errno.ECONNRESET), true);
    }

    /// One member over a faulty wire, one over a sound one.
    private void assertHearsAll(IntFunction<Outcome> sends, boolean fails) throws Exception {
        Group group = rig.engine().group();
        Scripted faulty = new Scripted().onConnected(group::join);
        Scripted sound = new Scripted().onConnected(group::join);
        try (Bench one = new Bench(faulty, EngineFaultTest::fine, sends);
                Bench other = new Bench(sound, EngineFaultTest::fine, EngineFaultTest::fine)) {
            Rig.eventually("two members", () -> group.size() == 2);
            for (int i = 0; i < 20; i++) {
                group.broadcast(ByteBuffer.wrap(ANSWER, i * 2000, 2000));
            }
            sound.transport().close();
            assertThat(other.peer.readToEnd()).isEqualTo(ANSWER);
            other.peer.close();
            if (fails) {
                assertFailed(faulty, "send", Errno.ECONNRESET);
            } else {
                faulty.transport().close();
                assertThat(one.peer.readToEnd()).isEqualTo(ANSWER);
                one.peer.close();
            }
        }
    }

    /// A stall that was over does not count when the next one begins.
    @Test
    void twoShortStallsAreNotALongOne() throws Exception {
        assumeLevels();
        Duration stall = Duration.ofMillis(500);
        rig.with(
                Limits.DEFAULT.withTimeouts(
                        Duration.ZERO, stall, Duration.ZERO, Duration.ofSeconds(30)));
        while (!stallsTwice(stall)) {
            rig.awaitOpen(
                    0); // The loop itself was held up on a busy machine, which proves nothing.
        }
    }

    /// Stalls for a little, and again shortly before the first stall would have been too long.
    ///
    /// @return whether the second stall was as short as it should be
    private boolean stallsTwice(Duration stall) throws Exception {
        boolean[] full = {true};
        long[] second = {0, 0};
        IntFunction<Outcome> sends = _ -> full[0] ? Outcome.error(Errno.EAGAIN) : Outcome.FINE;
        Scripted protocol = new Scripted();
        protocol.onConnected(transport -> {
            transport.write(ByteBuffer.wrap(pattern(10)));
            transport.schedule(stall.dividedBy(10), () -> full[0] = false);
            transport.schedule(
                    stall.multipliedBy(8).dividedBy(10),
                    () -> {
                        second[0] = System.nanoTime();
                        full[0] = true;
                        transport.write(ByteBuffer.wrap(pattern(10)));
                    });
            transport.schedule(
                    stall.multipliedBy(12).dividedBy(10),
                    () -> {
                        second[1] = System.nanoTime();
                        full[0] = false;
                        transport.close();
                    });
        });
        try (Bench bench = new Bench(protocol, EngineFaultTest::fine, sends)) {
            int received = bench.peer.readToEnd().length;
            bench.peer.hangUp();
            boolean cutOff = protocol.cause() != null;
            boolean isShort = second[1] - second[0] < stall.toNanos() * 3 / 4;
            assertThat(cutOff && isShort).as("cut off for a short stall").isFalse();
            return isShort && received == 20;
        }
    }

    private static OutOfMemoryError noMemory() {
        return new OutOfMemoryError("no memory");
    }

    private void assertOthersAreServed() throws Exception {
        Client other = rig.connect(rig.door(Texts::echo));
        assertThat(other.send("还在").receive("还在")).isEqualTo("还在");
    }

    /// A timer of the engine's own, for one connection.
    @Test
    void aLookAfterAPeerThatThrowsEndsThatConnectionOnly() throws Exception {
        rig.with(
                Limits.DEFAULT.withTimeouts(
                        Duration.ZERO,
                        Duration.ofMillis(100),
                        Duration.ZERO,
                        Duration.ofSeconds(30)));
        rig.expectTrouble("a connection failed, it is reset");
        Scripted protocol =
                new Scripted()
                        .onConnected(transport -> transport.write(ByteBuffer.wrap(pattern(10))));
        try (Bench bench =
                new Bench(
                        protocol,
                        EngineFaultTest::fine,
                        _ -> Outcome.error(Errno.EAGAIN),
                        () -> {
                            throw noMemory();
                        })) {
            assertThat(protocol.reason()).isEqualTo(Reason.ABORTED);
            assertThat(bench.peer.readToEnd()).isEmpty();
        }
        assertOthersAreServed();
    }

    /// What has been broadcast before goes into its queue, which is more than that may hold.
    private void assertEndsTheMemberOnly(BiConsumer<Group, Transport> change) throws Exception {
        rig.with(Rig.PATIENT.withOutbound(10, 10, 1000));
        rig.expectTrouble("a connection failed, it is reset");
        Group group = rig.engine().group();
        Scripted member = new Scripted().onConnected(group::join);
        IntFunction<Outcome> throwing =
                _ -> {
                    throw noMemory();
                };
        try (Bench _ = new Bench(member, EngineFaultTest::fine, throwing)) {
            Transport transport = member.transport();
            Rig.eventually("it has joined", () -> group.size() == 1);
            CountDownLatch done = new CountDownLatch(1);
            transport.execute(() -> Uninterrupted.await(done::await));
            group.broadcast(ByteBuffer.wrap(ANSWER));
            change.accept(group, transport); // In the same turn.
            done.countDown();
            assertThat(member.reason()).isEqualTo(Reason.ABORTED);
        }
        assertOthersAreServed();
    }

    @Test
    void aCloseFromOutsideThatThrowsEndsThatConnectionOnly() throws Exception {
        assertEndsTheMemberOnly((_, transport) -> transport.close());
    }

    @Test
    void aLeaveFromOutsideThatThrowsEndsThatConnectionOnly() throws Exception {
        assertEndsTheMemberOnly(Group::leave);
    }

    /// As what was kept aside at the limit of connections, and comes when nobody waits for it.
    @Test
    void whoBeginsWhenTheTimeOfTheStopIsOverIsCutOff() throws Exception {
        NativeEnd[] pair = NativeEnd.pair();
        Scripted late = new Scripted().onStopping(_ -> true);
        Protocol watched = rig.watched(late);
        Scripted staying = new Scripted().onStopping(_ -> true);
        staying.onDisconnected(transport -> {
            Loop loop = ((Connection) transport).loop();
            FaultyWire wire =
                    new FaultyWire(pair[0].fd(), EngineFaultTest::fine, EngineFaultTest::fine);
            ((LoopEngine) engine()).admission().admit();
            loop.open(wire, watched, rig.flavor().reportsEdges());
        });
        try (NativeEnd _ = pair[1]) {
            rig.connect(rig.doorFor(staying), staying);
            rig.engine().stop(Duration.ofMillis(50));
            assertThat(staying.reason()).isEqualTo(Reason.STOPPED);
            assertThat(late.reason()).isEqualTo(Reason.STOPPED);
        }
    }

    private Engine engine() {
        try {
            return rig.engine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
