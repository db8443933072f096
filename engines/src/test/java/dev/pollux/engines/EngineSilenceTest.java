package dev.pollux.engines;

import static dev.pollux.engines.Texts.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.engines.DisconnectedException.Reason;
import java.io.IOException;
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
                return longest < stallNanos / 2; // Cut off: the caller judges.
            }
            LockSupport.parkNanos(20_000_000); // It is the peer that is slow here.
            long now = System.nanoTime();
            longest = Math.max(longest, now - last);
            last = now;
        }
        return longest < stallNanos / 2;
    }
}
