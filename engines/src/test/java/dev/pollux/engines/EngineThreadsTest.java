package dev.pollux.engines;

import static dev.pollux.engines.Texts.pattern;
import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.pollux.engines.DisconnectedException.Reason;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A transport in the hands of other threads than its own.
@EngineContract
final class EngineThreadsTest {
    private static final int WRITERS = 4;
    private static final int WRITES = 2000;

    @RegisterExtension final Rig rig;

    EngineThreadsTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    private static void all(List<CompletableFuture<Void>> jobs) throws Exception {
        for (CompletableFuture<Void> job : jobs) {
            job.get(50, TimeUnit.SECONDS);
        }
    }

    @Test
    void everyThreadsWritesKeepTheirOrder() throws Exception {
        Scripted protocol = new Scripted();
        Client client = rig.connect(rig.doorFor(protocol));
        Transport transport = protocol.transport();
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int w = 0; w < WRITERS; w++) {
            int writer = w;
            writers.add(
                    Background.run(() -> {
                        for (int i = 0; i < WRITES; i++) {
                            transport.write(ByteBuffer.allocate(8).putInt(writer).putInt(i).flip());
                        }
                    }));
        }
        int[] next = new int[WRITERS];
        ByteBuffer answer = ByteBuffer.wrap(client.receive(WRITERS * WRITES * 8));
        while (answer.hasRemaining()) {
            int writer = answer.getInt();
            assertThat(answer.getInt()).isEqualTo(next[writer]++);
        }
        all(writers);
    }

    @Test
    void sharedBytesAreGivenBackByWhoeverHadThemLast() throws Exception {
        SharedBytes shared = SharedBytes.copyOf(utf8("共享"));
        Scripted protocol = new Scripted();
        Client client = rig.connect(rig.doorFor(protocol));
        Transport transport = protocol.transport();
        transport.write(shared);
        transport.execute(() -> transport.write(shared));
        assertThat(client.receive("共享共享")).isEqualTo("共享共享");
        transport.close();
        transport.write(shared);
        client.endOutput();
        assertThat(protocol.cause()).isNull();
        rig.engine().close();
        transport.write(shared); // Nobody takes it any more.
        shared.release();
        assertThatThrownBy(shared::release).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void tasksRunInTheConnectionsThreadInTheOrderTheyWereGiven() throws Exception {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Scripted protocol = new Scripted().onConnected(_ -> thread.set(Thread.currentThread()));
        rig.connect(rig.doorFor(protocol), protocol);
        boolean anyThread = rig.flavor().isBlocking();
        Queue<Object> ran = new ConcurrentLinkedQueue<>();
        List<Object> expected = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            int number = i;
            protocol.transport()
                    .execute(() -> {
                        boolean right = anyThread || Thread.currentThread() == thread.get();
                        ran.add(right ? number : "?");
                    });
            expected.add(i);
        }
        Rig.caughtUp(protocol.transport());
        assertThat(ran).containsExactlyElementsOf(expected);
    }

    @Test
    void aTaskGivenInACallbackRunsAfterIt() throws Exception {
        Scripted protocol = new Scripted();
        protocol.onReceived((transport, bytes) -> {
            protocol.take(bytes);
            transport.execute(() -> protocol.note("task"));
        });
        Client client = rig.connect(rig.doorFor(protocol)).send("x");
        protocol.await("task");
        client.endOutput();
        assertThat(protocol.cause()).isNull();
        assertThat(protocol.log()).containsExactly("connected", "task", "eof", "disconnected");
    }

    @Test
    void tasksAreDroppedAtTheEndOfTheConnection() throws Exception {
        Scripted ending = new Scripted();
        Scripted staying = new Scripted();
        SocketAddress door = rig.doorFor(ending, staying);
        rig.connect(door, ending);
        Client other = rig.connect(door, staying);
        ending.transport().abort();
        assertThat(ending.reason()).isEqualTo(Reason.ABORTED);
        ending.transport().execute(() -> ending.note("dropped"));
        Rig.caughtUp(staying.transport());
        other.close();
        rig.engine().close();
        ending.transport().execute(() -> ending.note("dropped"));
        assertThat(ending.log()).containsExactly("connected", "disconnected");
    }

    @Test
    void abortAndPauseFromOutside() throws Exception {
        Scripted protocol = new Scripted();
        Client client = rig.connect(rig.doorFor(protocol));
        Transport transport = protocol.transport();
        transport.pauseReading();
        Rig.caughtUp(transport);
        client.send("一二三");
        Rig.caughtUp(transport);
        assertThat(protocol.input()).isEmpty();
        transport.resumeReading();
        protocol.await("received 9");
        transport.abort();
        assertThat(protocol.reason()).isEqualTo(Reason.ABORTED);
        client.assertReset();
    }

    @Test
    void whatWaitsOnTheWayCountsAsQueued() throws Exception {
        assumeFalse(rig.flavor().isBlocking(), "who writes sends: nothing is on its way");
        rig.with(Rig.PATIENT.withOutbound(1000, 10_000, 100_000));
        Scripted protocol = new Scripted();
        rig.connect(rig.doorFor(protocol));
        Transport transport = protocol.transport();
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        transport.execute(() -> {
            busy.countDown();
            join(free);
        });
        busy.await();
        transport.write(ByteBuffer.wrap(pattern(60_000)));
        assertThat(transport.queuedBytes()).isBetween(60_000L, 60_500L);
        assertThat(transport.isWritable()).isFalse();
        transport.write(ByteBuffer.wrap(pattern(60_000)));
        free.countDown();
        assertThat(protocol.reason()).isEqualTo(Reason.SLOW_RECEIVER);
        assertThat(transport.queuedBytes()).isZero();
    }

    private static void join(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void everythingAtOnceFromManyThreads() throws Exception {
        Queue<Transport> transports = new ConcurrentLinkedQueue<>();
        SocketAddress door =
                rig.door(() ->
                        new Scripted().onConnected(transports::add).onReceived(Transport::write));
        List<CompletableFuture<Void>> jobs = new ArrayList<>();
        for (int seed = 0; seed < 3; seed++) {
            Random random = new Random(seed);
            jobs.add(Background.run(() -> comeAndGo(door, random)));
            jobs.add(Background.run(() -> meddle(transports, random)));
        }
        all(jobs);
        Scripted last = new Scripted();
        rig.connect(rig.doorFor(last)).send("还在").endOutput();
        assertThat(last.cause()).isNull();
        assertThat(last.inputText()).isEqualTo("还在");
    }

    private static void comeAndGo(SocketAddress door, Random random) throws Exception {
        for (int i = 0; i < 100; i++) {
            Client client = Client.connect(door);
            try {
                client.send(pattern(random.nextInt(5000)));
            } catch (IOException _) {
                // Aborted by one of the others.
            }
            if (random.nextBoolean()) {
                client.reset();
            } else {
                client.close();
            }
        }
    }

    private static void meddle(Queue<Transport> transports, Random random) {
        for (int i = 0; i < 3000; i++) {
            Transport transport = transports.poll();
            if (transport == null) {
                Thread.onSpinWait();
                continue;
            }
            transports.add(transport);
            switch (random.nextInt(8)) {
                case 0 -> transport.pauseReading();
                case 1 -> transport.resumeReading();
                case 2 -> transport.schedule(Duration.ofMillis(1), () -> {}).cancel();
                case 3 -> transport.execute(() -> transport.write(utf8("task")));
                case 4 -> closeOrAbort(transport, random);
                case 5 -> assertThat(transport.queuedBytes()).isNotNegative();
                default -> transport.write(utf8("多线程"));
            }
        }
    }

    private static void closeOrAbort(Transport transport, Random random) {
        if (random.nextBoolean()) {
            transport.close();
        } else {
            transport.abort();
        }
    }

    /// A thread takes after the one that has made it.
    @Test
    void anEngineOpenedByADaemonKeepsTheProcessAlive() throws Exception {
        CompletableFuture<Set<Thread>> made = new CompletableFuture<>();
        Thread opener =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> {
                            try {
                                Set<Thread> before = Thread.getAllStackTraces().keySet();
                                rig.engine();
                                Set<Thread> after =
                                        new HashSet<>(Thread.getAllStackTraces().keySet());
                                after.removeAll(before);
                                made.complete(after);
                            } catch (Throwable e) {
                                made.completeExceptionally(e);
                            }
                        });
        opener.join();
        assertThat(made.get())
                .filteredOn(thread -> thread.getName().startsWith("pollux-"))
                .isNotEmpty()
                .noneMatch(Thread::isDaemon);
    }
}
