package dev.pollux.engines.loop;

import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.Client;
import dev.pollux.engines.DisconnectedException.Reason;
import dev.pollux.engines.Flavor;
import dev.pollux.engines.Rig;
import dev.pollux.engines.Scripted;
import dev.pollux.engines.Texts;
import dev.pollux.engines.io.CountedBytes;
import dev.pollux.engines.shared.Pace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// What was handed over to a loop and throws there costs who it was for, and nobody else.
@ParameterizedClass(name = "{0}")
@MethodSource("dev.pollux.engines.Flavor#loopsOverDescriptors")
final class EngineHandoverTest {
    @RegisterExtension final Rig rig;

    EngineHandoverTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    private void assertOthersAreServed() throws Exception {
        Client other = rig.connect(rig.door(Texts::echo));
        assertThat(other.send("还在").receive("还在")).isEqualTo("还在");
    }

    /// What another thread asks of a connection takes memory, too.
    @Test
    void whatIsAskedFromOutsideThatThrowsEndsThatConnectionOnly() throws Exception {
        rig.expectTrouble("a connection failed, it is reset");
        Scripted protocol = new Scripted();
        Client client = rig.connect(rig.doorFor(protocol), protocol);
        ((Connection) protocol.transport())
                .hand(() -> {
                    throw new OutOfMemoryError("no memory");
                });
        assertThat(protocol.reason()).isEqualTo(Reason.ABORTED);
        client.assertReset();
        assertOthersAreServed();
    }

    /// Where there is no memory for a broadcast, who cannot hear it does not miss it unknowingly.
    @Test
    void aBroadcastThatThrowsOnALoopEndsItsMembersThereOnly() throws Exception {
        rig.expectTrouble("a connection failed, it is reset");
        Scripted member = new Scripted();
        rig.connect(rig.doorFor(member), member);
        Connection connection = (Connection) member.transport();
        CountedBytes gone = CountedBytes.copyOf(utf8("所有人"));
        gone.release();
        connection
                .loop()
                .hand(
                        () -> {
                            GroupPart part = new GroupPart(connection.loop(), new Pace());
                            part.addPosted(connection);
                            part.broadcastPosted(gone, null);
                        },
                        0);
        assertThat(member.reason()).isEqualTo(Reason.ABORTED);
        assertOthersAreServed();
    }
}
