package dev.pollux.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pollux.engines.loop.LoopEngine;
import dev.pollux.engines.loop.LoopModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// One engine under test, with its peers. After the test it stops the engine and asserts that every
/// protocol was called in order, that no unexpected trouble was told, and that every descriptor was
/// given back.
public final class Rig implements BeforeEachCallback, AfterEachCallback {
    /// Nothing is cut off by time unless the test is about that.
    public static final Limits PATIENT =
            Limits.DEFAULT.withTimeouts(
                    Duration.ZERO,
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(10));

    private static final SocketAddress LOOPBACK =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static final Duration DEADLINE = Duration.ofSeconds(50);

    private final Flavor flavor;
    private Limits limits = PATIENT;
    private @Nullable LoopModel model;
    private @Nullable Engine engine;
    private @Nullable OpenDescriptors descriptors;
    private final List<Referee> referees = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
    private final Queue<String> fouls = new ConcurrentLinkedQueue<>();
    private final Queue<String> troubles = new ConcurrentLinkedQueue<>();
    private EngineObserver observer = (line, _) -> troubles.add(line);
    private final List<String> expectedTroubles = new ArrayList<>();

    public Rig(Flavor flavor) {
        this.flavor = flavor;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        openWhatTheJdkHoldsOpen();
        descriptors = new OpenDescriptors();
    }

    /// What the JDK opens for the first socket, and for the first virtual thread that waits in one,
    /// stays open.
    private static void openWhatTheJdkHoldsOpen() throws IOException {
        SocketChannel.open().close();
        try (ServerSocketChannel door = ServerSocketChannel.open().bind(LOOPBACK);
                SocketChannel client = SocketChannel.open(door.getLocalAddress());
                SocketChannel accepted = door.accept()) {
            Thread reader =
                    Thread.startVirtualThread(() -> {
                        try {
                            accepted.read(ByteBuffer.allocate(1));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
            eventually("it waits", () -> reader.getState() == Thread.State.WAITING);
            client.shutdownOutput();
            reader.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        for (Client client : clients) {
            client.close();
        }
        if (engine != null) {
            engine.close();
        }
        synchronized (referees) {
            referees.forEach(Referee::finalWhistle);
        }
        assertThat(fouls).as("breaches of the protocol's order of calls").isEmpty();
        assertThat(troubles)
                .as("troubles")
                .allMatch(line -> expectedTroubles.stream().anyMatch(line::contains));
        if (descriptors != null) {
            descriptors.assertSame();
        }
    }

    /// Opens the engine with other limits than the patient ones.
    public Rig with(Limits limits) {
        assertThat(engine).as("too late for limits").isNull();
        this.limits = limits;
        return this;
    }

    /// Opens the engine with another form of its model.
    public Rig driven(LoopModel model) {
        assertThat(engine).as("too late for a model").isNull();
        this.model = model;
        return this;
    }

    /// Tells somebody else of troubles.
    Rig observed(EngineObserver observer) {
        assertThat(engine).as("too late for an observer").isNull();
        this.observer = observer;
        return this;
    }

    /// Troubles that contain this are part of the test.
    public void expectTrouble(String part) {
        expectedTroubles.add(part);
    }

    public Flavor flavor() {
        return flavor;
    }

    public Queue<String> troubles() {
        return troubles;
    }

    public Engine engine() throws IOException {
        if (engine == null) {
            engine =
                    model == null
                            ? flavor.open(limits, observer)
                            : new LoopEngine(model, limits, flavor.threads(), observer);
        }
        return engine;
    }

    /// Puts a referee before a protocol.
    public Protocol watched(Protocol protocol) {
        Referee referee = new Referee(protocol, fouls, !flavor.isBlocking());
        synchronized (referees) {
            referees.add(referee);
        }
        return referee;
    }

    /// {@return a new door on the loopback}
    public SocketAddress door(Supplier<? extends Protocol> protocols) throws IOException {
        return listen(protocols).address();
    }

    /// {@return a new door on the loopback, without a referee}
    public SocketAddress doorUnwatched(Supplier<? extends Protocol> protocols) throws IOException {
        return engine().listen(LOOPBACK, protocols).address();
    }

    /// {@return a new door whose first connection gets the first protocol, and so on}
    public SocketAddress doorFor(Protocol... protocols) throws IOException {
        Iterator<Protocol> next = Arrays.asList(protocols).iterator();
        return door(() -> {
            synchronized (next) {
                return next.next();
            }
        });
    }

    public Listener listen(Supplier<? extends Protocol> protocols) throws IOException {
        return listen(LOOPBACK, protocols);
    }

    Listener listen(SocketAddress address, Supplier<? extends Protocol> protocols)
            throws IOException {
        return engine().listen(address, () -> watched(protocols.get()));
    }

    /// {@return a new client, closed at the end of the test}
    ///
    /// The test ends here, as one that does not apply, where the model serves no more at once.
    public Client connect(SocketAddress door) throws IOException {
        assumeServed();
        return keep(Client.connect(door));
    }

    public Client connectNarrow(SocketAddress door) throws IOException {
        assumeServed();
        return keep(Client.connectNarrow(door));
    }

    private void assumeServed() {
        long served = clients.stream().filter(Client::isOpen).count();
        assumeTrue(
                served < flavor.servesAtOnce(),
                () -> flavor + " does not serve more than " + served + " at once");
    }

    /// {@return a new client that may have to wait until another one has gone}
    public Client connectAndWait(SocketAddress door) throws IOException {
        return keep(Client.connect(door));
    }

    private Client keep(Client client) {
        if (!flavor.resets()) {
            client.cannotBeReset();
        }
        clients.add(client);
        return client;
    }

    /// Connects a client and waits until its protocol is connected, so that the next one comes
    /// second.
    public Client connect(SocketAddress door, Scripted protocol) throws Exception {
        Client client = connect(door);
        protocol.transport();
        return client;
    }

    /// Waits until what other threads have asked of a connection before has been done.
    public static void caughtUp(Transport transport) throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        transport.execute(reached::countDown);
        assertThat(reached.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /// Keeps the loop of a connection from the kernel while something happens, so that all of it is
    /// found at once.
    public static void whileHeld(Transport transport, Background.Job job) throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        transport.execute(() -> {
            held.countDown();
            try {
                assertThat(done.await(50, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(held.await(50, TimeUnit.SECONDS)).isTrue();
        try {
            job.run();
        } finally {
            done.countDown();
        }
    }

    /// Waits for something that nobody tells.
    public static void eventually(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline of: " + what).isLessThan(deadline);
            LockSupport.parkNanos(500_000);
        }
    }

    /// Waits until so many connections are open.
    public void awaitOpen(long connections) throws IOException {
        Engine running = engine();
        eventually(
                connections + " open connections",
                () -> running.statistics().open() == connections);
    }
}
