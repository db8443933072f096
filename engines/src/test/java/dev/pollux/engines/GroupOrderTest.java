package dev.pollux.engines;

import static dev.pollux.engines.Texts.pattern;
import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.shared.Uninterrupted;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A member's own order: what it does in one callback reaches it in that order, on one loop and on
/// several.
@EngineContract
final class GroupOrderTest {
    @RegisterExtension final Rig rig;

    GroupOrderTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    private Group group() throws Exception {
        return rig.engine().group();
    }

    private void assertHears(String expected, BiConsumer<Group, Transport> script)
            throws Exception {
        Group group = group();
        Scripted protocol = new Scripted();
        protocol.onReceived((transport, bytes) -> {
            protocol.take(bytes);
            script.accept(group, transport);
        });
        Client client = rig.connect(rig.doorFor(protocol)).send("go");
        assertThat(client.receiveTextToEnd()).isEqualTo(expected);
    }

    @Test
    void ownWritesAndBroadcastsKeepTheirOrder() throws Exception {
        assertHears(
                "一二三四五",
                (group, transport) -> {
                    group.join(transport);
                    transport.write(utf8("一"));
                    group.broadcast(utf8("二"));
                    transport.write(utf8("三"));
                    group.broadcast(utf8("四"));
                    group.broadcast(utf8("不"), transport);
                    transport.write(utf8("五"));
                    transport.close();
                });
    }

    @Test
    void aMemberHearsWhatIsSaidWhileItIsOne() throws Exception {
        assertHears(
                "24",
                (group, transport) -> {
                    group.broadcast(utf8("1"));
                    group.join(transport);
                    group.broadcast(utf8("2"));
                    group.leave(transport);
                    group.broadcast(utf8("3"));
                    group.join(transport);
                    group.join(transport);
                    group.broadcast(utf8("4"));
                    group.leave(transport);
                    group.leave(transport);
                    group.broadcast(utf8("5"));
                    transport.close();
                });
    }

    @Test
    void aBroadcastBeforeTheCloseIsHeard() throws Exception {
        assertHears(
                "再见",
                (group, transport) -> {
                    group.join(transport);
                    group.broadcast(utf8("再见"));
                    transport.close();
                    group.broadcast(utf8("太晚"));
                });
    }

    @Test
    void sharedBytesAmongTheBroadcasts() throws Exception {
        assertHears(
                "abcd",
                (group, transport) -> {
                    group.join(transport);
                    group.broadcast(utf8("a"));
                    try (SharedBytes shared = SharedBytes.copyOf(utf8("b"))) {
                        transport.write(shared);
                    }
                    group.broadcast(utf8("c"));
                    transport.write(utf8("d"));
                    transport.close();
                });
    }

    @Test
    void twoGroupsOfOneMember() throws Exception {
        Group second = group();
        assertHears(
                "甲乙",
                (first, transport) -> {
                    first.join(transport);
                    second.join(transport);
                    first.broadcast(utf8("甲"));
                    transport.write(utf8(""));
                    second.broadcast(utf8("乙"));
                    first.leave(transport);
                    first.broadcast(utf8("丙"));
                    transport.close();
                });
        assertThat(second.size()).isZero();
    }

    @Test
    void moreInOneTurnThanATurnGathers() throws Exception {
        byte[] piece = pattern(100_000);
        StringBuilder heard = new StringBuilder();
        Group group = group();
        Scripted protocol = new Scripted();
        protocol.onReceived((transport, bytes) -> {
            protocol.take(bytes);
            group.join(transport);
            for (int i = 0; i < 10; i++) {
                group.broadcast(ByteBuffer.wrap(piece));
                transport.write(utf8("|"));
            }
            group.broadcast(ByteBuffer.wrap(pattern(1_000_000)));
            transport.close();
        });
        Client client = rig.connect(rig.doorFor(protocol)).send("go");
        for (int i = 0; i < 10; i++) {
            assertThat(client.receive(piece.length)).isEqualTo(piece);
            heard.append(client.receive("|"));
        }
        assertThat(client.receive(1_000_000)).isEqualTo(pattern(1_000_000));
        assertThat(heard).hasToString("||||||||||");
        assertThat(client.receiveToEnd()).isEmpty();
    }

    @Test
    void joinAndLeaveFromOutsideKeepTheirOrderWithBroadcasts() throws Exception {
        Group group = group();
        Scripted protocol = new Scripted();
        Client client = rig.connect(rig.doorFor(protocol), protocol);
        Transport transport = protocol.transport();
        for (int i = 0; i < 100; i++) {
            group.broadcast(utf8("?"));
            group.join(transport);
            group.broadcast(utf8("!"));
            group.leave(transport);
        }
        assertThat(client.receive("!".repeat(100))).isEqualTo("!".repeat(100));
        transport.close();
        assertThat(client.receiveToEnd()).isEmpty();
    }

    /// Who has joined before a broadcast hears it, however the speaker has learned of it.
    @Test
    void whoHasJoinedFromOutsideHearsWhatIsSaidThen() throws Exception {
        Group group = group();
        Scripted member = new Scripted();
        Scripted speaker = new Scripted();
        SocketAddress door = rig.doorFor(member, speaker);
        Client client = rig.connect(door, member);
        rig.connect(door, speaker);
        CountDownLatch speaking = new CountDownLatch(1);
        CountDownLatch joined = new CountDownLatch(1);
        speaker.transport()
                .execute(() -> {
                    speaking.countDown();
                    Uninterrupted.await(joined::await);
                    group.broadcast(utf8("now"));
                });
        speaking.await();
        group.join(member.transport());
        joined.countDown();
        Rig.caughtUp(speaker.transport());
        Rig.caughtUp(member.transport());
        member.transport().write(utf8("!"));
        member.transport().close();
        assertThat(client.receiveTextToEnd()).isEqualTo("now!");
    }
}
