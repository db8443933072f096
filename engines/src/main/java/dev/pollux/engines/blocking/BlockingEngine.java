package dev.pollux.engines.blocking;

import dev.pollux.engines.DisconnectedException;
import dev.pollux.engines.Engine;
import dev.pollux.engines.EngineObserver;
import dev.pollux.engines.EngineStatistics;
import dev.pollux.engines.Group;
import dev.pollux.engines.Limits;
import dev.pollux.engines.Listener;
import dev.pollux.engines.Protocol;
import dev.pollux.engines.io.BlockingDoor;
import dev.pollux.engines.io.BlockingWire;
import dev.pollux.engines.io.ChannelDoor;
import dev.pollux.engines.io.Reserve;
import dev.pollux.engines.io.SocketDoor;
import dev.pollux.engines.shared.Durations;
import dev.pollux.engines.shared.Ending;
import dev.pollux.engines.shared.Troubles;
import dev.pollux.engines.shared.Uninterrupted;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The blocking family: a thread sleeps in the accept of each door, and another one in the receive
/// of each connection that is served. Which thread that is, is the [Threads]'s business.
public final class BlockingEngine implements Engine {
    /// Each is taken whatever becomes of the others: else a thread that waits for the end would
    /// wait for ever.
    private static final Ending<BlockingEngine> ENDING =
            new Ending<>(
                    List.of(
                            engine -> engine.threads.close(),
                            engine -> engine.segments.close(),
                            engine -> engine.ended.countDown()));

    private final String name;
    private final Serving serving;
    private final Limits limits;
    private final Troubles troubles;
    private final Threads threads;
    private final BlockingCounters counters = new BlockingCounters();

    private final SharedSegments segments = new SharedSegments();

    private final Set<BlockingConnection> connections = ConcurrentHashMap.newKeySet();
    private final BlockingHoldings holdings;
    private final List<BlockingAcceptor> doors = new CopyOnWriteArrayList<>();

    /// Descriptors that are adopted now, and by whom.
    private final Map<Integer, BlockingWire> adopted = new ConcurrentHashMap<>();

    private final CountDownLatch ended = new CountDownLatch(1);

    /// Connections that count as open. Guarded by the monitor, like what follows.
    private int open;

    /// Those of them that were adopted, which take no place of those that the limit is on.
    private int guests;

    private volatile boolean stopping;
    private volatile boolean deadlineOver;
    private boolean doorsClosed;

    /// Opens an engine.
    ///
    /// @param name of the model
    /// @param serving who serves a connection
    /// @param workers how many threads the pool has, where there is one
    BlockingEngine(
            String name, Serving serving, Limits limits, int workers, EngineObserver observer) {
        this(name, serving, limits, workers, observer, Thread::start);
    }

    /// The same, with threads that are started another way.
    public BlockingEngine(
            String name,
            Serving serving,
            Limits limits,
            int workers,
            EngineObserver observer,
            Consumer<Thread> starter) {
        this.name = name;
        this.serving = serving;
        this.limits = limits;
        this.troubles = new Troubles(observer);
        this.threads = new Threads(name, serving, workers, troubles, starter);
        this.holdings =
                new BlockingHoldings(
                        limits.memoryBytesMax(), segments, connections, threads::schedule);
    }

    @Override
    public String name() {
        return name;
    }

    Limits limits() {
        return limits;
    }

    Threads threads() {
        return threads;
    }

    SharedSegments segments() {
        return segments;
    }

    BlockingHoldings holdings() {
        return holdings;
    }

    BlockingCounters counters() {
        return counters;
    }

    Troubles troubles() {
        return troubles;
    }

    @Override
    public Listener listen(SocketAddress address, Supplier<? extends Protocol> protocols)
            throws IOException {
        BlockingDoor door =
                serving.parks()
                        ? ChannelDoor.open(address, limits.backlog(), true)
                        : SocketDoor.open(address, limits.backlog(), true);
        Reserve reserve = serving.parks() ? null : new Reserve();
        BlockingAcceptor acceptor = new BlockingAcceptor(this, door, protocols, reserve);
        boolean started = false;
        try {
            start(acceptor);
            started = true;
        } finally {
            if (!started) {
                acceptor.close();
            }
        }
        return acceptor;
    }

    private synchronized void start(BlockingAcceptor acceptor) throws IOException {
        requireRunning();
        doors.add(acceptor);
        threads.start("door", acceptor, serving.parks());
    }

    private void requireRunning() {
        if (stopping) {
            throw stopped();
        }
    }

    private static IllegalStateException stopped() {
        return new IllegalStateException("the engine has stopped");
    }

    @Override
    public void adopt(int fd, Protocol protocol) throws IOException {
        if (!Descriptors.isOpen(fd)) {
            throw new ErrnoException(Errno.EBADF, "adopt", fd);
        }
        PolledDescriptor wire = PolledDescriptor.of(fd);
        boolean started = false;
        try {
            start(wire, protocol);
            started = true;
        } finally {
            if (!started) {
                wire.close();
            }
        }
    }

    private synchronized void start(PolledDescriptor wire, Protocol protocol) throws IOException {
        requireRunning();
        threads.start("adopted", () -> serve(wire, protocol), false);
        open++; // Its end waits for the monitor.
        guests++;
    }

    private void serve(PolledDescriptor wire, Protocol protocol) {
        BlockingConnection connection;
        boolean first;
        try {
            connection = new BlockingConnection(this, wire, protocol);
            first = adopted.putIfAbsent(wire.fd(), wire) == null;
        } catch (Throwable e) {
            wire.close();
            closed(true);
            troubles.tell("a descriptor could not be adopted", e);
            return;
        }
        if (!first) {
            connection.fail(new ErrnoException(Errno.EEXIST, "adopt", wire.fd()));
        }
        connection.run();
    }

    /// A wire is about to be closed: what it was adopted from may be adopted again.
    void closing(BlockingWire wire) {
        adopted.remove(wire.fd(), wire);
    }

    private boolean isFull() {
        return open - guests >= limits.connectionsMax();
    }

    /// Waits until one more connection may be open.
    ///
    /// @param door who wants to accept it
    /// @return false when the door has closed before
    synchronized boolean awaitRoom(BlockingAcceptor door) {
        Uninterrupted.await(() -> {
            while (isFull() && !door.isDone()) {
                wait();
            }
        });
        return !door.isDone();
    }

    /// Counts a connection that was accepted, as soon as it may be open.
    ///
    /// @return false when the engine stops
    synchronized boolean claim() {
        Uninterrupted.await(() -> {
            while (isFull() && !stopping) {
                wait();
            }
        });
        if (stopping) {
            return false;
        }
        counters.accepted.increment();
        open++;
        return true;
    }

    /// A connection begins.
    void opened(BlockingConnection connection) {
        connections.add(connection);
        if (deadlineOver) {
            connection.fail(new DisconnectedException(DisconnectedException.Reason.STOPPED));
        }
    }

    boolean isStopping() {
        return stopping;
    }

    /// A connection has ended.
    void closed(BlockingConnection connection) {
        connections.remove(connection);
        closed(connection.isAdopted());
    }

    /// One connection that was accepted is not open any more.
    void closed() {
        closed(false);
    }

    private synchronized void closed(boolean guest) {
        open--;
        if (guest) {
            guests--;
        }
        notifyAll();
        endIfDone();
    }

    /// A door is closing.
    synchronized void closing(BlockingAcceptor door) {
        doors.remove(door);
        notifyAll();
    }

    void refused() {
        counters.refused.increment();
    }

    void disconnected(@Nullable IOException cause) {
        if (cause instanceof DisconnectedException e) {
            counters.disconnected(e.reason());
        }
    }

    @Override
    public Group group() {
        return new BlockingGroup(this);
    }

    @Override
    public EngineStatistics statistics() {
        int now;
        synchronized (this) {
            now = open;
        }
        return new EngineStatistics(
                now,
                counters.accepted.sum(),
                counters.refused.sum(),
                counters.disconnectedSlow.sum(),
                counters.disconnectedOverBudget.sum(),
                counters.turns.sum(),
                counters.turns.sum(),
                counters.bytesReceived.sum(),
                counters.bytesSent.sum(),
                holdings.bytes(),
                0,
                threads.waiting(),
                threads.systemCalls());
    }

    @Override
    public void stop(Duration deadline) {
        Objects.requireNonNull(deadline, "deadline");
        if (beginsToStop()) {
            try {
                doors.forEach(BlockingAcceptor::close);
                for (Runnable waiting : threads.dismissWaiting()) {
                    ((Arrival) waiting).dismiss();
                }
                connections.forEach(BlockingConnection::stopping);
                var _ = threads.schedule(this::cutOff, Durations.nanos(deadline));
            } catch (Throwable e) {
                troubles.tell("stopping failed, all connections are reset", e);
                cutOff();
            } finally {
                doorsAreClosed();
            }
        }
        if (!threads.isCurrent()) {
            Uninterrupted.await(this::awaitStop);
        }
    }

    private synchronized void doorsAreClosed() {
        doorsClosed = true;
        endIfDone();
    }

    private synchronized boolean beginsToStop() {
        boolean begins = !stopping;
        stopping = true;
        notifyAll();
        return begins;
    }

    private void cutOff() {
        deadlineOver = true;
        for (BlockingConnection connection : connections) {
            try {
                connection.fail(DisconnectedException.of(DisconnectedException.Reason.STOPPED));
            } catch (Throwable e) {
                troubles.tell("a connection could not be reset", e); // The others can.
            }
        }
    }

    private void endIfDone() {
        if (doorsClosed && open == 0) {
            ENDING.run(this, troubles);
        }
    }

    @Override
    public void awaitStop() throws InterruptedException {
        ended.await();
        threads.join();
    }

    @Override
    public void close() {
        stop(limits.stopTimeout());
    }
}
