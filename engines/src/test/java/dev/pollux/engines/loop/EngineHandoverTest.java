package dev.pollux.engines.loop;

import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.engines.Client;
import dev.pollux.engines.DisconnectedException.Reason;
import dev.pollux.engines.Flavor;
import dev.pollux.engines.Rig;
import dev.pollux.engines.Scripted;
import dev.pollux.engines.Texts;
import dev.pollux.engines.Transport;
import dev.pollux.engines.io.CountedBytes;
import dev.pollux.engines.shared.Pace;
import dev.pollux.engines.shared.Uninterrupted;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

    /// Who calls waits, and is told what became of it.
    @Test
    void aCallThatFindsNoMemoryFailsAndEndsNothing() throws Exception {
        Scripted protocol = new Scripted();
        Client client = rig.connect(rig.doorFor(protocol), protocol);
        Loop loop = ((Connection) protocol.transport()).loop();
        assertThatThrownBy(() ->
                        Errand.run(
                                loop,
                                () -> {
                                    throw new OutOfMemoryError("no memory");
                                }))
                .isInstanceOf(IOException.class)
                .hasMessage("no memory")
                .hasCauseInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(() ->
                        Errand.run(
                                loop,
                                () -> {
                                    throw new IllegalStateException("no idea");
                                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no idea");
        client.send("!");
        protocol.await("received 1");
    }

    /// Nobody would learn that a task was refused, and what it was to do would be missing. So who
    /// hands over more than the loop runs fills the heap: but it shows in what is held.
    @Test
    void tasksFromOutsideAreCountedAndNeverRefused() throws Exception {
        int tasks = 10_000;
        Scripted protocol = new Scripted();
        rig.connect(rig.doorFor(protocol), protocol);
        Transport transport = protocol.transport();
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        transport.execute(() -> {
            held.countDown();
            Uninterrupted.await(over::await);
        });
        held.await();
        CountDownLatch run = new CountDownLatch(tasks);
        try {
            for (int i = 0; i < tasks; i++) {
                transport.execute(run::countDown);
            }
            assertThat(rig.engine().statistics().heldBytes())
                    .isGreaterThanOrEqualTo(tasks * TaskQueue.TASK_BYTES);
        } finally {
            over.countDown();
        }
        assertThat(run.await(50, TimeUnit.SECONDS)).isTrue();
        assertThat(rig.engine().statistics().heldBytes()).isZero();
    }
}
