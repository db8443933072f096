package dev.pollux.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.libc.Descriptors;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// Many connections: one after the other, and at the same time.
@ParameterizedClass(name = "{0}")
@MethodSource("dev.pollux.engines.Flavor#alone")
@Timeout(60)
final class EngineCrowdTest {
    private static final int SHORT = 10_000;
    private static final int OPEN = 5_000;
    private static final int VISITORS = 4;

    @RegisterExtension final Rig rig;

    EngineCrowdTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    @Test
    void tenThousandShortConnections() throws Exception {
        SocketAddress door = rig.door(Texts::echo);
        List<CompletableFuture<Void>> visitors = new ArrayList<>();
        for (int i = 0; i < VISITORS; i++) {
            visitors.add(Background.run(() -> visit(door)));
        }
        for (CompletableFuture<Void> visitor : visitors) {
            visitor.get();
        }
        assertThat(rig.engine().statistics().accepted()).isEqualTo(SHORT);
        rig.awaitOpen(0);
    }

    private static void visit(SocketAddress door) throws Exception {
        for (int i = 0; i < SHORT / VISITORS; i++) {
            Client client = Client.connect(door);
            assertThat(client.send("早").receive("早")).isEqualTo("早");
            client.reset(); // So that no port is kept waiting.
        }
    }

    @Test
    void fiveThousandOpenConnections() throws Exception {
        int open = (int) Math.min(OPEN, (Descriptors.nofileSoft() - 500) / 2);
        SocketAddress door = rig.door(Texts::echo);
        Client[] clients = new Client[open];
        for (int i = 0; i < open; i++) {
            clients[i] = rig.connect(door);
        }
        rig.awaitOpen(open);
        for (int i = 0; i < open; i++) {
            clients[i].send("号" + i);
        }
        for (int i = open - 1; i >= 0; i--) {
            assertThat(clients[i].receive("号" + i)).isEqualTo("号" + i);
        }
        for (Client client : clients) {
            client.close();
        }
        rig.awaitOpen(0);
    }
}
