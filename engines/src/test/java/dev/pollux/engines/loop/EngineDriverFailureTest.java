package dev.pollux.engines.loop;

import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.engines.Client;
import dev.pollux.engines.DisconnectedException.Reason;
import dev.pollux.engines.Flavor;
import dev.pollux.engines.OpenDescriptors;
import dev.pollux.engines.Rig;
import dev.pollux.engines.Scripted;
import dev.pollux.engines.Texts;
import dev.pollux.engines.models.IoModel;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.ErrnoException;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A loop that can wait no more: somebody has put something else in the place of its epoll
/// descriptor. The engine ends as a whole, and everything is given back.
@EnabledOnOs(OS.LINUX)
@Timeout(60)
final class EngineDriverFailureTest {
    private static final String EPOLL = "anon_inode:[eventpoll]";

    @RegisterExtension final Rig rig = new Rig(new Flavor(IoModel.EPOLL, 1));

    @Test
    void aLoopThatCannotWaitEndsInOrder() throws Exception {
        rig.expectTrouble("a loop failed, and the engine ends with all its connections");
        Set<Integer> before = OpenDescriptors.of(EPOLL);
        Scripted protocol = new Scripted();
        SocketAddress door = rig.doorFor(protocol);
        Set<Integer> epoll = OpenDescriptors.of(EPOLL);
        epoll.removeAll(before);
        assertThat(epoll).hasSize(1);
        Client client = rig.connect(door, protocol);
        Rig.caughtUp(protocol.transport());
        Rig.caughtUp(protocol.transport()); // In the next turn, so it is watched by now.
        int other = Descriptors.open("/dev/null", Descriptors.O_RDONLY | Descriptors.O_CLOEXEC, 0);
        assertThat(Descriptors.dup2(other, epoll.iterator().next())).isNotNegative();
        assertThat(Descriptors.close(other)).isZero();
        protocol.transport().execute(() -> protocol.note("the last turn"));
        assertThat(protocol.reason()).isEqualTo(Reason.STOPPED);
        client.receiveWhatComes();
        assertThatThrownBy(rig.engine()::awaitStop)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("EINVAL")
                .hasCauseInstanceOf(ErrnoException.class);
        assertThatThrownBy(() -> Client.connect(door)).hasMessageContaining("refused");
        assertThat(rig.troubles()).singleElement().asString().contains("EINVAL");
        protocol.transport().write(utf8("nobody is there"));
        assertThatThrownBy(() -> rig.door(Texts::echo)).isInstanceOf(IllegalStateException.class);
        rig.engine().close();
    }
}
