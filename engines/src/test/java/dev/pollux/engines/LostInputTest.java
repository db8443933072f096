package dev.pollux.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.DisconnectedException.Reason;
import dev.pollux.engines.loop.Connection;
import dev.pollux.engines.models.IoModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Input that was dropped is not taken for all there was.
@Timeout(60)
final class LostInputTest {
    @RegisterExtension final Rig rig = new Rig(new Flavor(IoModel.choose().model(), 1));

    /// A kernel that receives by itself brings the end in the turn in which the connection failed,
    /// behind bytes that nobody gets any more.
    @Test
    void theEndIsNotToldOfAConnectionThatFails() throws Exception {
        Scripted protocol = new Scripted();
        protocol.onReceived((transport, bytes) -> {
            protocol.take(bytes);
            transport.abort();
            ((Connection) transport).receiver().takeEnd();
        });
        NativeEnd[] pair = NativeEnd.pair();
        try (NativeEnd peer = pair[1].blocking()) {
            rig.engine().adopt(pair[0].fd(), rig.watched(protocol));
            peer.write("half of it");
            assertThat(protocol.reason()).isEqualTo(Reason.ABORTED);
            rig.engine().close();
            assertThat(protocol.log()).doesNotContain("eof");
        } finally {
            pair[0].close();
        }
    }
}
