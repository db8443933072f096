package dev.pollux.engines.blocking;

import static dev.pollux.engines.Texts.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.DisconnectedException.Reason;
import dev.pollux.engines.Rig;
import dev.pollux.engines.Scripted;
import dev.pollux.engines.Transport;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A peer of a blocking engine for which a writer sleeps, and for which too much waits: it is slow
/// when its socket has no room, not when the writer has only not woken yet.
@Timeout(60)
final class StaleJudgementTest {
    private static final int LIMIT = 200_000;

    private final ConcurrentLinkedQueue<String> troubles = new ConcurrentLinkedQueue<>();
    private final BlockingEngine engine =
            new BlockingEngine(
                    "blocking-threads",
                    Serving.BY_THREAD,
                    Rig.PATIENT.withOutbound(1_000, 100_000, LIMIT),
                    1,
                    (line, _) -> troubles.add(line));
    private final Scripted protocol = new Scripted();
    private final ScriptedBlockingWire wire = new ScriptedBlockingWire(true).room(10);
    private final CompletableFuture<Void> thread = new CompletableFuture<>();

    @BeforeEach
    void aWriterSleeps() throws Exception {
        assertThat(engine.claim()).isTrue();
        Runnable connection =
                () -> {
                    new Arrival(engine, wire, () -> protocol).run();
                    thread.complete(null);
                };
        engine.threads().start("test", connection, false);
        protocol.transport().write(ByteBuffer.wrap(pattern(LIMIT - 10_000)));
        Rig.eventually("a writer sleeps", wire::isAsleepInSend);
    }

    @AfterEach
    void everythingEnds() throws Exception {
        engine.close();
        thread.get(50, TimeUnit.SECONDS);
        assertThat(troubles).isEmpty();
    }

    @Test
    void whoHasJustMadeRoomIsNotSlowBeforeTheWriterWakes() throws Exception {
        Transport transport = protocol.transport();
        synchronized (wire) { // So the writer does not wake yet.
            wire.room(Integer.MAX_VALUE);
            transport.write(ByteBuffer.wrap(pattern(11_000)));
        }
        Rig.eventually("nothing is queued", () -> transport.queuedBytes() == 0);
        assertThat(transport.isOpen()).isTrue();
        assertThat(wire.taken()).hasSize(LIMIT + 1_000);
    }

    @Test
    void whoMakesTooLittleRoomIsSlowWhenTheWriterHasFilledIt() throws Exception {
        Transport transport = protocol.transport();
        synchronized (wire) { // So the writer does not wake yet.
            wire.room(500);
            transport.write(ByteBuffer.wrap(pattern(11_000)));
            assertThat(transport.isOpen()).isTrue();
        }
        assertThat(protocol.reason()).isEqualTo(Reason.SLOW_RECEIVER);
    }

    @Test
    void whoMakesNoRoomIsSlowAtOnce() throws Exception {
        protocol.transport().write(ByteBuffer.wrap(pattern(11_000)));
        assertThat(protocol.reason()).isEqualTo(Reason.SLOW_RECEIVER);
        assertThat(wire.isAsleepInSend()).isFalse();
    }
}
