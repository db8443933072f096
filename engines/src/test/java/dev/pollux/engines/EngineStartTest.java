package dev.pollux.engines;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The first moments of an engine: its loops fall asleep for the first time while a door is opened
/// and the first connections are handed to them. A wakeup that got lost there would never be made
/// up for.
@EngineContract
final class EngineStartTest {
    private static final int STARTS = 200;
    private static final int CLIENTS_MAX = 3;

    private final Flavor flavor;
    private final Random random = new Random(7);

    EngineStartTest(Flavor flavor) {
        this.flavor = flavor;
    }

    @Test
    void theFirstEchoesOfAFreshEngineAlwaysCome() throws Exception {
        for (int i = 0; i < STARTS; i++) {
            try (Engine engine =
                    flavor.model().open(Rig.PATIENT, flavor.threads(), EngineObserver.SILENT)) {
                Listener door = engine.listen(new InetSocketAddress("127.0.0.1", 0), Texts::echo);
                List<CompletableFuture<Void>> clients = new ArrayList<>();
                int count = 1 + random.nextInt(CLIENTS_MAX);
                for (int c = 0; c < count; c++) {
                    int yields = random.nextInt(4);
                    clients.add(Background.run(() -> talk(door.address(), yields)));
                }
                for (CompletableFuture<Void> client : clients) {
                    client.get(50, TimeUnit.SECONDS);
                }
            }
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // only to mix up who runs when
    private static void talk(SocketAddress door, int yields) throws Exception {
        try (Client client = Client.connect(door)) {
            for (int i = 0; i < yields; i++) {
                Thread.yield();
            }
            assertThat(client.send("早").receive("早")).isEqualTo("早");
        }
    }
}
