package dev.pollux.engines.nio2;

import static dev.pollux.engines.Texts.pattern;
import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.pollux.engines.Client;
import dev.pollux.engines.DisconnectedException;
import dev.pollux.engines.Flavor;
import dev.pollux.engines.Protocol;
import dev.pollux.engines.Rig;
import dev.pollux.engines.Scripted;
import dev.pollux.engines.SharedBytes;
import dev.pollux.engines.Transport;
import dev.pollux.engines.models.IoModel;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What is particular to the model of the JDK's asynchronous channels.
@Timeout(60)
final class Nio2EngineTest {
    private static final int LOOPS = 2;
    private static final int MESSAGES = 5_000;

    /// Observed: 199 on both threads together.
    private static final int BYTES_PER_MESSAGE_MAX = 1_000;

    @RegisterExtension final Rig rig = new Rig(new Flavor(IoModel.NIO2, LOOPS));

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("pollux-nio2-"))
                .toList();
    }

    @Test
    void protocolsRunOnTheLoopsAndNoThreadOutlivesTheEngine() throws Exception {
        List<CompletableFuture<Thread>> served = new ArrayList<>();
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < LOOPS; i++) {
            CompletableFuture<Thread> thread = new CompletableFuture<>();
            served.add(thread);
            Scripted protocol = new Scripted();
            protocol.onReceived((transport, bytes) -> {
                protocol.take(bytes);
                thread.complete(Thread.currentThread());
            });
            clients.add(rig.connect(rig.doorFor(protocol)).send("谁"));
        }
        List<Thread> running = threads();
        assertThat(running)
                .extracting(Thread::getName)
                .containsExactlyInAnyOrder(
                        "pollux-nio2-0",
                        "pollux-nio2-1",
                        "pollux-nio2-group-0",
                        "pollux-nio2-group-1");
        assertThat(running).noneMatch(Thread::isDaemon);
        for (CompletableFuture<Thread> thread : served) {
            assertThat(thread.get().getName()).matches("pollux-nio2-\\d");
        }
        for (Client client : clients) {
            client.close();
        }
        rig.engine().close();
        assertThat(running).noneMatch(Thread::isAlive);
    }

    @Test
    void muchInputComesInLargePiecesAndLittleInputAfterIt() throws Exception {
        List<Integer> sizes = new ArrayList<>();
        Scripted protocol = new Scripted();
        protocol.onReceived((transport, bytes) -> {
            sizes.add(bytes.remaining());
            protocol.take(bytes);
        });
        byte[] much = pattern(1 << 20);
        Client client = rig.connect(rig.doorFor(protocol), protocol);
        client.send(much).send("够了").endOutput();
        assertThat(protocol.cause()).isNull();
        assertThat(protocol.input()).startsWith(much).endsWith(utf8("够了").array());
        assertThat(sizes.getFirst()).isLessThanOrEqualTo(Nio2Input.SMALL_BYTES);
        assertThat(sizes).anyMatch(size -> size > Nio2Input.SMALL_BYTES);
    }

    @Test
    void inputThatFillsTheBufferToTheLastByteIsNotMistakenForMore() throws Exception {
        Scripted protocol = new Scripted().onReceived(Transport::write);
        Client client = rig.connect(rig.doorFor(protocol));
        byte[] full = pattern(Nio2Input.SMALL_BYTES);
        for (int i = 0; i < 10; i++) {
            assertThat(client.send(full).receive(full.length)).isEqualTo(full);
            assertThat(client.send("小").receive("小")).isEqualTo("小");
        }
        client.endOutput();
        assertThat(protocol.cause()).isNull();
    }

    @Test
    void smallAndLargePiecesLeaveInTheirOrder() throws Exception {
        byte[] large = pattern(100_000);
        byte[] small = "一二三".repeat(50).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        Scripted protocol = new Scripted();
        protocol.onConnected(transport -> {
            try (SharedBytes shared = SharedBytes.copyOf(ByteBuffer.wrap(large));
                    SharedBytes little = SharedBytes.copyOf(ByteBuffer.wrap(small))) {
                for (int i = 0; i < 60; i++) {
                    transport.write(little);
                    transport.write(ByteBuffer.wrap(small));
                    transport.write(shared);
                    transport.write(little);
                }
            }
            transport.close();
        });
        for (int i = 0; i < 60; i++) {
            expected.writeBytes(small);
            expected.writeBytes(small);
            expected.writeBytes(large);
            expected.writeBytes(small);
        }
        rig.with(Rig.PATIENT.withOutbound(1, 1, 64 << 20));
        Client client = rig.connectNarrow(rig.doorFor(protocol));
        assertThat(client.receiveToEnd()).isEqualTo(expected.toByteArray());
        client.close();
        assertThat(protocol.cause()).isNull();
    }

    @Test
    void manySmallPiecesLeaveInTheirOrderThoughThePeerIsSlow() throws Exception {
        byte[] all = pattern(4_000_000);
        Scripted protocol = new Scripted();
        protocol.onConnected(transport -> {
            for (int at = 0; at < all.length; at += 1000) {
                try (SharedBytes part = SharedBytes.copyOf(ByteBuffer.wrap(all, at, 1000))) {
                    transport.write(part);
                }
            }
            transport.close();
        });
        rig.with(Rig.PATIENT.withOutbound(1, 1, 64 << 20));
        Client client = rig.connectNarrow(rig.doorFor(protocol));
        assertThat(client.receiveToEnd()).isEqualTo(all);
        client.close();
        assertThat(protocol.cause()).isNull();
    }

    /// The day the JDK offers it, [Nio2Socket] can reset.
    @Test
    void theJdkOffersNoWayToReset() throws Exception {
        ThreadFactory factory = Thread.ofPlatform().factory();
        AsynchronousChannelGroup group = AsynchronousChannelGroup.withFixedThreadPool(1, factory);
        try (AsynchronousSocketChannel channel = AsynchronousSocketChannel.open(group)) {
            assertThat(channel.supportedOptions())
                    .contains(StandardSocketOptions.TCP_NODELAY)
                    .doesNotContain(StandardSocketOptions.SO_LINGER);
        } finally {
            group.shutdownNow();
            assertThat(group.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void anAbortIsAPlainEnd() throws Exception {
        Scripted protocol = new Scripted().onReceived((transport, _) -> transport.abort());
        Client client = rig.connect(rig.doorFor(protocol)).send("断");
        assertThat(client.receiveToEnd()).isEmpty();
        assertThat(protocol.reason()).isEqualTo(DisconnectedException.Reason.ABORTED);
    }

    @Test
    void aMessageAllocatesLittle() throws Exception {
        SocketAddress door =
                rig.doorUnwatched(() ->
                        new Protocol() {
                            private Transport transport;

                            @Override
                            public void connected(Transport itsTransport) {
                                transport = itsTransport;
                            }

                            @Override
                            public void received(ByteBuffer bytes) {
                                transport.write(bytes);
                            }
                        });
        Client client = rig.connect(door);
        byte[] message = pattern(64);
        talk(client, message);
        long before = allocated();
        talk(client, message);
        assertThat((allocated() - before) / MESSAGES).isBetween(1L, (long) BYTES_PER_MESSAGE_MAX);
    }

    private static void talk(Client client, byte[] message) throws Exception {
        for (int i = 0; i < MESSAGES; i++) {
            client.send(message).receive(message.length);
        }
    }

    private static long allocated() {
        ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads().stream()
                .mapToLong(thread -> bean.getThreadAllocatedBytes(thread.threadId()))
                .sum();
    }
}
