package dev.pollux.engines;

import static dev.pollux.engines.Texts.pattern;
import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pollux.engines.DisconnectedException.Reason;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Who hears what in a group.
@EngineContract
final class GroupTest {
    @RegisterExtension final Rig rig;

    GroupTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    private Group group() throws Exception {
        return rig.engine().group();
    }

    /// {@return a protocol that joins, and does this with its input}
    private static Scripted member(Group group, BiConsumer<Transport, String> onText) {
        return new Scripted()
                .onConnected(group::join)
                .onReceived((transport, bytes) -> onText.accept(transport, Texts.text(bytes)));
    }

    private static Scripted member(Group group) {
        return new Scripted()
                .onConnected(group::join)
                .onReceived((_, bytes) -> group.broadcast(bytes));
    }

    private static void awaitSize(Group group, int size) {
        Rig.eventually(size + " members", () -> group.size() == size);
    }

    /// {@return clients of so many members, all of which have joined}
    private List<Client> members(Group group, int count) throws Exception {
        int before = group.size();
        SocketAddress door = rig.door(() -> member(group));
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(rig.connect(door));
        }
        awaitSize(group, before + count);
        return clients;
    }

    @Test
    void everyoneHearsABroadcast() throws Exception {
        Group group = group();
        List<Client> clients = members(group, 5);
        clients.getFirst().send("大家好");
        for (Client client : clients) {
            assertThat(client.receive("大家好")).isEqualTo("大家好");
        }
    }

    @Test
    void aBroadcastFromAnyThread() throws Exception {
        Group group = group();
        List<Client> clients = members(group, 5);
        ByteBuffer bytes = utf8("[通知]").position(1).limit(7);
        group.broadcast(bytes);
        assertThat(bytes.hasRemaining()).isFalse();
        for (Client client : clients) {
            assertThat(client.receive("通知")).isEqualTo("通知");
        }
    }

    @Test
    void everyoneButOne() throws Exception {
        Group group = group();
        SocketAddress door =
                rig.door(() ->
                        member(
                                group,
                                (transport, text) -> {
                                    group.broadcast(utf8(text), transport);
                                    group.broadcast(utf8("."));
                                }));
        Client speaker = rig.connect(door);
        Client listener = rig.connect(door);
        awaitSize(group, 2);
        speaker.send("悄悄话");
        assertThat(listener.receive("悄悄话.")).isEqualTo("悄悄话.");
        assertThat(speaker.receive(".")).isEqualTo(".");
    }

    @Test
    void exceptWhoIsNoMemberLeavesNobodyOut() throws Exception {
        Group group = group();
        Scripted stranger = new Scripted();
        Client outside = rig.connect(rig.doorFor(stranger), stranger);
        List<Client> clients = members(group, 2);
        group.broadcast(utf8("全体"), stranger.transport());
        for (Client client : clients) {
            assertThat(client.receive("全体")).isEqualTo("全体");
        }
        stranger.transport().close();
        assertThat(outside.receiveToEnd()).isEmpty();
    }

    @Test
    void allSeeTheSameOrderWhoeverSpeaks() throws Exception {
        int rounds = 300;
        int count = 6;
        Group group = group();
        List<Client> clients = members(group, count);
        var jobs = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < count; i++) {
            Client client = clients.get(i);
            byte speaker = (byte) i;
            jobs.add(
                    Background.run(() -> {
                        for (int round = 0; round < rounds; round++) {
                            client.send(new byte[] {speaker});
                        }
                    }));
        }
        jobs.add(
                Background.run(() -> {
                    for (int round = 0; round < rounds; round++) {
                        group.broadcast(ByteBuffer.wrap(new byte[] {(byte) count}));
                    }
                }));
        byte[] first = clients.getFirst().receive((count + 1) * rounds);
        for (Client client : clients.subList(1, count)) {
            assertThat(client.receive(first.length)).isEqualTo(first);
        }
        for (var job : jobs) {
            job.get();
        }
    }

    @Test
    void whoIsGoneHasLeft() throws Exception {
        Group group = group();
        List<Client> clients = members(group, 4);
        clients.get(0).close();
        awaitSize(group, 3);
        clients.get(1).reset();
        awaitSize(group, 2);
        group.broadcast(utf8("还有谁"));
        assertThat(clients.get(2).receive("还有谁")).isEqualTo("还有谁");
        assertThat(clients.get(3).receive("还有谁")).isEqualTo("还有谁");
    }

    @Test
    void theOthersHearWhatAMemberSaysInItsLastCallback() throws Exception {
        Group group = group();
        SocketAddress door =
                rig.door(() -> member(group).onDisconnected(_ -> group.broadcast(utf8("有人走了"))));
        Client stays = rig.connect(door);
        Client goes = rig.connect(door);
        Client dies = rig.connect(door);
        awaitSize(group, 3);
        goes.close();
        assertThat(stays.receive("有人走了")).isEqualTo("有人走了");
        assertThat(dies.receive("有人走了")).isEqualTo("有人走了");
        dies.reset();
        assertThat(stays.receive("有人走了")).isEqualTo("有人走了");
    }

    @Test
    void aDeathInTheMiddleOfABroadcastDisturbsNobody() throws Exception {
        Group group = group();
        int rounds = 40;
        List<Client> clients = members(group, rounds + 2);
        var speaking =
                Background.run(() -> {
                    for (int i = 0; i < 2000; i++) {
                        clients.get(0).send("0123456789");
                    }
                });
        for (int i = 0; i < rounds; i++) {
            clients.get(i + 2).receive(50);
            clients.get(i + 2).reset();
        }
        String all = "0123456789".repeat(2000);
        assertThat(clients.get(1).receive(all)).isEqualTo(all);
        assertThat(clients.get(0).receive(all)).isEqualTo(all);
        speaking.get();
        awaitSize(group, 2);
    }

    @Test
    void aSlowMemberIsCutOffAndTheOthersGetEverything() throws Exception {
        rig.with(Rig.PATIENT.withOutbound(10_000, 100_000, 1_000_000));
        Group group = group();
        Scripted slow = member(group);
        Client deaf = rig.connectNarrow(rig.doorFor(slow));
        awaitSize(group, 1);
        List<Client> clients = members(group, 2);
        byte[] piece = pattern(50_000);
        for (int i = 0; i < 200; i++) {
            clients.get(0).send(piece);
            assertThat(clients.get(0).receive(piece.length)).isEqualTo(piece);
            assertThat(clients.get(1).receive(piece.length)).isEqualTo(piece);
        }
        assertThat(slow.reason()).isEqualTo(Reason.SLOW_RECEIVER);
        assertThat(rig.engine().statistics().disconnectedSlow()).isOne();
        deaf.assertReset();
    }

    @Test
    void aThousandMembers() throws Exception {
        Group group = group();
        List<Client> clients = members(group, 1000);
        int lines = 20;
        String line = "第一千零一夜\n";
        var speaking =
                Background.run(() -> {
                    for (int i = 0; i < lines; i++) {
                        clients.get(i * 7).send(line);
                    }
                });
        for (Client client : clients) {
            assertThat(client.receive(line.repeat(lines))).isEqualTo(line.repeat(lines));
        }
        speaking.get();
        for (Client client : clients) {
            client.close();
        }
        awaitSize(group, 0);
    }

    @Test
    void anEmptyGroupAndAnEmptyBroadcast() throws Exception {
        Group group = group();
        group.broadcast(utf8("有人吗"));
        List<Client> clients = members(group, 2);
        group.broadcast(utf8(""));
        group.broadcast(utf8("有"));
        assertThat(clients.get(0).receive("有")).isEqualTo("有");
        assertThat(clients.get(1).receive("有")).isEqualTo("有");
    }

    @Test
    void aStoppedEnginesGroupIsEmptyAndSilent() throws Exception {
        Group group = group();
        Scripted protocol = member(group);
        Client client = rig.connect(rig.doorFor(protocol));
        awaitSize(group, 1);
        client.close();
        rig.engine().close();
        group.broadcast(utf8("没有人"));
        group.join(protocol.transport());
        group.leave(protocol.transport());
        assertThat(group.size()).isZero();
    }

    @Test
    void aTransportOfAnotherEngineIsRefused() throws Exception {
        Group group = group();
        try (Engine other = rig.flavor().model().open(Rig.PATIENT)) {
            Scripted stranger = new Scripted();
            Listener door = other.listen(new InetSocketAddress("127.0.0.1", 0), () -> stranger);
            try (Client _ = Client.connect(door.address())) {
                Transport transport = stranger.transport();
                assertThatThrownBy(() -> group.join(transport))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }
}
