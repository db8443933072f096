package dev.pollux.engines.nio2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.DisconnectedException.Reason;
import dev.pollux.engines.Flavor;
import dev.pollux.engines.Protocol;
import dev.pollux.engines.Rig;
import dev.pollux.engines.Scripted;
import dev.pollux.engines.loop.LoopEngine;
import dev.pollux.engines.models.IoModel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A read of the JDK's that throws when it is asked for.
@Timeout(60)
final class Nio2ReadFaultTest {
    @RegisterExtension final Rig rig = new Rig(new Flavor(IoModel.NIO2, 1));

    /// Whether it has begun all the same, and completes when the channel is closed, the JDK does
    /// not say.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReadThatThrowsCostsItsConnectionAndIsNotWaitedForAtTheEnd(boolean begins)
            throws Exception {
        rig.expectTrouble("a connection failed, it is reset");
        AsynchronousChannelGroup group =
                AsynchronousChannelGroup.withFixedThreadPool(1, Thread.ofPlatform().factory());
        try (ServerSocketChannel door = ServerSocketChannel.open()) {
            door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            AsynchronousSocketChannel real = AsynchronousSocketChannel.open(group);
            real.connect(door.getLocalAddress()).get();
            try (SocketChannel _ = door.accept()) {
                Nio2Socket socket = new Nio2Socket(new HalfHeartedChannel(real, begins));
                Scripted protocol = new Scripted();
                Protocol watched = rig.watched(protocol);
                LoopEngine engine = (LoopEngine) rig.engine();
                engine.doors().accepted(socket, () -> watched);
                assertThat(protocol.reason()).isEqualTo(Reason.ABORTED);
                rig.awaitOpen(0);
            }
        } finally {
            group.shutdownNow();
            assertThat(group.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
        }
        LoopEngine engine = (LoopEngine) rig.engine();
        Nio2Driver driver = (Nio2Driver) engine.doors().loops().first().driver();
        engine.close();
        assertThat(driver.underWay()).as("what the end has waited for").isZero();
    }
}
