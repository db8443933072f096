package dev.pollux.engines.blocking;

import static dev.pollux.engines.Texts.pattern;
import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.Background;
import dev.pollux.engines.DisconnectedException.Reason;
import dev.pollux.engines.Limits;
import dev.pollux.engines.Protocol;
import dev.pollux.engines.Rig;
import dev.pollux.engines.Scripted;
import dev.pollux.engines.SharedBytes;
import dev.pollux.engines.Transport;
import dev.pollux.engines.io.Reserve;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// Faults of single system calls under a connection of a blocking engine, at every point where they
/// can come: over a socket that can be tried, and over one where every send may sleep.
@ParameterizedClass(name = "a send can be tried: {0}")
@ValueSource(booleans = {true, false})
@Timeout(60)
final class BlockingFaultTest {
    private static final int LIMIT = 200_000;
    private static final int[] NEWCOMERS_ERRORS = {
        Errno.ECONNABORTED,
        Errno.EPERM,
        Errno.EPROTO,
        Errno.ENETDOWN,
        Errno.ENOPROTOOPT,
        Errno.EHOSTDOWN,
        Errno.EHOSTUNREACH,
        Errno.EOPNOTSUPP,
        Errno.ENETUNREACH
    };

    @Parameter boolean canTry;

    private final ConcurrentLinkedQueue<String> troubles = new ConcurrentLinkedQueue<>();
    private final List<CompletableFuture<Void>> threads = new ArrayList<>();
    private BlockingEngine engine;

    /// None where a test waits for a writer to sleep: it might miss it on a busy machine.
    private Duration writeTimeout = Duration.ZERO;

    private ScriptedBlockingWire serve(Protocol protocol) throws IOException {
        return serve(protocol, new ScriptedBlockingWire(canTry));
    }

    private ScriptedBlockingWire serve(Protocol protocol, ScriptedBlockingWire wire)
            throws IOException {
        Serving serving = canTry ? Serving.BY_THREAD : Serving.BY_VIRTUAL_THREAD;
        if (engine == null) {
            Limits limits =
                    Rig.PATIENT
                            .withOutbound(1_000, 100_000, LIMIT)
                            .withTimeouts(
                                    Duration.ZERO,
                                    writeTimeout,
                                    Duration.ZERO,
                                    Duration.ofSeconds(10));
            engine =
                    new BlockingEngine(
                            "blocking", serving, limits, 1, (line, _) -> troubles.add(line));
        }
        assertThat(engine.claim()).isTrue();
        CompletableFuture<Void> thread = new CompletableFuture<>();
        Runnable connection =
                () -> {
                    new Arrival(engine, wire, () -> protocol).run();
                    thread.complete(null);
                };
        threads.add(thread);
        engine.threads().start("test", connection, !canTry);
        return wire;
    }

    @AfterEach
    void everythingEnds() throws Exception {
        engine.close();
        for (CompletableFuture<Void> thread : threads) {
            thread.get(50, TimeUnit.SECONDS);
        }
        assertThat(engine.statistics().open()).isZero();
        assertThat(troubles).isEmpty();
    }

    private void assertFailed(Scripted protocol, String call, int errno) throws Exception {
        assertThat(protocol.cause())
                .isInstanceOfSatisfying(
                        ErrnoException.class,
                        e -> {
                            assertThat(e.call()).isEqualTo(call);
                            assertThat(e.errno()).isEqualTo(errno);
                        });
        assertThat(protocol.count("disconnected")).isOne();
    }

    private static void awaitTaken(ScriptedBlockingWire wire, byte[] expected) {
        Rig.eventually(
                expected.length + " bytes taken", () -> wire.taken().length >= expected.length);
        assertThat(wire.taken()).isEqualTo(expected);
    }

    @Test
    void sendsOfEverySizeAndNone() throws Exception {
        byte[] answer = pattern(60_000);
        for (int size : new int[] {1, 100, 8191, 8192, 8193, 59_999}) {
            Scripted protocol = new Scripted();
            ScriptedBlockingWire wire =
                    new ScriptedBlockingWire(canTry).sends(size, size, -Errno.EINTR, size);
            serve(protocol, wire);
            Transport transport = protocol.transport();
            transport.execute(() -> {
                transport.write(ByteBuffer.wrap(answer, 0, 10));
                try (SharedBytes shared = SharedBytes.copyOf(ByteBuffer.wrap(answer, 10, 20_000))) {
                    transport.write(shared);
                }
                transport.write(ByteBuffer.wrap(answer, 20_010, answer.length - 20_010));
            });
            awaitTaken(wire, answer);
            Rig.eventually("nothing is queued", () -> transport.queuedBytes() == 0);
        }
    }

    @Test
    void aFullSocketIsWaitedForByAnotherThread() throws Exception {
        Scripted protocol = new Scripted();
        ScriptedBlockingWire wire = serve(protocol, new ScriptedBlockingWire(canTry).room(0));
        Transport transport = protocol.transport();
        transport.write(utf8("一"));
        Rig.eventually("a writer sleeps", wire::isAsleepInSend);
        transport.write(utf8("二"));
        wire.comes(new byte[] {'x'});
        protocol.await("received 1");
        transport.write(utf8("三"));
        assertThat(transport.queuedBytes()).isEqualTo(9);
        wire.room(4);
        Rig.eventually("4 bytes taken", () -> wire.taken().length == 4);
        wire.room(Integer.MAX_VALUE);
        awaitTaken(wire, "一二三".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anErrorOfEverySend() throws Exception {
        int[] errors = {Errno.EPIPE, Errno.ECONNRESET, Errno.ENOBUFS, Errno.ENOMEM};
        for (int failing = 0; failing < 6; failing++) {
            int errno = errors[failing % errors.length];
            ScriptedBlockingWire wire = new ScriptedBlockingWire(canTry);
            for (int i = 0; i < failing; i++) {
                wire.sends(5_000);
            }
            Scripted protocol = new Scripted();
            serve(protocol, wire.sends(-errno));
            protocol.transport().write(ByteBuffer.wrap(pattern(40_000)));
            assertFailed(protocol, "send", errno);
            assertThat(wire.hasFollowedTheScript()).isTrue();
            assertThat(wire.taken()).isEqualTo(Arrays.copyOf(pattern(40_000), wire.taken().length));
            assertThat(wire.taken()).hasSizeBetween(failing * 1_000, failing * 5_000);
            Rig.eventually("it is closed", () -> wire.closed() == 1);
        }
    }

    @Test
    void anErrorOfEveryReceive() throws Exception {
        for (int errno : new int[] {Errno.ECONNRESET, Errno.ETIMEDOUT, Errno.ENOMEM}) {
            Scripted protocol = new Scripted();
            serve(
                    protocol,
                    new ScriptedBlockingWire(canTry).receives(-Errno.EINTR, -Errno.EINTR, -errno));
            assertFailed(protocol, "recv", errno);
        }
    }

    @Test
    void nobodyIsInsideWhenItIsClosed() throws Exception {
        for (int i = 0; i < 50; i++) {
            Scripted protocol = new Scripted();
            ScriptedBlockingWire wire = serve(protocol, new ScriptedBlockingWire(canTry).room(0));
            Transport transport = protocol.transport();
            transport.write(ByteBuffer.wrap(pattern(10_000)));
            Rig.eventually("a writer sleeps", wire::isAsleepInSend);
            transport.abort();
            assertThat(protocol.reason()).isEqualTo(Reason.ABORTED);
            Rig.eventually("it is closed", () -> wire.closed() == 1);
            assertThat(wire.insideAtClose()).isZero();
            assertThat(wire.wasReset()).isTrue();
            assertThat(transport.queuedBytes()).isZero();
        }
    }

    @Test
    void aSlowPeerIsCutOffWhileAWriterSleeps() throws Exception {
        Scripted protocol = new Scripted();
        ScriptedBlockingWire wire = serve(protocol, new ScriptedBlockingWire(canTry).room(10));
        Transport transport = protocol.transport();
        transport.write(ByteBuffer.wrap(pattern(LIMIT - 10_000)));
        Rig.eventually("a writer sleeps", wire::isAsleepInSend);
        transport.write(ByteBuffer.wrap(pattern(11_000)));
        assertThat(protocol.reason()).isEqualTo(Reason.SLOW_RECEIVER);
        assertThat(engine.statistics().disconnectedSlow()).isOne();
    }

    @Test
    void aPeerThatTakesNothingStallsAndOneThatTakesALittleDoesNot() throws Exception {
        writeTimeout = Duration.ofSeconds(2);
        Scripted protocol = new Scripted();
        ScriptedBlockingWire wire = serve(protocol, new ScriptedBlockingWire(canTry).room(0));
        Transport transport = protocol.transport();
        transport.write(ByteBuffer.wrap(pattern(50_000)));
        long begin = System.nanoTime();
        for (int i = 1; i <= 10; i++) {
            int expected = i;
            wire.room(1);
            Rig.eventually("a byte is taken", () -> wire.taken().length >= expected);
        }
        assertThat(protocol.reason()).isEqualTo(Reason.WRITE_STALLED);
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(2_000_000_000);
    }

    @Test
    void manyWritersKeepTheirOrderThroughShortSends() throws Exception {
        Scripted protocol = new Scripted();
        ScriptedBlockingWire wire = new ScriptedBlockingWire(canTry);
        for (int i = 0; i < 500; i++) {
            wire.sends(1 + i % 13);
        }
        serve(protocol, wire);
        Transport transport = protocol.transport();
        int writers = 4;
        int writes = 500;
        List<CompletableFuture<Void>> jobs = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            int writer = w;
            jobs.add(
                    Background.run(() -> {
                        for (int i = 0; i < writes; i++) {
                            transport.write(ByteBuffer.allocate(8).putInt(writer).putInt(i).flip());
                        }
                    }));
        }
        for (CompletableFuture<Void> job : jobs) {
            job.get(50, TimeUnit.SECONDS);
        }
        int all = writers * writes * 8;
        Rig.eventually("all is taken", () -> wire.taken().length == all);
        int[] next = new int[writers];
        ByteBuffer taken = ByteBuffer.wrap(wire.taken());
        while (taken.hasRemaining()) {
            int writer = taken.getInt();
            assertThat(taken.getInt()).isEqualTo(next[writer]++);
        }
    }

    /// As the JDK's own classes throw where there is no descriptor for them; a stop waited for such
    /// a connection for ever.
    @Test
    void aReceiveThatThrowsEndsItsConnectionAndHoldsUpNoStop() throws Exception {
        Scripted protocol = new Scripted();
        ScriptedBlockingWire wire =
                new ScriptedBlockingWire(canTry)
                        .receiveThrows(new NoClassDefFoundError("no descriptor"));
        serve(protocol, wire);
        assertThat(protocol.reason()).isEqualTo(Reason.ABORTED);
        Rig.eventually("it is closed", () -> wire.closed() == 1);
        assertThat(wire.wasReset()).isTrue();
        Rig.eventually("it is counted", () -> engine.statistics().open() == 0);
        assertThat(troubles)
                .containsExactly(
                        "a connection's thread failed, it is reset:"
                                + " java.lang.NoClassDefFoundError: no descriptor");
        troubles.clear();
    }

    /// Errors of the JDK's own classes included, which need a descriptor or memory to be loaded.
    @Test
    void aDoorThatThrowsIsTriedAgainAndSaysSoOnce() throws Exception {
        Scripted first = new Scripted();
        serve(first).comes(new byte[] {'x'});
        first.transport();
        Scripted newcomer = new Scripted();
        ScriptedBlockingWire wire = new ScriptedBlockingWire(canTry);
        ScriptedDoor door =
                new ScriptedDoor(
                        new NoClassDefFoundError("no descriptor"),
                        new OutOfMemoryError("no memory"),
                        new IllegalStateException("no idea"),
                        wire);
        BlockingAcceptor acceptor = new BlockingAcceptor(engine, door, () -> newcomer, null);
        engine.threads().start("door", acceptor, false);
        newcomer.transport();
        assertThat(troubles)
                .containsExactly(
                        "cannot accept, trying again soon:"
                                + " java.lang.NoClassDefFoundError: no descriptor");
        troubles.clear();
        acceptor.close();
        assertThat(door.closings).hasValue(1);
    }

    /// Where there is no descriptor the JDK cannot load its classes either.
    @Test
    void aDoorSurvivesWhatIsThrownWhileItTurnsSomebodyAway() throws Exception {
        Scripted first = new Scripted();
        serve(first);
        first.transport();
        Scripted newcomer = new Scripted();
        ScriptedDoor door =
                new ScriptedDoor(
                        new ErrnoException(Errno.EMFILE, "accept", 3),
                        new NoClassDefFoundError("no descriptor"),
                        new ScriptedBlockingWire(canTry));
        var acceptor = new BlockingAcceptor(engine, door, () -> newcomer, new Reserve());
        engine.threads().start("door", acceptor, false);
        newcomer.transport();
        assertThat(troubles.poll()).startsWith("cannot accept, waiting for a descriptor");
        acceptor.close();
    }

    /// What accept(2) says of a newcomer is no reason to keep the next ones waiting.
    @Test
    void errorsOfANewcomerPassOverItAlone() throws Exception {
        Scripted first = new Scripted();
        serve(first);
        first.transport();
        List<Object> script = new ArrayList<>();
        for (int errno : NEWCOMERS_ERRORS) {
            script.add(new ErrnoException(errno, "accept", 3));
        }
        Scripted newcomer = new Scripted();
        script.add(new ScriptedBlockingWire(canTry));
        ScriptedDoor door = new ScriptedDoor(script.toArray());
        BlockingAcceptor acceptor = new BlockingAcceptor(engine, door, () -> newcomer, null);
        engine.threads().start("door", acceptor, false);
        newcomer.transport();
        assertThat(troubles).isEmpty();
        assertThat(engine.statistics().refused()).isZero();
        acceptor.close();
    }
}
