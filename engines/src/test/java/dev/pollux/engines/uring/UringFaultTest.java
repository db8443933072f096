package dev.pollux.engines.uring;

import static dev.pollux.engines.Texts.pattern;
import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.engines.Client;
import dev.pollux.engines.DisconnectedException.Reason;
import dev.pollux.engines.Flavor;
import dev.pollux.engines.Group;
import dev.pollux.engines.Protocol;
import dev.pollux.engines.Rig;
import dev.pollux.engines.Scripted;
import dev.pollux.engines.Transport;
import dev.pollux.engines.loop.Connection;
import dev.pollux.engines.loop.Loop;
import dev.pollux.engines.loop.TimerWheel;
import dev.pollux.engines.models.IoModel;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The faults that only a ring has, each at the moment that is wanted.
@Timeout(60)
final class UringFaultTest {
    private static final int CLIENTS = 20;
    private static final RingSizes ROOMY = new RingSizes(64, 256, 64, 4096, 16, 16_384, 256);

    @RegisterExtension final Rig rig = new Rig(new Flavor(IoModel.IO_URING, 1));

    private volatile UringDriver driver;

    @BeforeAll
    static void needsIoUring() {
        assumeTrue(IoModel.IO_URING.isAvailable(), () -> IoModel.IO_URING.whyNot().orElse(""));
    }

    private void driveWith(RingSizes sizes, RingEntry kernel) {
        rig.driven(new UringModel(loop -> driver = new UringDriver(loop, sizes, kernel)));
    }

    private void driveWith(RingSizes sizes) {
        driveWith(sizes, RingEntry.KERNEL);
    }

    /// {@return clients of one protocol each, in the same order}
    private List<Client> connect(List<Scripted> protocols) throws Exception {
        SocketAddress door = rig.doorFor(protocols.toArray(Protocol[]::new));
        List<Client> clients = new ArrayList<>();
        for (Scripted protocol : protocols) {
            clients.add(rig.connect(door, protocol));
        }
        return clients;
    }

    private static List<Scripted> echoes() {
        return echoes(CLIENTS);
    }

    private static List<Scripted> echoes(int count) {
        List<Scripted> protocols = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            protocols.add(new Scripted().onReceived(Transport::write));
        }
        return protocols;
    }

    private static String line(int client) {
        return "第 " + client + " 位";
    }

    /// All clients send at once.
    ///
    /// @return how many completions it took until each had its answer
    private long talkAtOnce(List<Scripted> protocols, List<Client> clients) throws Exception {
        long before = rig.engine().statistics().events();
        Rig.whileHeld(
                protocols.getFirst().transport(),
                () -> {
                    for (int i = 0; i < clients.size(); i++) {
                        clients.get(i).send(line(i));
                    }
                });
        for (int i = 0; i < clients.size(); i++) {
            assertThat(clients.get(i).receive(line(i))).isEqualTo(line(i));
        }
        return rig.engine().statistics().events() - before;
    }

    @Test
    void enobufsEndsAReceiveWhichIsMadeAgainWhenABufferIsBack() throws Exception {
        driveWith(new RingSizes(64, 256, 1, 4096, 1, 8192, 256));
        List<Scripted> protocols = echoes();
        List<Client> clients = connect(protocols);
        for (int round = 0; round < 5; round++) {
            // A receive and a send each; and all but one find no buffer at first.
            assertThat(talkAtOnce(protocols, clients)).isGreaterThanOrEqualTo(3 * CLIENTS - 1);
        }
    }

    /// Else each few that are served cost a refusal of all the others, and newcomers that come
    /// faster than those few leave starve everybody.
    @Test
    void aCrowdThatFindsNoBufferAsksAgainOneAfterTheOther() throws Exception {
        int crowd = 200;
        driveWith(new RingSizes(64, 256, 2, 4096, 2, 8192, 1024));
        List<Scripted> protocols = echoes(crowd);
        List<Client> clients = connect(protocols);
        for (int round = 0; round < 3; round++) {
            assertThat(talkAtOnce(protocols, clients)).isLessThan(5L * crowd);
        }
    }

    @Test
    void aCompletionQueueThatOverflowsEndsReceivesWhichAreMadeAgain() throws Exception {
        driveWith(new RingSizes(2, 4, 64, 4096, 16, 16_384, 256));
        List<Scripted> protocols = echoes();
        List<Client> clients = connect(protocols);
        for (int round = 0; round < 5; round++) {
            talkAtOnce(protocols, clients);
        }
    }

    @Test
    void everyOtherEntryOfTheKernelFailsForNow() throws Exception {
        int[] errors = {Errno.EINTR, Errno.EAGAIN, Errno.EBUSY};
        driveWith(
                Flavor.TINY,
                new FaultyEntry(call -> call % 2 == 1 ? -errors[call / 2 % 3] : FaultyEntry.FINE));
        List<Scripted> protocols = echoes();
        talkAtOnce(protocols, connect(protocols));
    }

    @Test
    void theKernelTakesOneRequestAtATime() throws Exception {
        driveWith(Flavor.TINY, new FaultyEntry(_ -> 1));
        List<Scripted> protocols = echoes();
        talkAtOnce(protocols, connect(protocols));
    }

    /// A peer that does not read: its connection receives, and waits for room to send.
    @Test
    void aCloseWhileAReceiveAndASendAreUnderWayLeavesNothing() throws Exception {
        driveWith(ROOMY);
        byte[] much = pattern(8_000_000);
        for (boolean byThePeer : new boolean[] {true, false, true, false}) {
            Scripted protocol =
                    new Scripted().onConnected(transport -> transport.write(ByteBuffer.wrap(much)));
            Client deaf = rig.connectNarrow(rig.doorFor(protocol));
            Transport transport = protocol.transport();
            Rig.caughtUp(transport);
            Rig.caughtUp(transport); // In the next turn: the kernel has the requests.
            if (byThePeer) {
                deaf.reset();
                assertThat(protocol.cause()).isInstanceOf(ErrnoException.class);
            } else {
                transport.abort();
                deaf.assertReset();
            }
            assertThat(transport.queuedBytes()).isZero();
        }
        Rig.eventually("the wakeup and four doors are left", () -> driver.sources().size() == 5);
    }

    /// There is room, and input behind it, whose answer finds the room full again: all in one turn.
    @Test
    void whoIsBlockedAgainInTheTurnInWhichThereWasRoomIsToldOfTheNext() throws Exception {
        int most = 12 << 20;
        int first = 8 << 20;
        rig.with(Rig.PATIENT.withOutbound(1, 1, most));
        driveWith(ROOMY);
        long[] left = {0};
        Scripted protocol = new Scripted();
        protocol.onConnected(transport -> transport.write(ByteBuffer.wrap(pattern(first))))
                .onReceived((transport, bytes) -> {
                    protocol.take(bytes);
                    left[0] = transport.queuedBytes();
                    int beyond = (int) (most - left[0] + 1);
                    transport.write(ByteBuffer.wrap(pattern(beyond)));
                });
        Client client = rig.connectNarrow(rig.doorFor(protocol));
        Transport transport = protocol.transport();
        Rig.caughtUp(transport);
        Rig.caughtUp(transport);
        long queued = transport.queuedBytes();
        Rig.whileHeld(
                transport,
                () -> {
                    client.receive((int) (first - queued));
                    client.send("!");
                });
        protocol.await("received 1");
        client.receive((int) (queued + most - left[0] + 1));
        assertThat(protocol.isOver()).isFalse();
    }

    @Test
    void pausingWhileThereIsNoRoomAsksForRoomOnce() throws Exception {
        int pauses = 1000;
        int size = 8 << 20;
        rig.with(Rig.PATIENT.withOutbound(1, 1, size));
        driveWith(ROOMY);
        Scripted protocol =
                new Scripted()
                        .onConnected(transport -> transport.write(ByteBuffer.wrap(pattern(size))));
        Client client = rig.connectNarrow(rig.doorFor(protocol));
        Transport transport = protocol.transport();
        CountDownLatch through = new CountDownLatch(1);
        Rig.caughtUp(transport);
        transport.execute(() -> pauseAndResume(transport, 2 * pauses, through));
        assertThat(through.await(50, TimeUnit.SECONDS)).isTrue();
        long before = rig.engine().statistics().events();
        client.receive(size);
        Rig.caughtUp(transport);
        assertThat(rig.engine().statistics().events() - before).isLessThan(pauses);
    }

    /// Each in a turn of its own.
    private static void pauseAndResume(Transport transport, int left, CountDownLatch through) {
        if (left == 0) {
            through.countDown();
            return;
        }
        if (left % 2 == 0) {
            transport.pauseReading();
        } else {
            transport.resumeReading();
        }
        transport.execute(() -> pauseAndResume(transport, left - 1, through));
    }

    /// The victim's completion is in the queue already when its connection is aborted.
    @Test
    void aStaleCompletionAfterReuseOfASlotReachesNobody() throws Exception {
        driveWith(new RingSizes(64, 256, 4, 4096, 4, 8192, 18));
        Scripted killer = new Scripted();
        AtomicInteger made = new AtomicInteger();
        List<Scripted> victims = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            victims.add(new Scripted());
        }
        SocketAddress door =
                rig.door(() -> made.getAndIncrement() == 0 ? killer : victims.get(made.get() - 2));
        Client first = rig.connect(door, killer);
        for (Scripted victim : victims) {
            Client client = rig.connect(door, victim);
            Transport doomed = victim.transport();
            killer.onReceived((transport, bytes) -> {
                transport.write(bytes);
                doomed.abort();
            });
            Rig.whileHeld(
                    doomed,
                    () -> {
                        first.send("杀");
                        client.send("迟到的话");
                    });
            assertThat(first.receive("杀")).isEqualTo("杀");
            assertThat(victim.reason()).isEqualTo(Reason.ABORTED);
            assertThat(victim.inputText()).isIn("", "迟到的话");
            client.assertReset();
        }
    }

    @Test
    void aRingThatFailsEndsItsLoopInOrder() throws Exception {
        AtomicInteger outcome = new AtomicInteger(FaultyEntry.FINE);
        driveWith(ROOMY, new FaultyEntry(_ -> outcome.get()));
        rig.expectTrouble(
                "a loop failed, and the engine ends with all its connections: io_uring_enter");
        Scripted silent = new Scripted();
        Scripted talking = new Scripted();
        talking.onReceived((transport, bytes) -> {
            talking.take(bytes);
            transport.write(utf8("never sent"));
            outcome.set(-Errno.EBADF);
        });
        List<Client> clients = connect(List.of(silent, talking));
        clients.get(1).send("!");
        assertThat(talking.reason()).isEqualTo(Reason.STOPPED);
        assertThat(silent.reason()).isEqualTo(Reason.STOPPED);
        assertThatThrownBy(rig.engine()::awaitStop).isInstanceOf(IOException.class);
        assertThat(rig.troubles()).anyMatch(line -> line.contains("EBADF"));
        for (Client client : clients) {
            assertThat(client.receiveWhatComes()).isEmpty();
        }
    }

    @Test
    void aFullQueueThatCannotBeHandedOverEndsItsLoopInOrder() throws Exception {
        AtomicInteger outcome = new AtomicInteger(FaultyEntry.FINE);
        driveWith(Flavor.TINY, new FaultyEntry(_ -> outcome.get()));
        rig.expectTrouble(
                "a loop failed, and the engine ends with all its connections: io_uring_enter");
        Group group = rig.engine().group();
        List<Scripted> members = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            members.add(new Scripted().onConnected(group::join));
        }
        List<Client> clients = connect(members);
        members.getFirst()
                .transport()
                .execute(() -> {
                    outcome.set(-Errno.ENXIO);
                    group.broadcast(utf8("never sent"));
                });
        for (Scripted member : members) {
            assertThat(member.reason()).isEqualTo(Reason.STOPPED);
        }
        assertThatThrownBy(rig.engine()::awaitStop).isInstanceOf(IOException.class);
        clients.getFirst().receiveWhatComes();
    }

    /// What failed at the end is tried once more when the ring is not there any more.
    @Test
    void aRingThatFailsWhileItsLoopEndsIsNotUsedOnceItIsClosed() throws Exception {
        rig.expectTrouble("a loop failed, and the engine ends with all its connections");
        AtomicBoolean failing = new AtomicBoolean();
        driveWith(
                new RingSizes(64, 256, 16, 4096, 16, 16_384, 256),
                new FaultyEntry(_ -> failing.get() ? -Errno.EBADF : FaultyEntry.FINE));
        Scripted protocol = new Scripted();
        Client client = rig.connect(rig.doorFor(protocol), protocol);
        Transport transport = protocol.transport();
        Loop loop = ((Connection) transport).loop();
        Runnable failure =
                () -> {
                    transport.write(utf8("under way"));
                    loop.settle();
                    failing.set(true);
                    throw new IllegalStateException("a mistake in the loop");
                };
        loop.hand(() -> loop.wheel().add(new TimerWheel.Entry(failure), 0), 0);
        assertThat(protocol.reason()).isEqualTo(Reason.STOPPED);
        assertThatThrownBy(rig.engine()::awaitStop).hasMessageContaining("a mistake in the loop");
        client.receiveWhatComes();
    }
}
