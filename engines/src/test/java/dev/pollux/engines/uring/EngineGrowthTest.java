package dev.pollux.engines.uring;

import static dev.pollux.engines.Texts.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.engines.Client;
import dev.pollux.engines.Engine;
import dev.pollux.engines.Group;
import dev.pollux.engines.OpenDescriptors;
import dev.pollux.engines.Protocol;
import dev.pollux.engines.Rig;
import dev.pollux.engines.Scripted;
import dev.pollux.engines.Transport;
import dev.pollux.engines.loop.Driver;
import dev.pollux.engines.loop.Loop;
import dev.pollux.engines.loop.LoopEngine;
import dev.pollux.engines.models.IoModel;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The model `io_uring` with tables so short that a handful of connections fills them: loops are
/// added, each with a ring of its own.
@Timeout(60)
final class EngineGrowthTest {
    private static final int SLOTS = 32;

    private static final RingSizes SHORT_TABLE = new RingSizes(64, 256, 16, 1024, 16, 4096, SLOTS);

    private final Queue<String> troubles = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean exhausted = new AtomicBoolean();
    private final AtomicBoolean threadless = new AtomicBoolean();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final List<Client> clients = new ArrayList<>();
    private OpenDescriptors descriptors;

    @BeforeEach
    void look() throws IOException {
        assumeTrue(IoModel.IO_URING.isAvailable());
        SocketChannel.open().close(); // Opens what the JDK holds open for all sockets.
        descriptors = new OpenDescriptors();
    }

    @AfterEach
    void lookAgain() throws IOException {
        for (Client client : clients) {
            client.close();
        }
        if (descriptors != null) {
            descriptors.assertSame();
        }
    }

    private LoopEngine open(int threads, int connectionsMax) throws IOException {
        return new LoopEngine(
                new UringModel(this::openDriver),
                Rig.PATIENT.withConnectionsMax(connectionsMax),
                threads,
                (line, _) -> troubles.add(line),
                this::start);
    }

    private void start(Thread thread) {
        if (threadless.get()) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        thread.start();
    }

    private Driver openDriver(Loop loop) throws IOException {
        if (exhausted.get()) {
            throw new ErrnoException(Errno.EMFILE, "io_uring_setup", -1);
        }
        return new UringDriver(loop, SHORT_TABLE);
    }

    private SocketAddress door(Engine engine) throws IOException {
        SocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return engine.listen(loopback, this::echo).address();
    }

    private Protocol echo() {
        return new Scripted()
                .onConnected(_ -> threads.add(Thread.currentThread()))
                .onReceived(Transport::write);
    }

    private Client connect(SocketAddress door) throws IOException {
        Client client = Client.connect(door);
        clients.add(client);
        return client;
    }

    private void assertServed(Client client) throws IOException {
        assertThat(client.send("有位子").receive("有位子")).isEqualTo("有位子");
    }

    private void connectAll(SocketAddress door, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            assertServed(connect(door));
        }
    }

    @Test
    void fullTablesAreFollowedByFurtherLoops() throws Exception {
        try (LoopEngine engine = open(1, 10_000)) {
            SocketAddress door = door(engine);
            connectAll(door, SLOTS);
            assertThat(threads).hasSize(1);
            connectAll(door, 5 * SLOTS);
            assertThat(engine.statistics().open()).isEqualTo(6 * SLOTS);
            assertThat(threads)
                    .hasSize(6)
                    .extracting(Thread::getName)
                    .contains("pollux-io_uring-0", "pollux-io_uring-5");
            for (Client client : clients) {
                assertServed(client);
            }
        }
        assertThat(troubles).isEmpty();
    }

    @Test
    void placesThatBecomeFreeAreTakenBeforeLoopsAreAdded() throws Exception {
        try (LoopEngine engine = open(2, 10_000)) {
            SocketAddress door = door(engine);
            for (int round = 0; round < 4; round++) {
                connectAll(door, 2 * SLOTS);
                for (Client client : clients) {
                    client.endOutput().receiveToEnd();
                    client.close();
                }
                clients.clear();
                Rig.eventually("all have left", () -> engine.statistics().open() == 0);
            }
            // The last places may be free again only after the next has come.
            assertThat(threads.size()).isBetween(2, 3);
        }
        assertThat(troubles).isEmpty();
    }

    @Test
    void everyDoorAcceptsOnTheAddedLoops() throws Exception {
        try (LoopEngine engine = open(1, 10_000)) {
            SocketAddress one = door(engine);
            SocketAddress other = door(engine);
            connectAll(one, 2 * SLOTS);
            connectAll(other, 2 * SLOTS);
            SocketAddress late = door(engine);
            connectAll(late, 2 * SLOTS);
            connectAll(one, SLOTS);
            assertThat(engine.statistics().open()).isEqualTo(7 * SLOTS);
        }
        assertThat(troubles).isEmpty();
    }

    @Test
    void aGroupReachesTheAddedLoopsInOneOrder() throws Exception {
        int count = 4 * SLOTS;
        try (LoopEngine engine = open(1, 10_000)) {
            Group group = engine.group();
            SocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            SocketAddress door =
                    engine.listen(
                                    loopback,
                                    () ->
                                            new Scripted()
                                                    .onConnected(group::join)
                                                    .onReceived(
                                                            (_, bytes) -> group.broadcast(bytes)))
                            .address();
            for (int i = 0; i < count; i++) {
                connect(door);
            }
            Rig.eventually("all are members", () -> group.size() == count);
            for (int i = 0; i < count; i++) {
                clients.get(i).send(String.format("<%03d>", i));
            }
            String heard = new String(clients.getFirst().receive(5 * count), UTF_8);
            assertThat(heard).contains("<000>", "<127>");
            for (Client client : clients.subList(1, count)) {
                assertThat(client.receive(heard)).isEqualTo(heard);
            }
            group.broadcast(utf8("再见"));
            for (Client client : clients) {
                assertThat(client.receive("再见")).isEqualTo("再见");
            }
        }
        assertThat(troubles).isEmpty();
    }

    @Test
    void connectionsMaxBoundsAllLoopsTogether() throws Exception {
        int most = 2 * SLOTS + 3;
        try (LoopEngine engine = open(1, most)) {
            SocketAddress door = door(engine);
            connectAll(door, most);
            Client waiting = connect(door).send("x");
            assertThat(engine.statistics().open()).isEqualTo(most);
            clients.getFirst().reset();
            assertThat(waiting.receive("x")).isEqualTo("x");
            assertThat(engine.statistics().accepted()).isEqualTo(most + 1);
        }
        assertThat(troubles).isEmpty();
    }

    @Test
    void withoutAFurtherLoopTheDoorRestsUntilAPlaceIsFree() throws Exception {
        assertRestsWithout(exhausted, "EMFILE");
    }

    @Test
    void withoutAThreadForAFurtherLoopTheDoorRestsUntilAPlaceIsFree() throws Exception {
        assertRestsWithout(threadless, "unable to create native thread");
    }

    private void assertRestsWithout(AtomicBoolean exhausted, String told) throws Exception {
        try (LoopEngine engine = open(1, 10_000)) {
            SocketAddress door = door(engine);
            connectAll(door, SLOTS - 1);
            exhausted.set(true);
            connectAll(door, 1);
            Client waiting = connect(door).send("等一等");
            Rig.eventually("the trouble is told", () -> !troubles.isEmpty());
            clients.getFirst().reset();
            assertThat(waiting.receive("等一等")).isEqualTo("等一等");
            assertThat(threads).hasSize(1);
            exhausted.set(false);
            connectAll(door, SLOTS);
            assertThat(threads).hasSize(2);
        }
        assertThat(troubles)
                .isNotEmpty()
                .allSatisfy(line ->
                        assertThat(line)
                                .startsWith("cannot serve more connections for now: ")
                                .contains(told));
    }
}
