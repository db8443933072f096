package dev.pollux.engines;

import static dev.pollux.engines.Texts.echo;
import static dev.pollux.engines.Texts.pattern;
import static dev.pollux.engines.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.DisconnectedException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A protocol that throws, in each of its methods, loses its own connection and nobody else's.
@EngineContract
final class EngineFailureTest {
    @RegisterExtension final Rig rig;

    EngineFailureTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    @BeforeEach
    void troubleIsTold() {
        rig.expectTrouble("a protocol failed, its connection is reset");
    }

    private static IllegalStateException mistake() {
        return new IllegalStateException("a mistake in the protocol");
    }

    private void assertOnlyItself(Scripted failing, Consumer<Client> provoke) throws Exception {
        SocketAddress door = rig.doorFor(echo(), failing, echo());
        Client before = rig.connect(door);
        assertThat(before.send("1").receive("1")).isEqualTo("1");
        Client client = rig.connect(door);
        failing.transport();
        provoke.accept(client);
        client.assertReset();
        assertThat(failing.reason()).isEqualTo(Reason.ABORTED);
        assertThat(before.send("仍然").receive("仍然")).isEqualTo("仍然");
        assertThat(rig.connect(door).send("又").receive("又")).isEqualTo("又");
        assertThat(rig.troubles()).singleElement().asString().contains("a mistake in the protocol");
    }

    private static void endOutput(Client client) {
        try {
            client.endOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void inConnected() throws Exception {
        assertOnlyItself(
                new Scripted()
                        .onConnected(transport -> {
                            transport.write(utf8("never sent"));
                            throw mistake();
                        }),
                _ -> {});
    }

    @Test
    void inReceived() throws Exception {
        assertOnlyItself(
                new Scripted()
                        .onReceived((_, _) -> {
                            throw mistake();
                        }),
                client -> Texts.sendUnchecked(client, "go"));
    }

    @Test
    void anErrorInReceived() throws Exception {
        assertOnlyItself(
                new Scripted()
                        .onReceived((_, _) -> {
                            throw new StackOverflowError("a mistake in the protocol");
                        }),
                client -> Texts.sendUnchecked(client, "go"));
    }

    @Test
    void inEof() throws Exception {
        assertOnlyItself(
                new Scripted()
                        .onEof(_ -> {
                            throw mistake();
                        }),
                EngineFailureTest::endOutput);
    }

    @Test
    void inWritable() throws Exception {
        assertOnlyItself(
                new Scripted()
                        .onReceived((transport, bytes) -> {
                            bytes.position(bytes.limit());
                            transport.write(ByteBuffer.wrap(pattern(200_000)));
                        })
                        .onWritable(_ -> {
                            throw mistake();
                        }),
                client -> Texts.sendUnchecked(client, "go"));
    }

    @Test
    void inATask() throws Exception {
        Scripted failing = new Scripted();
        assertOnlyItself(
                failing,
                _ ->
                        failing.here()
                                .execute(() -> {
                                    throw mistake();
                                }));
    }

    @Test
    void inATimer() throws Exception {
        Scripted failing = new Scripted();
        assertOnlyItself(
                failing,
                _ ->
                        failing.here()
                                .schedule(
                                        Duration.ZERO,
                                        () -> {
                                            throw mistake();
                                        }));
    }

    @Test
    void inDisconnected() throws Exception {
        AtomicBoolean told = new AtomicBoolean();
        Scripted failing =
                new Scripted()
                        .onDisconnected(_ -> {
                            told.set(true);
                            throw mistake();
                        });
        SocketAddress door = rig.doorFor(failing, echo());
        Client client = rig.connect(door).endOutput();
        client.receiveWhatComes();
        client.close();
        rig.awaitOpen(0);
        assertThat(told).isTrue();
        assertThat(rig.connect(door).send("又").receive("又")).isEqualTo("又");
        assertThat(rig.troubles()).hasSize(1);
    }

    @Test
    void inStopping() throws Exception {
        Scripted failing =
                new Scripted()
                        .onStopping(_ -> {
                            throw mistake();
                        });
        Client client = rig.connect(rig.doorFor(failing), failing);
        rig.engine().stop(Duration.ofSeconds(30));
        assertThat(failing.reason()).isEqualTo(Reason.ABORTED);
        client.assertReset();
    }

    @Test
    void aProtocolThatCannotBeMade() throws Exception {
        rig.expectTrouble("a protocol could not be made");
        AtomicBoolean works = new AtomicBoolean();
        SocketAddress door =
                rig.door(() -> {
                    if (!works.get()) {
                        throw mistake();
                    }
                    return echo();
                });
        rig.connect(door).receiveWhatComes();
        rig.awaitOpen(0);
        works.set(true);
        assertThat(rig.connect(door).send("好").receive("好")).isEqualTo("好");
        assertThat(rig.troubles()).hasSize(1);
    }
}
