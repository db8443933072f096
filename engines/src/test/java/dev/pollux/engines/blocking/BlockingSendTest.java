package dev.pollux.engines.blocking;

import static dev.pollux.engines.Texts.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.engines.Background;
import dev.pollux.engines.DisconnectedException;
import dev.pollux.engines.Group;
import dev.pollux.engines.Limits;
import dev.pollux.engines.Rig;
import dev.pollux.engines.Scripted;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// Who sends what a blocking engine's connections have queued, and what others do meanwhile: over a
/// socket that can be tried, and over one where every send may sleep.
@ParameterizedClass(name = "a send can be tried: {0}")
@ValueSource(booleans = {true, false})
@Timeout(60)
final class BlockingSendTest {
    private static final int LOW = 1_000;
    private static final int LIMIT = 200_000;

    @Parameter boolean canTry;

    private final ConcurrentLinkedQueue<String> troubles = new ConcurrentLinkedQueue<>();
    private final List<CompletableFuture<Void>> threads = new ArrayList<>();
    private BlockingEngine engine;

    private Limits limits = Rig.PATIENT.withOutbound(LOW, 100_000, LIMIT);

    private BlockingEngine engine() {
        if (engine == null) {
            Serving serving = canTry ? Serving.BY_THREAD : Serving.BY_VIRTUAL_THREAD;
            engine =
                    new BlockingEngine(
                            "blocking", serving, limits, 1, (line, _) -> troubles.add(line));
        }
        return engine;
    }

    private ScriptedBlockingWire serve(Scripted protocol, ScriptedBlockingWire wire)
            throws Exception {
        assertThat(engine().claim()).isTrue();
        CompletableFuture<Void> thread = new CompletableFuture<>();
        threads.add(thread);
        engine.threads()
                .start(
                        "test",
                        () -> {
                            new Arrival(engine, wire, () -> protocol).run();
                            thread.complete(null);
                        },
                        !canTry);
        protocol.transport();
        return wire;
    }

    @AfterEach
    void everythingEnds() throws Exception {
        Background.run(engine()::close).get(20, TimeUnit.SECONDS);
        for (CompletableFuture<Void> thread : threads) {
            thread.get(50, TimeUnit.SECONDS);
        }
        assertThat(engine.statistics().open()).isZero();
        assertThat(troubles).isEmpty();
    }

    /// It was one that had gone beyond its limit, whose peer was asked at once.
    @Test
    void nobodySendsWhileAGroupIsLocked() throws Exception {
        assumeTrue(canTry, "nobody asks whether there is room");
        Group group = engine().group();
        Scripted member = new Scripted().onConnected(group::join);
        ScriptedBlockingWire wire = serve(member, new ScriptedBlockingWire(canTry));
        Rig.eventually("it has joined", () -> group.size() == 1);
        AtomicReference<Throwable> locked = new AtomicReference<>();
        wire.onSend(() -> {
            try {
                Background.run(group::size).get(5, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                locked.set(e);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        group.broadcast(ByteBuffer.wrap(pattern(LIMIT + 10_000)));
        Rig.eventually("all is taken", () -> wire.taken().length == LIMIT + 10_000);
        assertThat(locked).hasNullValue();
        assertThat(member.isOver()).isFalse();
    }

    /// It sent on for as long as others wrote, and its peer was not heard.
    @Test
    void whoSendsItsOwnAnswerDoesNotSendWhatOthersHaveAdded() throws Exception {
        Scripted protocol = new Scripted();
        protocol.onReceived((transport, bytes) -> {
            protocol.take(bytes);
            transport.write(ByteBuffer.wrap(pattern(10)));
        });
        ScriptedBlockingWire wire = serve(protocol, new ScriptedBlockingWire(canTry).room(0));
        wire.comes(new byte[] {'a'});
        protocol.await("received 1");
        Rig.eventually("a sender sleeps", wire::isAsleepInSend);
        protocol.transport().write(ByteBuffer.wrap(pattern(50_000)));
        wire.room(10);
        Rig.eventually("the answer is taken", () -> wire.taken().length == 10);
        wire.comes(new byte[] {'b'});
        protocol.await("received 1");
        wire.room(Integer.MAX_VALUE);
        Rig.eventually("all is taken", () -> wire.taken().length == 50_020);
    }

    /// A signal is no input.
    @Test
    void whoIsInterruptedByASignalIsNoLessSilent() throws Exception {
        limits =
                limits.withTimeouts(
                        Duration.ofMillis(100),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1));
        Scripted protocol = new Scripted();
        serve(protocol, new ScriptedBlockingWire(canTry).isInterruptedAlways());
        assertThat(protocol.reason()).isEqualTo(DisconnectedException.Reason.IDLE);
    }

    /// The first of them held up the end of all others, and the stop waited for them for ever.
    @Test
    void aStopCutsOffAllWhateverBecomesOfOne() throws Exception {
        List<Scripted> protocols = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Scripted protocol = new Scripted().onStopping(_ -> true);
            protocols.add(protocol);
            serve(protocol, new ScriptedBlockingWire(canTry).resetThrows());
        }
        Background.run(() -> engine.stop(Duration.ZERO)).get(20, TimeUnit.SECONDS);
        for (Scripted protocol : protocols) {
            assertThat(protocol.reason()).isEqualTo(DisconnectedException.Reason.STOPPED);
        }
        assertThat(troubles).isNotEmpty();
        troubles.clear();
    }
}
