package dev.pollux.engines.blocking;

import static dev.pollux.engines.Texts.pattern;
import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.engines.Background;
import dev.pollux.engines.DisconnectedException.Reason;
import dev.pollux.engines.Protocol;
import dev.pollux.engines.Rig;
import dev.pollux.engines.Scripted;
import dev.pollux.engines.io.CountedBytes;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A blocking engine that finds no thread, memory or descriptor where it needs one: the counts stay
/// right, so that a stop ends.
@Timeout(60)
final class BlockingShortageTest {
    private static final Supplier<Protocol> NONE =
            () -> {
                throw new OutOfMemoryError("no memory");
            };

    private final ConcurrentLinkedQueue<String> troubles = new ConcurrentLinkedQueue<>();

    /// How many threads the system still gives.
    private final AtomicInteger given = new AtomicInteger(Integer.MAX_VALUE);

    /// The last thread that it did not give.
    private volatile WeakReference<Thread> refused = new WeakReference<>(null);

    private BlockingEngine open(Serving serving) {
        return new BlockingEngine(
                "blocking",
                serving,
                Rig.PATIENT,
                1,
                (line, _) -> troubles.add(line),
                thread -> {
                    if (given.getAndDecrement() <= 0) {
                        refused = new WeakReference<>(thread);
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    thread.start();
                });
    }

    private static Scripted serve(BlockingEngine engine, ScriptedBlockingWire wire)
            throws Exception {
        assertThat(engine.claim()).isTrue();
        Scripted protocol = new Scripted();
        engine.threads().start("test", new Arrival(engine, wire, () -> protocol), false);
        protocol.transport();
        return protocol;
    }

    private static void end(BlockingEngine engine) throws Exception {
        Background.run(engine::close).get(20, TimeUnit.SECONDS);
        assertThat(engine.statistics().open()).isZero();
    }

    /// Whose thread is the door's, which closes whoever gets none.
    @Test
    void whoGetsNoProtocolAndCannotBeClosedIsCountedClosedOnce() throws Exception {
        BlockingEngine engine = open(Serving.BY_ACCEPTOR);
        ScriptedBlockingWire wire = new ScriptedBlockingWire(true).closeThrows();
        BlockingAcceptor acceptor =
                new BlockingAcceptor(engine, new ScriptedDoor(wire), NONE, null);
        engine.threads().start("door", acceptor, false);
        Rig.eventually("it is closed", () -> wire.closed() > 0);
        acceptor.close();
        assertThat(wire.closed()).isOne();
        assertThat(engine.statistics().open()).isZero();
        assertThat(engine.statistics().refused()).isZero();
        end(engine);
    }

    /// Those that wait for a worker are closed by the stop, one after the other.
    @Test
    void aStopClosesAllWhoWaitWhateverBecomesOfOne() throws Exception {
        BlockingEngine engine = open(Serving.BY_WORKER);
        Scripted served = new Scripted().onStopping(transport -> false);
        assertThat(engine.claim()).isTrue();
        engine.threads().serve(new Arrival(engine, new ScriptedBlockingWire(true), () -> served));
        served.transport();
        ScriptedBlockingWire[] waiting = new ScriptedBlockingWire[3];
        for (int i = 0; i < waiting.length; i++) {
            waiting[i] = new ScriptedBlockingWire(true).closeThrows();
            assertThat(engine.claim()).isTrue();
            engine.threads().serve(new Arrival(engine, waiting[i], Scripted::new));
        }
        end(engine);
        assertThat(waiting).allMatch(wire -> wire.closed() == 1);
    }

    /// A door that gets none for its newcomers would keep one more of them each time.
    @ParameterizedTest
    @EnumSource(names = {"BY_THREAD", "BY_VIRTUAL_THREAD"})
    void aThreadThatCouldNotBeStartedIsForgotten(Serving serving) throws Exception {
        BlockingEngine engine = open(serving);
        given.set(0);
        assertThatThrownBy(() -> engine.threads().start("test", () -> {}, serving.parks()))
                .isInstanceOf(IOException.class)
                .hasMessage("unable to create native thread");
        Rig.eventually(
                "it is forgotten",
                () -> {
                    System.gc();
                    return refused.refersTo(null);
                });
        end(engine);
        assertThat(troubles).isEmpty();
    }

    /// What it is to do would be lost with it.
    @Test
    void aThreadThatFindsNoMemoryToBeginWithTriesAgain() {
        AtomicInteger attempts = new AtomicInteger();
        Threads.insist(() -> {
            if (attempts.incrementAndGet() < 3) {
                throw new OutOfMemoryError("no memory");
            }
        });
        assertThat(attempts).hasValue(3);
    }

    @Test
    void whoseOutputNoThreadCanSendIsReset() throws Exception {
        BlockingEngine engine = open(Serving.BY_THREAD);
        ScriptedBlockingWire wire = new ScriptedBlockingWire(true).room(0);
        Scripted protocol = serve(engine, wire);
        engine.threads().close(); // From now on it gives none.
        protocol.transport().write(ByteBuffer.wrap(pattern(10_000)));
        assertThat(protocol.reason()).isEqualTo(Reason.ABORTED);
        Rig.eventually("it is closed", () -> wire.closed() == 1);
        assertThat(wire.wasReset()).isTrue();
        assertThat(troubles)
                .singleElement()
                .asString()
                .startsWith("no thread to send with, a connection is reset");
        end(engine);
    }

    @Test
    void aBroadcastThatOneMemberCannotQueueCostsThatMemberOnly() throws Exception {
        BlockingEngine engine = open(Serving.BY_THREAD);
        Scripted poor = serve(engine, new ScriptedBlockingWire(true));
        ScriptedBlockingWire wire = new ScriptedBlockingWire(true);
        Scripted other = serve(engine, wire);
        CountedBytes gone = CountedBytes.copyOf(utf8("所有人"));
        gone.release();
        ((BlockingConnection) poor.transport()).queueForGroup(gone);
        assertThat(poor.reason()).isEqualTo(Reason.ABORTED);
        other.transport().write(ByteBuffer.wrap(pattern(100)));
        Rig.eventually("the other is served", () -> wire.taken().length == 100);
        end(engine);
    }
}
