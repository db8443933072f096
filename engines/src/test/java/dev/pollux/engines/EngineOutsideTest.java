package dev.pollux.engines;

import static dev.pollux.engines.Texts.pattern;
import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.engines.DisconnectedException.Reason;
import dev.pollux.engines.loop.Connection;
import dev.pollux.engines.loop.Loop;
import dev.pollux.engines.loop.TaskQueue;
import dev.pollux.engines.shared.Uninterrupted;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What threads of the application's own may pile up before a loop that is busy.
@EngineContract
final class EngineOutsideTest {
    private static final int LIMIT = 4 << 20;
    private static final int MEBIBYTE = 1 << 20;

    @RegisterExtension final Rig rig;

    private final Scripted protocol = new Scripted();
    private final CountDownLatch busy = new CountDownLatch(1);
    private final CountDownLatch free = new CountDownLatch(1);

    EngineOutsideTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    @BeforeEach
    void loopsOnly() {
        assumeFalse(rig.flavor().isBlocking(), "who writes sends: nothing is on its way");
    }

    /// {@return the transport of a connection whose loop does nothing until it is set free}
    private Transport busyLoop() throws Exception {
        rig.connect(rig.doorFor(protocol));
        Transport transport = protocol.transport();
        transport.execute(() -> {
            busy.countDown();
            Uninterrupted.await(free::await);
        });
        busy.await();
        return transport;
    }

    private long held() throws Exception {
        return rig.engine().statistics().heldBytes();
    }

    @Test
    void writesBeyondTheLimitAreDroppedAtOnce() throws Exception {
        rig.with(Rig.PATIENT.withOutbound(1000, 10_000, LIMIT).withMemory(1 << 30));
        Transport transport = busyLoop();
        byte[] piece = pattern(MEBIBYTE);
        for (int i = 0; i < 3000; i++) { // More than an int counts.
            ByteBuffer bytes = ByteBuffer.wrap(piece);
            transport.write(bytes);
            assertThat(bytes.hasRemaining()).isFalse();
        }
        assertThat(held()).isLessThan(LIMIT + 1000);
        assertThat(transport.queuedBytes()).isNotNegative();
        assertThat(transport.isWritable()).isFalse();
        free.countDown();
        assertThat(protocol.reason()).isEqualTo(Reason.SLOW_RECEIVER);
    }

    @Test
    void writesOfAByteCountWhatTheyCost() throws Exception {
        rig.with(Rig.PATIENT.withOutbound(1000, 10_000, LIMIT).withMemory(1 << 30));
        Transport transport = busyLoop();
        try (SharedBytes one = SharedBytes.copyOf(ByteBuffer.allocate(1))) {
            for (int i = 0; i < 2 * LIMIT / TaskQueue.TASK_BYTES; i++) {
                transport.write(one);
            }
        }
        assertThat(held()).isLessThan(LIMIT + 1000);
        free.countDown();
        assertThat(protocol.reason()).isEqualTo(Reason.SLOW_RECEIVER);
    }

    @Test
    void writesBeyondTheBudgetAreDroppedAtOnce() throws Exception {
        rig.with(Rig.PATIENT.withOutbound(1000, 10_000, 1 << 30).withMemory(LIMIT));
        Transport transport = busyLoop();
        for (int i = 0; i < 100; i++) {
            transport.write(ByteBuffer.wrap(pattern(MEBIBYTE)));
        }
        assertThat(held()).isLessThan(LIMIT + 1000);
        free.countDown();
        assertThat(protocol.reason()).isEqualTo(Reason.OVER_BUDGET);
    }

    @Test
    void whoHoldsLittleIsNotCutOffWhereOthersHoldAlmostAll() throws Exception {
        rig.with(Rig.PATIENT.withOutbound(1000, 10_000, 1 << 30).withMemory(4L * LIMIT));
        Scripted greedy = new Scripted();
        SocketAddress door = rig.doorFor(greedy, protocol);
        rig.connectNarrow(door);
        Transport much = greedy.transport();
        while (held() < 4L * LIMIT - 2 * MEBIBYTE) {
            much.execute(() -> much.write(ByteBuffer.wrap(pattern(MEBIBYTE))));
            Rig.caughtUp(much);
        }
        Client modest = rig.connect(door, protocol);
        byte[] little = pattern(3 * MEBIBYTE);
        protocol.transport().write(ByteBuffer.wrap(little));
        assertThat(modest.receive(little.length)).isEqualTo(little);
        assertThat(protocol.isOver()).isFalse();
    }

    @Test
    void broadcastsWaitUntilTheLoopHasCaughtUp() throws Exception {
        rig.with(Rig.PATIENT.withMemory(4L * LIMIT)); // A quarter may be on its way.
        Group group = rig.engine().group();
        Transport transport = busyLoop();
        group.join(transport);
        Thread speaker =
                new Thread(() -> {
                    for (int i = 0; i < 40; i++) {
                        group.broadcast(ByteBuffer.wrap(pattern(MEBIBYTE)));
                    }
                });
        speaker.start();
        Rig.eventually("it waits", () -> speaker.getState() == Thread.State.TIMED_WAITING);
        // A broadcast waits for a second at most, for whoever holds a lock that a loop wants.
        assertThat(held()).isBetween((long) LIMIT, 3L * LIMIT);
        transport.abort();
        free.countDown();
        speaker.join();
    }

    @Test
    void bytesThatAreGoneAreRefusedAndCountForNothing() throws Exception {
        rig.connect(rig.doorFor(protocol), protocol);
        SharedBytes gone = SharedBytes.copyOf(ByteBuffer.allocate(1000));
        gone.release();
        assertThatThrownBy(() -> protocol.transport().write(gone))
                .isInstanceOf(IllegalStateException.class);
        assertThat(protocol.transport().queuedBytes()).isZero();
    }

    @Test
    void whatIsWrittenBehindTheCloseHarmsNothingBeforeIt() throws Exception {
        rig.with(Rig.PATIENT.withOutbound(1000, 10_000, 5 * LIMIT));
        byte[] all = pattern(4 * LIMIT);
        protocol.onConnected(transport -> {
            transport.write(ByteBuffer.wrap(all));
            transport.close();
        });
        Client client = rig.connectNarrow(rig.doorFor(protocol));
        Transport transport = protocol.transport();
        Rig.caughtUp(transport);
        transport.write(ByteBuffer.wrap(pattern(4 * LIMIT)));
        Rig.caughtUp(transport);
        assertThat(client.receiveToEnd()).isEqualTo(all);
        client.close();
        assertThat(protocol.cause()).isNull();
    }

    /// It receives no more, until the other has caught up.
    @Test
    void whoWaitsForAnotherLoopStillSends() throws Exception {
        assumeTrue(rig.flavor().threads() > 1, "there is no other loop");
        // A quarter may be on its way.
        rig.with(Rig.PATIENT.withOutbound(1000, 10_000, 1 << 30).withMemory(4L * LIMIT));
        BlockingQueue<Transport> come = new LinkedBlockingQueue<>();
        SocketAddress door = rig.door(() -> new Scripted().onConnected(come::add));
        Client client = rig.connect(door);
        Transport sending = come.take();
        Loop loop = ((Connection) sending).loop();
        Transport held = sending;
        while (((Connection) held).loop() == loop) {
            rig.connect(door);
            held = come.take();
        }
        CountDownLatch begun = new CountDownLatch(1);
        held.execute(() -> {
            begun.countDown();
            Uninterrupted.await(free::await);
        });
        begun.await(); // What it has taken out of its queue is not on its way any more.
        try {
            for (int i = 0; i < 3; i++) {
                held.write(ByteBuffer.wrap(pattern(LIMIT / 2)));
            }
            assertThat(((Connection) held).loop().holdings().tasks().isCongested()).isTrue();
            sending.write(utf8("still here"));
            assertThat(client.receive("still here")).isEqualTo("still here");
        } finally {
            free.countDown();
        }
    }
}
