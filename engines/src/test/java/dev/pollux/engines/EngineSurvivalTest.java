package dev.pollux.engines;

import static dev.pollux.engines.Texts.echo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pollux.engines.DisconnectedException.Reason;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Whatever is thrown at an engine by code that is not its own, and whatever becomes of the report:
/// one connection ends, the others and the newcomers do not notice, and the engine stops in order.
@EngineContract
final class EngineSurvivalTest {
    /// Neither its message nor its text can be had, nor what is behind it.
    private static final class Unspeakable extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("no cause");
        }

        @Override
        public String toString() {
            throw new StackOverflowError("no text");
        }
    }

    @RegisterExtension final Rig rig;

    EngineSurvivalTest(Flavor flavor) {
        rig = new Rig(flavor);
    }

    /// Throws anything as if it were unchecked.
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void toss(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private void assertCostsOneConnection(Scripted failing, Consumer<Client> provoke)
            throws Exception {
        SocketAddress door = rig.doorFor(echo(), failing, echo());
        Client before = rig.connect(door);
        assertThat(before.send("1").receive("1")).isEqualTo("1");
        Client client = rig.connect(door, failing);
        provoke.accept(client);
        assertThat(failing.reason()).isEqualTo(Reason.ABORTED);
        client.assertReset();
        assertThat(before.send("仍然").receive("仍然")).isEqualTo("仍然");
        assertThat(rig.connect(door).send("又").receive("又")).isEqualTo("又");
    }

    private void assertCostsOneConnection(Supplier<Throwable> thrown) throws Exception {
        rig.expectTrouble("a protocol failed, its connection is reset");
        Scripted failing = new Scripted().onReceived((_, _) -> toss(thrown.get()));
        assertCostsOneConnection(failing, client -> Texts.sendUnchecked(client, "go"));
        assertThat(rig.troubles()).hasSize(1);
    }

    @Test
    void anExceptionWhoseTextThrows() throws Exception {
        assertCostsOneConnection(Unspeakable::new);
        assertThat(rig.troubles()).singleElement().asString().contains(Unspeakable.class.getName());
    }

    @Test
    void anExceptionWhoseTextThrowsInATask() throws Exception {
        rig.expectTrouble("a protocol failed, its connection is reset");
        Scripted failing = new Scripted();
        assertCostsOneConnection(
                failing, _ -> failing.here().execute(() -> toss(new Unspeakable())));
    }

    @Test
    void anExceptionWhoseTextThrowsInATimer() throws Exception {
        rig.expectTrouble("a protocol failed, its connection is reset");
        Scripted failing = new Scripted();
        assertCostsOneConnection(
                failing,
                _ -> failing.here().schedule(Duration.ZERO, () -> toss(new Unspeakable())));
    }

    @Test
    void anExceptionWhoseTextThrowsInDisconnected() throws Exception {
        rig.expectTrouble("a protocol failed, its connection is reset");
        AtomicInteger told = new AtomicInteger();
        Scripted failing =
                new Scripted()
                        .onDisconnected(_ -> {
                            told.incrementAndGet();
                            throw new Unspeakable();
                        });
        SocketAddress door = rig.doorFor(failing, echo());
        Client client = rig.connect(door).endOutput();
        client.receiveWhatComes();
        client.close();
        rig.awaitOpen(0);
        assertThat(told).hasValue(1);
        assertThat(rig.connect(door).send("又").receive("又")).isEqualTo("又");
    }

    @Test
    void memoryThatCannotBeHad() throws Exception {
        assertCostsOneConnection(() -> new OutOfMemoryError("no memory"));
    }

    @Test
    void aStackThatIsTooDeep() throws Exception {
        assertCostsOneConnection(StackOverflowError::new);
    }

    @Test
    void aClassThatCannotBeLoaded() throws Exception {
        assertCostsOneConnection(() -> new NoClassDefFoundError("no class"));
    }

    @Test
    void anErrorOfAKindOfItsOwn() throws Exception {
        assertCostsOneConnection(() -> new Error("another kind") {});
    }

    @Test
    void aCheckedExceptionThatNobodyDeclared() throws Exception {
        assertCostsOneConnection(() -> new Exception("smuggled"));
    }

    @Test
    void anObserverThatThrows() throws Exception {
        AtomicInteger told = new AtomicInteger();
        rig.observed((_, _) -> {
            told.incrementAndGet();
            throw new Unspeakable();
        });
        Scripted failing =
                new Scripted()
                        .onReceived((_, _) -> {
                            throw new IllegalStateException("a mistake");
                        });
        assertCostsOneConnection(failing, client -> Texts.sendUnchecked(client, "go"));
        assertThat(told).hasValue(1);
    }

    @Test
    void aSupplierThatThrowsWhatHasNoText() throws Exception {
        rig.expectTrouble("a protocol could not be made, its connection is closed");
        assertTurnsAwayOnlyTheFirst(() -> {
            throw new Unspeakable();
        });
    }

    @Test
    void aSupplierThatThrowsAnError() throws Exception {
        rig.expectTrouble("a protocol could not be made, its connection is closed");
        assertTurnsAwayOnlyTheFirst(() -> {
            throw new ExceptionInInitializerError("no class");
        });
    }

    @Test
    void aSupplierThatGivesNull() throws Exception {
        rig.expectTrouble("a protocol could not be made, its connection is closed");
        assertTurnsAwayOnlyTheFirst(() -> null);
    }

    private void assertTurnsAwayOnlyTheFirst(Supplier<Protocol> failing) throws Exception {
        AtomicInteger made = new AtomicInteger();
        SocketAddress door =
                rig.doorUnwatched(() -> made.getAndIncrement() == 0 ? failing.get() : echo());
        rig.connect(door).receiveWhatComes();
        rig.awaitOpen(0);
        assertThat(rig.connect(door).send("好").receive("好")).isEqualTo("好");
        assertThat(rig.troubles()).hasSize(1);
    }

    @Test
    void aStopAtWhichAProtocolThrowsWhatHasNoText() throws Exception {
        rig.expectTrouble("a protocol failed, its connection is reset");
        Scripted failing =
                new Scripted()
                        .onStopping(_ -> {
                            throw new Unspeakable();
                        });
        Client client = rig.connect(rig.doorFor(failing), failing);
        rig.engine().stop(Duration.ofSeconds(30));
        rig.engine().awaitStop();
        assertThat(failing.reason()).isEqualTo(Reason.ABORTED);
        client.assertReset();
    }

    /// As durations they do not fit into 64 bits of nanoseconds.
    @Test
    void limitsWithoutEnd() throws Exception {
        Duration forever = ChronoUnit.FOREVER.getDuration();
        rig.with(Limits.DEFAULT.withTimeouts(forever, forever, forever, Duration.ofSeconds(10)));
        Scripted protocol = new Scripted().onReceived(Transport::write);
        Client client = rig.connect(rig.doorFor(protocol), protocol);
        AtomicInteger ran = new AtomicInteger();
        protocol.transport().schedule(forever, ran::incrementAndGet);
        protocol.transport().execute(() -> protocol.here().schedule(forever, ran::incrementAndGet));
        assertThat(client.send("很久").receive("很久")).isEqualTo("很久");
        client.endOutput();
        assertThat(protocol.cause()).isNull();
        assertThat(ran).hasValue(0);
    }

    @Test
    void aStopWithoutEndWaitsForTheProtocols() throws Exception {
        Scripted protocol =
                new Scripted().onStopping(transport -> true).onReceived(Transport::write);
        Client client = rig.connect(rig.doorFor(protocol), protocol);
        var stopped = Background.run(() -> rig.engine().stop(ChronoUnit.FOREVER.getDuration()));
        protocol.await("stopping");
        assertThat(client.send("还在").receive("还在")).isEqualTo("还在");
        client.endOutput();
        stopped.get();
        assertThat(protocol.cause()).isNull();
    }
}
