package dev.pollux.engines;

import static dev.pollux.engines.Texts.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.DisconnectedException.Reason;
import dev.pollux.engines.loop.Connection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What waits for peers that do not take it costs little more than its bytes.
@EngineContract
final class EngineMemoryTest {
    private static final int LINES = 2000;
    private static final long BUDGET = 64 << 20;

    /// More than any kernel keeps for a connection.
    private static final int MUCH = 16 << 20;

    /// A row: number, instances, bytes, class, module.
    private static final Pattern PIECES =
            Pattern.compile(
                    "(?m)^ *\\d+: +(\\d+) +\\d+ +dev\\.pollux\\.engines\\.io\\.(?:Segment|CountedBytes)\\s");

    @RegisterExtension final Rig rig;

    EngineMemoryTest(Flavor flavor) {
        rig = new Rig(flavor).with(Rig.PATIENT.withOutbound(1 << 20, 1 << 20, 64 << 20));
    }

    /// {@return how many objects there are that bytes wait in}
    private static long pieces() throws Exception {
        Object histogram =
                ManagementFactory.getPlatformMBeanServer()
                        .invoke(
                                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                "gcClassHistogram",
                                new Object[] {new String[0]},
                                new String[] {String[].class.getName()});
        long sum = 0;
        Matcher rows = PIECES.matcher(String.valueOf(histogram));
        while (rows.find()) {
            sum += Long.parseLong(rows.group(1));
        }
        return sum;
    }

    private static void write(Transport transport, int mebibytes) {
        for (int i = 0; i < mebibytes; i++) {
            transport.write(ByteBuffer.wrap(pattern(1 << 20)));
        }
    }

    private EngineStatistics statistics() {
        try {
            return rig.engine().statistics();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long held() {
        return statistics().heldBytes();
    }

    @Test
    void whenAllHoldTooMuchTheGreediestGoesAndNobodyElse() throws Exception {
        rig.with(Rig.PATIENT.withOutbound(1 << 20, 1 << 20, 128 << 20).withMemory(BUDGET));
        Scripted greediest = new Scripted().onConnected(transport -> write(transport, 40));
        Scripted modest = new Scripted().onConnected(transport -> write(transport, 8));
        Scripted growing = new Scripted();
        SocketAddress door = rig.doorFor(greediest, modest, growing, Texts.echo());
        rig.connectNarrow(door);
        Rig.caughtUp(greediest.transport());
        rig.connectNarrow(door);
        Rig.caughtUp(modest.transport());
        rig.connectNarrow(door);
        Transport transport = growing.transport();
        Client other = rig.connect(door);
        while (greediest.transport().isOpen()) {
            long missing = BUDGET - held(); // Of what is written now, the kernel may take a part.
            byte[] bytes = pattern((int) Math.max(missing - (1 << 20), 1 << 16));
            transport.execute(() -> transport.write(ByteBuffer.wrap(bytes)));
            Rig.caughtUp(transport);
        }
        assertThat(greediest.reason()).isEqualTo(Reason.OVER_BUDGET);
        assertThat(other.send("still here").receive("still here")).isEqualTo("still here");
        assertThat(modest.isOver()).isFalse();
        assertThat(growing.isOver()).isFalse();
        Rig.eventually("an eighth is free", () -> held() <= BUDGET - BUDGET / 8);
        assertThat(statistics().disconnectedOverBudget()).isOne();
    }

    @Test
    void manyAlikeGoUntilThereIsRoom() throws Exception {
        rig.with(Rig.PATIENT.withOutbound(1 << 20, 1 << 20, 128 << 20).withMemory(BUDGET));
        CountDownLatch written = new CountDownLatch(10);
        List<Transport> all = new CopyOnWriteArrayList<>();
        SocketAddress door =
                rig.door(() ->
                        new Scripted()
                                .onConnected(transport -> {
                                    all.add(transport);
                                    write(transport, 16);
                                    written.countDown();
                                }));
        for (int i = 0; i < 10; i++) {
            rig.connectNarrow(door);
        }
        written.await();
        // What they held is free before they are counted.
        Rig.eventually(
                "it is not too much",
                () -> {
                    long open = all.stream().filter(Transport::isOpen).count();
                    return statistics().disconnectedOverBudget() == 10 - open && held() <= BUDGET;
                });
        assertThat(statistics().disconnectedOverBudget()).isBetween(3L, 8L);
    }

    @Test
    void inputLeftUnreadIsHeldUntilItIsTaken() throws Exception {
        Scripted protocol = new Scripted();
        protocol.onReceived((_, bytes) -> {
            if (bytes.remaining() == 4000) {
                protocol.take(bytes);
            }
        });
        Client client = rig.connect(rig.doorFor(protocol)).send(pattern(3000));
        Rig.eventually("it is held", () -> held() >= 3000);
        client.send(pattern(1000));
        Rig.eventually("nothing is held", () -> held() < 500);
        client.send(pattern(3000));
        Rig.eventually("it is held", () -> held() >= 3000);
        client.close();
        rig.awaitOpen(0);
        Rig.eventually("nothing is held", () -> held() == 0);
    }

    @Test
    void nothingIsHeldForThoseThatHaveGone() throws Exception {
        Group group = rig.engine().group();
        CountDownLatch written = new CountDownLatch(5);
        SocketAddress door =
                rig.door(() ->
                        new Scripted()
                                .onConnected(transport -> {
                                    group.join(transport);
                                    write(transport, 8);
                                    group.broadcast(ByteBuffer.wrap(pattern(100_000)));
                                    transport.write(ByteBuffer.wrap(pattern(100)));
                                    written.countDown();
                                }));
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            clients.add(rig.connectNarrow(door));
        }
        written.await();
        assertThat(held()).isGreaterThan(5 << 20);
        for (Client client : clients) {
            client.reset();
        }
        rig.awaitOpen(0);
        Rig.eventually("nothing is held", () -> held() == 0);
    }

    @Test
    void aLineForAMemberThatDoesNotReadIsNoObject() throws Exception {
        Group group = rig.engine().group();
        Scripted deaf = new Scripted();
        deaf.onConnected(transport -> {
            transport.write(ByteBuffer.wrap(pattern(MUCH)));
            group.join(transport);
        });
        Scripted talker =
                new Scripted()
                        .onConnected(group::join)
                        .onReceived((_, bytes) -> group.broadcast(bytes));
        SocketAddress door = rig.doorFor(deaf, talker);
        rig.connectNarrow(door);
        Transport transport = deaf.transport();
        Client client = rig.connect(door);
        talker.transport();
        Rig.caughtUp(transport);
        Rig.eventually("both are members", () -> group.size() == 2);
        long before = pieces();
        assertThat(before).as("what it has been written waits in objects").isPositive();
        String line = "a line that waits, as usual\n";
        for (int i = 0; i < LINES; i++) {
            assertThat(client.send(line).receive(line)).isEqualTo(line);
        }
        Rig.caughtUp(transport);
        assertThat(transport.queuedBytes()).isGreaterThan(LINES * (long) line.length());
        assertThat(pieces() - before).as("objects for %d lines", LINES).isLessThan(LINES / 20);
    }

    /// What one loop may come to hold before it asks again is not free for another one.
    @Test
    void whatOneLoopWasGivenIsNotGivenToAnother() throws Exception {
        rig.with(Rig.PATIENT.withOutbound(1 << 20, 1 << 20, 128 << 20).withMemory(BUDGET));
        List<Scripted> made = new CopyOnWriteArrayList<>();
        Supplier<Protocol> next =
                () -> {
                    made.add(new Scripted());
                    return made.getLast();
                };
        SocketAddress door = rig.door(next);
        rig.connectNarrow(door);
        Rig.eventually("the first is there", () -> made.size() == 1);
        Scripted first = made.getFirst();
        first.transport().execute(() -> write(first.here(), 10));
        Rig.caughtUp(first.transport());
        Rig.caughtUp(first.transport()); // Its loop has asked by now.
        Transport much = connectApart(door, made);
        while (held() < BUDGET - (4 << 20)) {
            much.execute(() -> write(much, 1));
            Rig.caughtUp(much);
        }
        first.transport().execute(() -> write(first.here(), 12));
        Rig.eventually(
                "it is not too much",
                () -> statistics().disconnectedOverBudget() > 0 && held() <= BUDGET);
        assertThat(first.isOver()).isFalse();
    }

    /// {@return the transport of a new connection on another loop than the first, if there is one}
    private Transport connectApart(SocketAddress door, List<Scripted> made) throws Exception {
        Transport first = made.getFirst().transport();
        boolean alone = rig.flavor().isBlocking() || rig.flavor().threads() == 1;
        while (true) {
            int before = made.size();
            rig.connectNarrow(door);
            Rig.eventually("one more is there", () -> made.size() > before);
            Transport next = made.getLast().transport();
            if (alone || ((Connection) next).loop() != ((Connection) first).loop()) {
                return next;
            }
        }
    }
}
