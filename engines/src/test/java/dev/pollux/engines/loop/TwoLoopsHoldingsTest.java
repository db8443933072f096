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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// What two loops do together about a budget that is passed: one at a time, and no more than what
/// is needed.
@ParameterizedClass(name = "{0}")
@MethodSource("dev.pollux.engines.Flavor#twoLoopsOverDescriptors")
@Timeout(60)
final class TwoLoopsHoldingsTest {
    private static final int MEBIBYTE = 1 << 20;
    private static final long BUDGET = 16L * MEBIBYTE;

    @RegisterExtension final Rig rig;

    private final List<NativeEnd> peers = new ArrayList<>();

    TwoLoopsHoldingsTest(Flavor flavor) {
        rig =
                new Rig(flavor)
                        .with(
                                Rig.PATIENT
                                        .withOutbound(MEBIBYTE, MEBIBYTE, 1 << 30)
                                        .withMemory(BUDGET));
    }

    @AfterEach
    void hangUp() {
        peers.forEach(NativeEnd::close);
    }

    private LoopEngine engine() throws Exception {
        return (LoopEngine) rig.engine();
    }

    /// {@return a connection whose sends wait until they are decided, on the other loop than the
    /// one before}
    private Scripted connect() throws Exception {
        NativeEnd[] ends = NativeEnd.pair();
        peers.add(ends[1]);
        Scripted protocol = new Scripted();
        Protocol watched = rig.watched(protocol);
        engine().doors().accepted(new WaitingWire(ends[0].fd()), () -> watched);
        protocol.transport();
        return protocol;
    }

    /// Writes, and waits until the turn is over.
    private static void write(Scripted protocol, int mebibytes) throws Exception {
        Transport transport = protocol.transport();
        byte[] bytes = pattern(mebibytes * MEBIBYTE);
        transport.execute(() -> transport.write(ByteBuffer.wrap(bytes)));
        turn(protocol);
    }

    private static void turn(Scripted protocol) throws Exception {
        Rig.caughtUp(protocol.transport());
        Rig.caughtUp(protocol.transport()); // In the next one.
    }

    private static boolean isOpen(Scripted protocol) throws Exception {
        return protocol.transport().isOpen();
    }

    private static void decide(Scripted protocol) throws Exception {
        Transport transport = protocol.transport();
        ((Connection) transport).loop().hand(() -> WaitingWire.decide(transport), 0);
    }

    private void end(Scripted... protocols) throws Exception {
        for (Scripted protocol : protocols) {
            protocol.transport().abort();
            decide(protocol);
        }
        rig.awaitOpen(0);
    }

    @Test
    void whatOneLoopHasCutOffIsNotMissingForTheOther() throws Exception {
        Scripted one = connect();
        Scripted other = connect();
        try {
            write(other, 7);
            write(one, 10);
            assertThat(isOpen(one)).as("the greediest is cut off").isFalse();
            assertThat(one.isOver()).as("its send is under way").isFalse();
            write(other, 5);
            assertThat(isOpen(other)).as("on the loop that holds the most, for now").isTrue();
            write(other, 5);
            assertThat(isOpen(other)).as("who holds more than all may alone").isFalse();
        } finally {
            end(one, other);
        }
        assertThat(one.reason()).isEqualTo(Reason.OVER_BUDGET);
        assertThat(other.reason()).isEqualTo(Reason.OVER_BUDGET);
        assertThat(engine().statistics().heldBytes()).isLessThan(MEBIBYTE);
    }

    /// Who finds another at it goes to sleep over the budget, and is woken by a loop that looks
    /// once the claim is free.
    @Test
    void whileOneChoosesNobodyElseDoes() throws Exception {
        Scripted one = connect();
        Scripted other = connect();
        Transport greedy = other.transport();
        Budget budget = engine().budget();
        try {
            write(one, 4);
            assertThat(budget.claim()).isTrue();
            write(other, 13);
            assertThat(budget.isExceeded()).isTrue();
            assertThat(greedy.isOpen()).as("while another chooses").isTrue();
            budget.giveBack();
            write(one, 7);
            Rig.eventually("the greediest is cut off", () -> !greedy.isOpen());
            assertThat(isOpen(one)).isTrue();
        } finally {
            end(one, other);
        }
    }
}
