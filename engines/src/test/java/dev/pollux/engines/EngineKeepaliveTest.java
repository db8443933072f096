package dev.pollux.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.engines.models.IoModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A peer that has vanished without a word is asked for by the kernel: what `/proc/net/tcp` of
/// Linux shows of the accepted socket, whoever holds its descriptor.
@EngineContract
final class EngineKeepaliveTest {
    private static final List<Path> TABLES =
            List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

    /// The columns of both addresses, and of the timer and its time in hundredths of a second.
    private static final int LOCAL = 1;

    private static final int REMOTE = 2;
    private static final int TIMER = 5;

    private static final String KEEPALIVE = "02";
    private static final int HEXADECIMAL = 16;

    @RegisterExtension final Rig rig;

    EngineKeepaliveTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    private static String port(SocketAddress address) {
        return ":%04X".formatted(((InetSocketAddress) address).getPort());
    }

    private static Stream<String> rows(Path table) {
        try {
            return Files.readAllLines(table).stream().skip(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// {@return the timer of the socket with these ports, and when it is due}
    private static Optional<String> timer(String local, String remote) {
        return TABLES.stream()
                .filter(Files::exists)
                .flatMap(EngineKeepaliveTest::rows)
                .map(row -> row.trim().split(" +"))
                .filter(row -> row[LOCAL].endsWith(local) && row[REMOTE].endsWith(remote))
                .map(row -> row[TIMER])
                .findFirst();
    }

    @Test
    void theKernelAsksASilentPeerWhetherItIsThere() throws Exception {
        assumeTrue(Files.exists(TABLES.getFirst()), "the kernel shows no timers");
        SocketAddress door = rig.door(Texts::echo);
        Client client = rig.connect(door);
        assertThat(client.send("在吗").receive("在吗")).isEqualTo("在吗");
        String local = port(door);
        String remote = port(client.address());
        Rig.eventually( // Until then it waits for an acknowledgement.
                "the keepalive timer runs",
                () -> timer(local, remote).filter(EngineKeepaliveTest::isKeepalive).isPresent());
        String due = timer(local, remote).orElseThrow().split(":")[1];
        if (rig.flavor().hasDescriptors() && rig.flavor().model() != IoModel.BLOCKING_VIRTUAL) {
            assertThat(Long.parseLong(due, HEXADECIMAL)).isBetween(1L, 300 * 100L);
        }
    }

    private static boolean isKeepalive(String timer) {
        return timer.startsWith(KEEPALIVE + ":");
    }
}
