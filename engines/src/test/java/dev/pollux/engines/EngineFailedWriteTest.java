package dev.pollux.engines;

import static dev.pollux.engines.Texts.pattern;
import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Calls that fail for the caller's reasons alone, and what other threads see.
@EngineContract
final class EngineFailedWriteTest {
    @RegisterExtension final Rig rig;

    EngineFailedWriteTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    /// {@return bytes whose memory is given back already}
    private static ByteBuffer unreadable(int size) {
        try (Arena arena = Arena.ofConfined()) {
            return arena.allocate(size).asByteBuffer();
        }
    }

    private static void assertRefused(Transport transport) {
        assertThatThrownBy(() -> transport.write(unreadable(100_000)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> transport.write(unreadable(100)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void bytesThatCannotBeReadAreNotQueued() throws Exception {
        Scripted protocol = new Scripted();
        protocol.onReceived((transport, _) -> {
            assertRefused(transport);
            transport.write(utf8("之后"));
            assertRefused(transport);
            transport.close();
        });
        Client client = rig.connect(rig.doorFor(protocol), protocol).send("go");
        assertThat(client.receive("之后")).isEqualTo("之后");
        assertThat(client.receiveWhatComes()).isEmpty();
        assertThat(protocol.cause()).isNull();
    }

    @Test
    void bytesThatCannotBeReadAreNotQueuedFromOutside() throws Exception {
        Scripted protocol = new Scripted();
        Client client = rig.connect(rig.doorFor(protocol), protocol);
        assertRefused(protocol.transport());
        Rig.caughtUp(protocol.transport());
        assertThat(protocol.transport().queuedBytes()).isZero();
        protocol.transport().close();
        assertThat(client.receiveWhatComes()).isEmpty();
        client.close();
        assertThat(protocol.cause()).isNull();
    }

    @Test
    void whoAsksInALoopWhetherItIsOpenSeesItsEnd() throws Exception {
        Scripted protocol = new Scripted();
        Client client = rig.connect(rig.doorFor(protocol), protocol);
        Transport transport = protocol.transport();
        long[] asked = {0};
        long begin = System.nanoTime();
        var spinning =
                Background.run(() -> {
                    while (transport.isOpen()) {
                        asked[0]++;
                    }
                });
        Rig.eventually("it is compiled", () -> System.nanoTime() - begin > 300_000_000);
        client.close();
        spinning.get(50, TimeUnit.SECONDS);
        assertThat(asked[0]).isPositive();
    }

    @Test
    void aStopWithoutATimeIsRefused() throws Exception {
        Client client = rig.connect(rig.door(Texts::echo));
        assertThatThrownBy(() -> rig.engine().stop(null)).isInstanceOf(NullPointerException.class);
        assertThat(client.send(pattern(10)).receive(10)).isEqualTo(pattern(10));
    }
}
