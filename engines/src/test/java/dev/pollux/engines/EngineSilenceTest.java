package dev.pollux.engines;

import static dev.pollux.engines.Texts.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.engines.DisconnectedException.Reason;
import dev.pollux.engines.io.Uptake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// The engine's own timers: a peer that says nothing, and one that takes nothing.
@ParameterizedClass(name = "{0}")
@MethodSource("dev.pollux.engines.Flavor#alone")
@Timeout(60)
final class EngineSilenceTest {
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final int ATTEMPTS_MAX = 10;
    private static final String TOO_BUSY =
            "the machine is too busy: the peer itself stalls, which proves nothing";

    @RegisterExtension final Rig rig;

    EngineSilenceTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    @Test
    void whoIsSilentForTooLongIsCutOffAndWhoTalksIsNot() throws Exception {
        rig.with(
                Limits.DEFAULT.withTimeouts(
                        SHORT, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(30)));
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            Scripted silent = new Scripted();
            Scripted talking = new Scripted().onReceived(Transport::write);
            SocketAddress door = rig.doorFor(silent, talking);
            long begin = System.nanoTime();
            Client deserter = rig.connect(door, silent);
            boolean talked = talkUntil(silent, door);
            assertThat(silent.reason()).isEqualTo(Reason.IDLE);
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(SHORT.toNanos());
            deserter.assertReset();
            if (talked) {
                assertThat(talking.isOver()).isFalse();
                return;
            }
        }
        assumeTrue(false, TOO_BUSY);
    }

    /// Connects, talks and listens all the time.
    ///
    /// @return whether no pause in it was near the limit
    private boolean talkUntil(Scripted other, SocketAddress door) throws IOException {
        long last = System.nanoTime();
        long longest = 0;
        Client talker = rig.connect(door);
        while (!other.isOver()) {
            try {
                assertThat(talker.send("tick").receive("tick")).isEqualTo("tick");
            } catch (IOException e) {
                if (System.nanoTime() - last < SHORT.toNanos()) {
                    throw e; // It was cut off though it had talked.
                }
                return false;
            }
            long now = System.nanoTime();
            longest = Math.max(longest, now - last);
            last = now;
        }
        return longest < SHORT.toNanos() / 2;
    }

    @Test
    void whatIsWrittenToAPeerDoesNotCountAsItsTalking() throws Exception {
        rig.with(
                Limits.DEFAULT.withTimeouts(
                        SHORT, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(30)));
        Scripted protocol = new Scripted();
        Client client = rig.connect(rig.doorFor(protocol), protocol);
        while (!protocol.isOver()) {
            protocol.transport().write(Texts.utf8("."));
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(protocol.reason()).isEqualTo(Reason.IDLE);
        client.receiveWhatComes();
    }

    @Test
    void aPeerThatTakesNothingIsCutOff() throws Exception {
        rig.with(
                Limits.DEFAULT
                        .withOutbound(1, 1, 64 << 20)
                        .withTimeouts(Duration.ZERO, SHORT, Duration.ZERO, Duration.ofSeconds(30)));
        Scripted stalled =
                new Scripted()
                        .onConnected(
                                transport -> transport.write(ByteBuffer.wrap(pattern(16 << 20))));
        long begin = System.nanoTime();
        Client client = rig.connectNarrow(rig.doorFor(stalled));
        assertThat(stalled.reason()).isEqualTo(Reason.WRITE_STALLED);
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(SHORT.toNanos());
        client.assertReset();
    }

    @Test
    void aPeerThatTakesALittleNowAndThenIsNot() throws Exception {
        Duration stall = Duration.ofMillis(500);
        rig.with(
                Limits.DEFAULT
                        .withOutbound(1, 1, 64 << 20)
                        .withTimeouts(Duration.ZERO, stall, Duration.ZERO, Duration.ofSeconds(30)));
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            Scripted slow = new Scripted();
            slow.onConnected(transport -> transport.write(ByteBuffer.wrap(pattern(48 << 20))));
            if (takeALittle(rig.connect(rig.doorFor(slow)), stall.toNanos())) {
                assertThat(slow.isOver()).isFalse();
                return;
            }
        }
        assumeTrue(false, TOO_BUSY);
    }

    /// The kernel holds megabytes, and takes no more before a third of them have left.
    @Test
    void aPeerThatReadsSteadilyButSlowlyIsNotCutOff() throws Exception {
        assumeTrue(rig.flavor().seesUptake(), "this model sees only what the kernel takes from it");
        Duration stall = Duration.ofMillis(800);
        rig.with(
                Limits.DEFAULT
                        .withOutbound(1, 1, 64 << 20)
                        .withTimeouts(Duration.ZERO, stall, Duration.ZERO, Duration.ofSeconds(30)));
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            Scripted slow = new Scripted();
            slow.onConnected(transport -> transport.write(ByteBuffer.wrap(pattern(48 << 20))));
            Client client = rig.connectNarrow(rig.doorFor(slow));
            if (readAtEachLook(slow, client, stall.toNanos())) {
                assertThat(slow.isOver()).isFalse();
                return;
            }
        }
        assumeTrue(false, TOO_BUSY);
    }

    /// Reads a little whenever the engine has looked, until the kernel has taken nothing more for
    /// longer than a stall may last; where a look itself offers it more, for twice as long.
    ///
    /// @return whether no pause between two reads was near the limit
    private boolean readAtEachLook(Scripted slow, Client client, long stallNanos) throws Exception {
        Transport transport = slow.transport();
        long longest = 0;
        long last = System.nanoTime();
        long queued = -1;
        for (int looks = 0; looks < 2 * Uptake.LOOKS; ) {
            long before = looks();
            Rig.eventually("a look", () -> slow.isOver() || looks() > before);
            try {
                client.receive(48 * 1024);
            } catch (IOException e) {
                failUnlessPaused(e, Math.max(longest, System.nanoTime() - last), stallNanos);
                return false;
            }
            long now = System.nanoTime();
            longest = Math.max(longest, now - last);
            last = now;
            boolean counts = transport.queuedBytes() == queued || !rig.flavor().asksTheKernel();
            looks = counts ? looks + 1 : 0;
            queued = transport.queuedBytes();
        }
        return longest < stallNanos / 2;
    }

    /// It was cut off, which is right only where it has read nothing for long.
    private static void failUnlessPaused(IOException cutOff, long longest, long stallNanos)
            throws IOException {
        if (longest < stallNanos / 2) {
            throw cutOff;
        }
    }

    /// {@return a number that grows when the engine looks after a peer that takes nothing}
    private long looks() {
        EngineStatistics statistics = statistics();
        long asked = statistics.systemCalls().getOrDefault("ioctl", 0L);
        return rig.flavor().countsSends() ? asked : statistics.turns();
    }

    private EngineStatistics statistics() {
        try {
            return rig.engine().statistics();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads for longer than a stall may last, a little at a time.
    ///
    /// @return whether no pause between two reads was near the limit
    private static boolean takeALittle(Client client, long stallNanos) throws IOException {
        long begin = System.nanoTime();
        long last = begin;
        long longest = 0;
        while (last - begin < stallNanos * 3 / 2) {
            try {
                client.receive(400_000);
            } catch (IOException e) {
                failUnlessPaused(e, Math.max(longest, System.nanoTime() - last), stallNanos);
                return false;
            }
            LockSupport.parkNanos(20_000_000); // It is the peer that is slow here.
            long now = System.nanoTime();
            longest = Math.max(longest, now - last);
            last = now;
        }
        return longest < stallNanos / 2;
    }
}
