package dev.pollux.engines;

import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// A turn in which very many connections have something.
@ParameterizedClass(name = "{0}")
@MethodSource("dev.pollux.engines.Flavor#loopsOverReadiness")
@Timeout(60)
final class EngineBusyTurnTest {
    private static final int CLIENTS = 300;

    /// Served by then, the first one has its answer.
    private static final int LATE = 150;

    @RegisterExtension final Rig rig;

    private final List<Scripted> protocols = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();

    /// The numbers of those who were served, in order; the loop's alone until all are.
    private final List<Integer> served = new ArrayList<>();

    EngineBusyTurnTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    @Test
    void whatIsWrittenDoesNotPileUpUntilTheEndOfTheTurn() throws Exception {
        CompletableFuture<Long> waiting = new CompletableFuture<>();
        connectAll((number, bytes) -> {
            transport(number).write(bytes);
            served.add(number);
            if (served.size() == LATE) {
                waiting.complete(transport(served.getFirst()).queuedBytes());
            }
        });
        sendAllAtOnce();
        for (int i = 0; i < CLIENTS; i++) {
            assertThat(clients.get(i).receive("号" + i)).isEqualTo("号" + i);
        }
        assertThat(waiting.get()).isZero();
    }

    @Test
    void oneWhoseInputWasReportedMayBeEndedByAnotherBeforeItIsServed() throws Exception {
        connectAll((number, bytes) -> {
            bytes.position(bytes.limit());
            served.add(number);
            transport(number ^ 1).abort();
            transport(number).write(utf8("我" + number));
            transport(number).close();
        });
        sendAllAtOnce();
        for (int i = 0; i < CLIENTS; i++) {
            protocols.get(i).cause();
        }
        assertThat(served).hasSize(CLIENTS / 2);
        for (int number : served) {
            assertThat(clients.get(number).receive("我" + number)).isEqualTo("我" + number);
            clients.get(number ^ 1).assertReset();
        }
    }

    private Transport transport(int number) {
        try {
            return protocols.get(number).transport();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void connectAll(BiConsumer<Integer, ByteBuffer> script) throws Exception {
        for (int i = 0; i < CLIENTS; i++) {
            int number = i;
            protocols.add(new Scripted().onReceived((_, bytes) -> script.accept(number, bytes)));
        }
        SocketAddress door = rig.doorFor(protocols.toArray(Protocol[]::new));
        for (Scripted protocol : protocols) {
            clients.add(rig.connect(door, protocol));
        }
    }

    /// All have something before the loop looks again.
    private void sendAllAtOnce() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch sent = new CountDownLatch(1);
        transport(0)
                .execute(() -> {
                    begun.countDown();
                    try {
                        sent.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
        begun.await();
        for (int i = 0; i < CLIENTS; i++) {
            clients.get(i).send("号" + i);
        }
        sent.countDown();
    }
}
