package dev.pollux.engines;

import static dev.pollux.engines.Texts.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.DisconnectedException.Reason;
import java.lang.reflect.Proxy;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Who waits for whom in a group.
@EngineContract
final class GroupPaceTest {
    private static final int LOW = 64 * 1024;
    private static final int HIGH = 256 * 1024;
    private static final int MOST = 4 * 1024 * 1024;

    /// Each byte that a speaker sends makes so many.
    private static final byte[] SAID = pattern(16 * 1024);

    /// Many times what may be queued for one member.
    private static final int SPOKEN = 2000;

    @RegisterExtension final Rig rig;

    GroupPaceTest(Flavor flavor) {
        rig = new Rig(flavor).with(Rig.PATIENT.withOutbound(LOW, HIGH, MOST));
    }

    /// Says much, and waits for those who are behind.
    private static Scripted speaker(Group group) {
        return new Scripted()
                .onReceived((transport, bytes) -> {
                    while (bytes.hasRemaining() && !group.isBehind()) {
                        bytes.get();
                        group.broadcast(ByteBuffer.wrap(SAID));
                    }
                    if (bytes.hasRemaining()) {
                        transport.pauseReading();
                        group.whenCaughtUp(transport, transport::resumeReading);
                    }
                });
    }

    private static Scripted listener(Group group) {
        return new Scripted().onConnected(group::join);
    }

    private static void awaitSize(Group group, int size) {
        Rig.eventually(size + " have joined", () -> group.size() == size);
    }

    @Test
    void whoSpeaksFastDoesNotCutOffWhoReadsSlowly() throws Exception {
        Group group = rig.engine().group();
        Scripted slow = listener(group);
        Scripted speaker = speaker(group);
        SocketAddress door = rig.doorFor(slow, speaker);
        Client reader = rig.connect(door, slow);
        Client talker = rig.connect(door, speaker);
        awaitSize(group, 1);
        talker.send(new byte[SPOKEN]);
        for (int i = 0; i < SPOKEN; i++) {
            assertThat(reader.receive(SAID.length)).isEqualTo(SAID);
        }
        assertThat(slow.isOver()).isFalse();
    }

    @Test
    void whoNeverReadsHoldsTheOthersUpOnceAndIsCutOff() throws Exception {
        Group group = rig.engine().group();
        Scripted deaf = listener(group);
        Scripted hears = listener(group);
        Scripted speaker = speaker(group);
        SocketAddress door = rig.doorFor(deaf, hears, speaker);
        Client silent = rig.connectNarrow(door);
        deaf.transport();
        Client reader = rig.connect(door, hears);
        Client talker = rig.connect(door, speaker);
        awaitSize(group, 2);
        talker.send(new byte[SPOKEN]);
        for (int i = 0; i < SPOKEN; i++) {
            assertThat(reader.receive(SAID.length)).isEqualTo(SAID);
        }
        assertThat(deaf.reason()).isEqualTo(Reason.SLOW_RECEIVER);
        assertThat(hears.isOver()).isFalse();
        assertThat(silent.isOpen()).isTrue();
    }

    @Test
    void whoHasLeftIsNotWaitedFor() throws Exception {
        Group group = rig.engine().group();
        Scripted deaf = listener(group);
        Client silent = rig.connectNarrow(rig.doorFor(deaf));
        Transport transport = deaf.transport();
        awaitSize(group, 1);
        fallBehind(group, transport);
        group.leave(transport);
        Rig.eventually("nobody is waited for", () -> !group.isBehind());
        assertThat(deaf.isOver()).isFalse();
        assertThat(silent.isOpen()).isTrue();
    }

    @Test
    void whoIsBehindWhenItJoinsIsWaitedForUntilItHasCaughtUp() throws Exception {
        Group group = rig.engine().group();
        Scripted member = new Scripted();
        Client client = rig.connectNarrow(rig.doorFor(member));
        Transport transport = member.transport();
        int written = 0;
        while (transport.queuedBytes() <= 2 * HIGH) {
            transport.write(ByteBuffer.wrap(SAID));
            written += SAID.length;
            Rig.caughtUp(transport);
        }
        group.join(transport);
        awaitSize(group, 1);
        Rig.eventually("it is waited for", group::isBehind);
        client.receive(written);
        Rig.eventually("it has caught up", () -> !group.isBehind());
        assertThat(member.isOver()).isFalse();
    }

    @Test
    void whoIsBehindIsNotCutOffWhereNoTimeIsSetForIt() throws Exception {
        rig.with(
                Rig.PATIENT
                        .withOutbound(LOW, HIGH, MOST)
                        .withTimeouts(
                                Duration.ZERO,
                                Duration.ZERO,
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(10)));
        Group group = rig.engine().group();
        Scripted deaf = listener(group);
        Client silent = rig.connectNarrow(rig.doorFor(deaf));
        Transport transport = deaf.transport();
        awaitSize(group, 1);
        fallBehind(group, transport);
        for (int i = 0; i < 5; i++) {
            Rig.caughtUp(transport);
        }
        assertThat(deaf.isOver()).isFalse();
        assertThat(silent.isOpen()).isTrue();
    }

    /// {@return how many bytes were broadcast for that}
    private static int fallBehind(Group group, Transport member) throws InterruptedException {
        int said = 0;
        while (!group.isBehind()) {
            group.broadcast(ByteBuffer.wrap(SAID));
            said += SAID.length;
            Rig.caughtUp(member);
        }
        return said;
    }

    /// {@return a speaker that, when told to go on, waits until another thread has made a member
    /// join and leave a group}
    ///
    /// @param told whether that thread came through
    private static Transport stranger(
            Group group, Transport member, CompletableFuture<Boolean> told) {
        return (Transport)
                Proxy.newProxyInstance(
                        GroupPaceTest.class.getClassLoader(),
                        new Class<?>[] {Transport.class},
                        (_, _, _) -> {
                            Thread other =
                                    Thread.ofPlatform()
                                            .daemon()
                                            .start(() -> {
                                                group.join(member);
                                                group.leave(member);
                                            });
                            told.complete(other.join(Duration.ofSeconds(20)));
                            return null;
                        });
    }

    @Test
    void aStrangerThatWaitedForWhoHasLeftIsCalledUnderNoLock() throws Exception {
        Group group = rig.engine().group();
        Scripted deaf = listener(group);
        rig.connectNarrow(rig.doorFor(deaf));
        Transport member = deaf.transport();
        awaitSize(group, 1);
        fallBehind(group, member);
        CompletableFuture<Boolean> told = new CompletableFuture<>();
        group.whenCaughtUp(stranger(rig.engine().group(), member, told), () -> {});
        group.leave(member);
        assertThat(told.get(50, TimeUnit.SECONDS)).as("another thread comes through").isTrue();
    }

    @Test
    void aStrangerThatWaitedForWhoHasCaughtUpIsCalledUnderNoLock() throws Exception {
        Group group = rig.engine().group();
        Scripted slow = listener(group);
        Client client = rig.connectNarrow(rig.doorFor(slow));
        Transport member = slow.transport();
        awaitSize(group, 1);
        int said = fallBehind(group, member);
        CompletableFuture<Boolean> told = new CompletableFuture<>();
        group.whenCaughtUp(stranger(rig.engine().group(), member, told), () -> {});
        client.receive(said);
        assertThat(told.get(50, TimeUnit.SECONDS)).as("another thread comes through").isTrue();
    }

    @Test
    void whereNobodyIsBehindNobodyWaits() throws Exception {
        Group group = rig.engine().group();
        Scripted member = listener(group);
        rig.connect(rig.doorFor(member), member);
        assertThat(group.isBehind()).isFalse();
        CountDownLatch went = new CountDownLatch(1);
        group.whenCaughtUp(member.transport(), went::countDown);
        assertThat(went.await(50, TimeUnit.SECONDS)).isTrue();
    }
}
