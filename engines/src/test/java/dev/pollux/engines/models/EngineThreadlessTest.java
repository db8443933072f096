package dev.pollux.engines.models;

import static dev.pollux.engines.Texts.echo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.engines.Client;
import dev.pollux.engines.DisconnectedException;
import dev.pollux.engines.Engine;
import dev.pollux.engines.EngineContract;
import dev.pollux.engines.EngineObserver;
import dev.pollux.engines.Flavor;
import dev.pollux.engines.IdleStrategy;
import dev.pollux.engines.Listener;
import dev.pollux.engines.OpenDescriptors;
import dev.pollux.engines.Pipe;
import dev.pollux.engines.Rig;
import dev.pollux.engines.Scripted;
import dev.pollux.engines.Texts;
import dev.pollux.engines.Transport;
import dev.pollux.engines.io.NativeBuffer;
import dev.pollux.engines.loop.Connection;
import dev.pollux.engines.loop.Errand;
import dev.pollux.engines.loop.Loop;
import dev.pollux.engines.nio2.Nio2Driver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// A system that gives no more threads: what needs one fails with an exception and leaves nothing
/// behind, and who is served already does not notice.
@EngineContract
final class EngineThreadlessTest {
    private static final SocketAddress LOOPBACK =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final Flavor flavor;
    private final Queue<String> troubles = new ConcurrentLinkedQueue<>();
    private final Queue<Thread> started = new ConcurrentLinkedQueue<>();

    /// How many threads the system still gives.
    private final AtomicInteger given = new AtomicInteger(Integer.MAX_VALUE);

    EngineThreadlessTest(Flavor flavor) {
        this.flavor = flavor;
    }

    private void start(Thread thread) {
        if (given.getAndDecrement() <= 0) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        started.add(thread);
        thread.start();
    }

    private Engine open(int threads) throws IOException {
        EngineObserver observer = (line, _) -> troubles.add(line);
        return flavor.model().open(Rig.PATIENT, threads, IdleStrategy.PARK, observer, this::start);
    }

    @Test
    void fewerThreadsThanLoopsOpenNothing() throws Exception {
        assumeFalse(flavor.isBlocking(), "it has no loops");
        SocketChannel.open().close(); // What the JDK opens for the first socket stays open.
        open(2).close(); // So does what it opens for the model's classes.
        OpenDescriptors before = new OpenDescriptors();
        for (int there = 0; there < 3; there++) {
            given.set(there);
            started.clear();
            assertThatThrownBy(() -> open(3))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("unable to create native thread");
            assertThat(started).hasSize(there).noneMatch(Thread::isAlive);
        }
        before.assertSame();
        assertThat(troubles).isEmpty();
    }

    @Test
    void aDoorWithoutAThreadIsNotOpened() throws Exception {
        assumeTrue(flavor.isBlocking(), "its loops accept");
        try (Engine engine = open(flavor.threads())) {
            SocketAddress address;
            try (Listener door = engine.listen(LOOPBACK, Texts::echo)) {
                address = door.address();
            }
            given.set(0);
            assertThatThrownBy(() -> engine.listen(address, Texts::echo))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("unable to create native thread");
            assertThatThrownBy(() -> Client.connect(address)).hasMessageContaining("refused");
            given.set(Integer.MAX_VALUE);
            assertServes(engine.listen(address, Texts::echo).address());
        }
        assertThat(troubles).isEmpty();
    }

    @Test
    void aDescriptorWithoutAThreadIsNotAdopted() throws Exception {
        assumeTrue(flavor.isBlocking(), "its loops serve");
        assumeTrue(flavor.hasDescriptors());
        try (Pipe pipe = Pipe.open()) {
            OpenDescriptors before = new OpenDescriptors();
            try (Engine engine = open(flavor.threads())) {
                given.set(0);
                assertThatThrownBy(() -> engine.adopt(pipe.reading().fd(), echo()))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("unable to create native thread");
                assertThat(engine.statistics().open()).isZero();
                given.set(Integer.MAX_VALUE);
                Scripted protocol = new Scripted();
                engine.adopt(pipe.reading().fd(), protocol);
                pipe.writing().write("x");
                protocol.await("received 1");
            }
            before.assertSame();
        }
        assertThat(troubles).isEmpty();
    }

    @Test
    void aConnectionWithoutAThreadIsClosedAndTheNextIsServed() throws Exception {
        assumeTrue(
                flavor.model() == IoModel.BLOCKING_THREADS
                        || flavor.model() == IoModel.BLOCKING_VIRTUAL,
                "its connections need no threads of their own");
        EngineObserver rude =
                (line, _) -> {
                    troubles.add(line);
                    Thread.currentThread().interrupt(); // The JDK would close the door for it.
                };
        try (Engine engine =
                        flavor.model().open(Rig.PATIENT, 1, IdleStrategy.PARK, rude, this::start);
                Listener door = engine.listen(LOOPBACK, Texts::echo);
                Client before = Client.connect(door.address())) {
            assertThat(before.send("1").receive("1")).isEqualTo("1");
            given.set(0);
            try (Client newcomer = Client.connect(door.address())) {
                assertThat(newcomer.receiveWhatComes()).isEmpty();
            }
            given.set(Integer.MAX_VALUE);
            assertThat(before.send("2").receive("2")).isEqualTo("2");
            assertServes(door.address());
            assertThat(engine.statistics().refused()).isOne();
        }
        assertThat(troubles)
                .containsExactly(
                        "no thread for a connection, it is closed: unable to create native"
                                + " thread");
    }

    /// Its write cannot be waited for, nor does anybody use the memory that was lent for it.
    @Test
    void aPeerThatTakesNoMoreIsCutOffWhereNoThreadCanWaitForIt() throws Exception {
        assumeTrue(flavor.model() == IoModel.NIO2, "its loops wait for room");
        Scripted protocol = new Scripted();
        try (Engine engine = open(1);
                Listener door = engine.listen(LOOPBACK, () -> protocol);
                Client silent = Client.connectNarrow(door.address())) {
            Transport transport = protocol.transport();
            Nio2Driver driver = (Nio2Driver) ((Connection) transport).loop().driver();
            AtomicLong lent = new AtomicLong();
            transport.execute(() -> lent.set(lendOnce(driver)));
            Rig.caughtUp(transport);
            given.set(0);
            transport.execute(() -> transport.write(ByteBuffer.allocate(16 << 20)));
            assertThat(protocol.reason()).isEqualTo(DisconnectedException.Reason.ABORTED);
            AtomicLong again = new AtomicLong();
            Loop loop = ((Connection) transport).loop();
            Errand.run(loop, () -> again.set(lendOnce(driver)));
            assertThat(again).hasValue(lent.get());
            assertThat(silent.isOpen()).isTrue();
        }
        assertThat(troubles)
                .singleElement()
                .asString()
                .endsWith(
                        "its connection is reset: java.lang.OutOfMemoryError: unable to create native thread");
    }

    /// {@return where a buffer is that is given back at once}
    private static long lendOnce(Nio2Driver driver) {
        NativeBuffer buffer = driver.lend();
        driver.giveBack(buffer);
        return buffer.address();
    }

    private static void assertServes(SocketAddress door) throws IOException {
        try (Client client = Client.connect(door)) {
            assertThat(client.send("好").receive("好")).isEqualTo("好");
        }
    }
}
