package dev.pollux.engines.loop;

import static dev.pollux.engines.Texts.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.DisconnectedException.Reason;
import dev.pollux.engines.Flavor;
import dev.pollux.engines.NativeEnd;
import dev.pollux.engines.Protocol;
import dev.pollux.engines.Rig;
import dev.pollux.engines.Scripted;
import dev.pollux.engines.Transport;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// What a loop does about a budget that is passed while those that it has cut off are still
/// leaving.
@ParameterizedClass(name = "{0}")
@MethodSource("dev.pollux.engines.Flavor#loopsOverDescriptors")
@Timeout(60)
final class HoldingsTest {
    private static final int MEBIBYTE = 1 << 20;
    private static final long BUDGET = 16L * MEBIBYTE;

    @RegisterExtension final Rig rig;

    HoldingsTest(Flavor flavor) {
        rig =
                new Rig(flavor)
                        .with(
                                Rig.PATIENT
                                        .withOutbound(MEBIBYTE, MEBIBYTE, 1 << 30)
                                        .withMemory(BUDGET));
    }

    private Scripted connect(NativeEnd end) throws Exception {
        Scripted protocol = new Scripted();
        Protocol watched = rig.watched(protocol);
        ((LoopEngine) rig.engine()).doors().accepted(new WaitingWire(end.fd()), () -> watched);
        return protocol;
    }

    private static void write(Transport transport, int mebibytes) {
        transport.write(ByteBuffer.wrap(pattern(mebibytes * MEBIBYTE)));
    }

    /// Waits until a turn is over.
    private static void turn(Transport transport) throws InterruptedException {
        Rig.caughtUp(transport);
        Rig.caughtUp(transport); // In the next one.
    }

    private static void decideLater(Transport transport) {
        ((Connection) transport).loop().hand(() -> WaitingWire.decide(transport), 0);
    }

    /// As much has come, in the same turn, as has left.
    @Test
    void whenThoseThatWereCutOffHaveLeftItLooksAgain() throws Exception {
        NativeEnd[] one = NativeEnd.pair();
        NativeEnd[] another = NativeEnd.pair();
        try (NativeEnd _ = one[1];
                NativeEnd _ = another[1]) {
            Scripted greedy = connect(one[0]);
            Scripted other = connect(another[0]);
            Transport leaving = greedy.transport();
            Transport coming = other.transport();
            try {
                coming.execute(() -> write(coming, 6));
                turn(coming);
                leaving.execute(() -> write(leaving, 11));
                turn(coming);
                assertThat(leaving.isOpen()).as("the greediest is cut off").isFalse();
                assertThat(greedy.isOver()).as("its send is under way").isFalse();
                assertThat(coming.isOpen()).isTrue();
                coming.execute(() -> {
                    WaitingWire.decide(leaving);
                    write(coming, 11);
                });
                assertThat(greedy.reason()).isEqualTo(Reason.OVER_BUDGET);
                turn(coming);
                assertThat(coming.isOpen()).as("who came meanwhile").isFalse();
            } finally {
                coming.abort();
                leaving.abort();
                decideLater(coming);
                decideLater(leaving);
            }
            assertThat(other.reason()).isEqualTo(Reason.OVER_BUDGET);
            rig.awaitOpen(0);
            assertThat(rig.engine().statistics().heldBytes()).isLessThan(MEBIBYTE);
        }
    }
}
