package dev.pollux.engines;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.pollux.engines.models.IoModel;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// In the steady state a loop allocates nothing.
@ParameterizedClass(name = "{0}")
@MethodSource("flavors")
@Timeout(60)
final class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final int MESSAGES = 1000;
    private static final int ROUNDS_MAX = 600;

    @RegisterExtension final Rig rig;

    AllocationTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    static Stream<Flavor> flavors() {
        return Stream.of(
                        IoModel.NONBLOCKING,
                        IoModel.SELECT,
                        IoModel.POLL,
                        IoModel.EPOLL,
                        IoModel.EPOLL_ET,
                        IoModel.SIGIO,
                        IoModel.IO_URING)
                .filter(IoModel::isAvailable)
                .map(model -> new Flavor(model, 1));
    }

    /// Tells its thread, and otherwise allocates nothing itself.
    private static final class Echo implements Protocol {
        private final CompletableFuture<Thread> thread;
        private Transport transport;

        Echo(CompletableFuture<Thread> thread) {
            this.thread = thread;
        }

        @Override
        public void connected(Transport transport) {
            this.transport = transport;
            thread.complete(Thread.currentThread());
        }

        @Override
        public void received(ByteBuffer bytes) {
            transport.write(bytes);
        }
    }

    /// Sends what it hears to everyone, its sender included.
    private static final class Speaker implements Protocol {
        private final Group group;
        private final CompletableFuture<Thread> thread;

        Speaker(Group group, CompletableFuture<Thread> thread) {
            this.group = group;
            this.thread = thread;
        }

        @Override
        public void connected(Transport transport) {
            group.join(transport);
            thread.complete(Thread.currentThread());
        }

        @Override
        public void received(ByteBuffer bytes) {
            group.broadcast(bytes);
        }
    }

    @Test
    void anEchoAllocatesNothing() throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        SocketAddress door = rig.doorUnwatched(() -> new Echo(thread));
        assertRoundWithoutAllocation(thread, List.of(rig.connect(door)));
    }

    @Test
    void aBroadcastAllocatesNothing() throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        Group group = rig.engine().group();
        SocketAddress door = rig.doorUnwatched(() -> new Speaker(group, thread));
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            clients.add(rig.connect(door));
        }
        Rig.eventually("5 members", () -> group.size() == 5);
        assertRoundWithoutAllocation(thread, clients);
    }

    /// The compiler needs some rounds until nothing is left of what it can do without, and on a
    /// busy machine it gets to it late.
    private static void assertRoundWithoutAllocation(
            CompletableFuture<Thread> thread, List<Client> clients) throws Exception {
        talk(clients);
        long loop = thread.get().threadId();
        List<Long> rounds = new ArrayList<>();
        for (int round = 0; round < ROUNDS_MAX && !rounds.contains(0L); round++) {
            long before = THREADS.getThreadAllocatedBytes(loop);
            talk(clients);
            rounds.add(THREADS.getThreadAllocatedBytes(loop) - before);
        }
        assertThat(rounds).as("bytes allocated in each round").contains(0L);
    }

    private static void talk(List<Client> clients) throws IOException {
        byte[] message = Texts.pattern(64);
        for (int i = 0; i < MESSAGES; i++) {
            clients.getFirst().send(message);
            for (Client client : clients) {
                client.receive(message.length);
            }
        }
    }
}
