package dev.pollux.engines.readiness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.engines.Client;
import dev.pollux.engines.Flavor;
import dev.pollux.engines.Pipe;
import dev.pollux.engines.Rig;
import dev.pollux.engines.Scripted;
import dev.pollux.engines.Texts;
import dev.pollux.engines.Transport;
import dev.pollux.engines.models.IoModel;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.SignalCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// What can go wrong with signals, seen by the peers of an engine: nothing.
@ParameterizedClass(name = "{0} loops")
@ValueSource(ints = {1, 2})
@Timeout(60)
final class SigioEngineTest {
    private static final int SIGPIPE = 13;

    @RegisterExtension final Rig rig;

    private long limit;

    SigioEngineTest(int threads) {
        rig = new Rig(new Flavor(IoModel.SIGIO, threads));
    }

    @BeforeEach
    void rememberTheLimit() {
        assumeTrue(IoModel.SIGIO.isAvailable());
        limit = SignalCalls.sigpendingSoft();
    }

    @AfterEach
    void restoreTheLimit() {
        assertThat(SignalCalls.setSigpendingSoft(limit)).isZero();
    }

    private List<Client> crowd(SocketAddress door, int size) throws IOException {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            clients.add(rig.connect(door));
        }
        return clients;
    }

    private static void talk(List<Client> clients) throws IOException {
        for (Client client : clients) {
            client.send("信号");
        }
        for (Client client : clients) {
            assertThat(client.receive("信号")).isEqualTo("信号");
        }
    }

    @Test
    void whatOverflowsTheQueueIsNotLost() throws Exception {
        SocketAddress door = rig.door(Texts::echo);
        List<Client> clients = crowd(door, 30);
        talk(clients);
        assertThat(rig.engine().statistics().overflows()).isZero();
        assertThat(SignalCalls.setSigpendingSoft(2)).isZero();
        for (int round = 0; round < 20; round++) {
            talk(clients);
        }
        assertThat(rig.engine().statistics().overflows()).isPositive();
    }

    @Test
    void withoutAnyQueueItServesAcceptsWakesAndStops() throws Exception {
        Scripted first = new Scripted();
        Client early = rig.connect(rig.doorFor(first), first);
        SocketAddress door = rig.door(Texts::echo);
        assertThat(SignalCalls.setSigpendingSoft(0)).isZero();
        talk(crowd(door, 5));
        early.send("无");
        first.await("received 3");
        first.transport().write(Texts.utf8("从外面"));
        assertThat(early.receive("从外面")).isEqualTo("从外面");
        rig.engine().close();
        assertThat(first.inputText()).isEqualTo("无");
    }

    @Test
    void manyWhoSpeakAndEndAtOnceAreAllHeardToTheEnd() throws Exception {
        SocketAddress door = rig.door(Texts::echo);
        for (int round = 0; round < 20; round++) {
            List<Client> clients = crowd(door, 20);
            for (Client client : clients) {
                client.send("话").send("完").endOutput();
            }
            for (Client client : clients) {
                assertThat(client.receiveTextToEnd()).isEqualTo("话完");
                client.close();
            }
        }
    }

    @Test
    void aChildProcessStartedByALoopDisturbsNothing() throws Exception {
        Scripted parent = new Scripted();
        parent.onReceived((transport, bytes) -> {
            parent.take(bytes);
            transport.write(Texts.utf8(startChild()));
        });
        Client client = rig.connect(rig.doorFor(parent));
        List<Client> others = crowd(rig.door(Texts::echo), 5);
        for (int i = 0; i < 3; i++) {
            client.send("生");
            talk(others);
            assertThat(client.receive("0")).isEqualTo("0");
        }
    }

    /// {@return the exit code of a program}
    private static String startChild() {
        try {
            Process child = new ProcessBuilder("true").start();
            child.getOutputStream().close();
            child.getInputStream().close(); // The JDK would close these some time after the end.
            child.getErrorStream().close();
            return String.valueOf(child.waitFor());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theCollectorAndOtherSignalsDisturbNothing() throws Exception {
        Scripted protocol = new Scripted();
        List<Integer> tid = new ArrayList<>();
        protocol.onConnected(_ -> tid.add(SignalCalls.gettid())).onReceived(Transport::write);
        Client client = rig.connect(rig.doorFor(protocol), protocol);
        CountDownLatch over = new CountDownLatch(1);
        Thread storm =
                Thread.ofPlatform()
                        .start(() -> {
                            while (over.getCount() > 0) {
                                SignalCalls.tgkill(tid.getFirst(), SIGPIPE);
                            }
                        });
        for (int i = 0; i < 200; i++) {
            if (i % 50 == 0) {
                System.gc();
            }
            assertThat(client.send("暴风").receive("暴风")).isEqualTo("暴风");
        }
        over.countDown();
        storm.join();
    }

    @Test
    void aTimerEndsASilentWait() throws Exception {
        Scripted protocol = new Scripted();
        rig.connect(rig.doorFor(protocol), protocol);
        Transport transport = protocol.transport();
        long begin = System.nanoTime();
        CountDownLatch rung = new CountDownLatch(1);
        transport.execute(() -> transport.schedule(Duration.ofMillis(50), rung::countDown));
        rung.await();
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(50_000_000);
    }

    @Test
    void anAdoptedDescriptorAndSocketsAreServedBesideEachOther() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Scripted adopted = new Scripted();
            int before = Descriptors.fcntl(pipe.reading().fd(), Descriptors.F_GETFL, 0);
            rig.engine().adopt(pipe.reading().fd(), rig.watched(adopted));
            List<Client> clients = crowd(rig.door(Texts::echo), 3);
            for (int i = 0; i < 20; i++) {
                talk(clients);
                pipe.writing().write("管");
                adopted.await("received 3");
            }
            int now = Descriptors.fcntl(pipe.reading().fd(), Descriptors.F_GETFL, 0);
            assertThat(now).as("flags that other processes share").isEqualTo(before);
            pipe.writing().hangUp();
            assertThat(adopted.cause()).isNull();
        }
    }
}
