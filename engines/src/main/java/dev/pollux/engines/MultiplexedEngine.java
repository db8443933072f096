package dev.pollux.engines;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// Multiplexing: each of N threads waits for many connections in a selector, whatever its
/// mechanism.
///
/// The first loop accepts and deals the connections out in turn; each stays on its loop for life.
/// The loops of `io_uring` accept for themselves; when the tables of all are full, one more loop is
/// opened.
final class MultiplexedEngine implements Engine {
    private final IoModel model;
    private final Limits limits;
    private final EngineObserver observer;
    private final Loops loops;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final List<Listener> doors = new CopyOnWriteArrayList<>();

    /// Doors that rest until a connection ends.
    private final Queue<Resting> resting = new ConcurrentLinkedQueue<>();

    /// Those that were accepted, which the limit is on.
    private final AtomicInteger open = new AtomicInteger();

    private final AtomicInteger adopted = new AtomicInteger();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    /// The loop that gets the next connection; the first loop's own.
    private int next;

    /// Opens the loops and starts their threads.
    ///
    /// @throws IOException when there is no descriptor left for a loop
    MultiplexedEngine(
            IoModel model,
            Limits limits,
            int threads,
            Driver.Opening drivers,
            EngineObserver observer)
            throws IOException {
        this.model = model;
        this.limits = limits;
        this.observer = observer;
        this.loops = new Loops(threads, number -> new Loop(this, drivers, limits, number));
        loops.start();
    }

    @Override
    public IoModel model() {
        return model;
    }

    EngineObserver observer() {
        return observer;
    }

    private boolean usesChannels() {
        return model == IoModel.NIO || model == IoModel.NIO2;
    }

    private boolean usesRings() {
        return model == IoModel.IO_URING;
    }

    @Override
    public Listener listen(SocketAddress address, Supplier<? extends Protocol> protocols)
            throws IOException {
        int backlog = limits.backlog();
        if (usesRings()) {
            return open(
                    new UringAcceptor(this, loops, SocketDoor.open(address, backlog), protocols));
        }
        if (model == IoModel.NIO2) {
            Nio2Door door = Nio2Door.open(this, loops.first(), address, protocols);
            return openOnFirstLoop(door, door::open);
        }
        Door door =
                usesChannels()
                        ? ChannelDoor.open(address, backlog)
                        : SocketDoor.open(address, backlog);
        Acceptor acceptor = new Acceptor(this, loops.first(), door, protocols);
        return openOnFirstLoop(acceptor, acceptor::open);
    }

    private Listener openOnFirstLoop(Listener door, Errand opening) throws IOException {
        doors.add(door);
        try {
            onFirstLoop(() -> {
                if (stopping.get()) {
                    throw stopped();
                }
                opening.run();
            });
        } catch (IOException | RuntimeException e) {
            door.close();
            throw e;
        }
        return door;
    }

    private Listener open(UringAcceptor acceptor) {
        doors.add(acceptor);
        acceptor.extend();
        if (stopping.get()) {
            acceptor.close();
            throw stopped();
        }
        return acceptor;
    }

    @Override
    public void adopt(int fd, Protocol protocol) throws IOException {
        if (usesChannels()) {
            throw new UnsupportedOperationException(
                    "the "
                            + model.label()
                            + " model waits for the JDK's channels only, not for descriptor "
                            + fd);
        }
        if (!Descriptors.isOpen(fd)) {
            throw new ErrnoException(Errno.EBADF, "adopt", fd);
        }
        onFirstLoop(() -> {
            adopted.incrementAndGet();
            loops.first().open(new AdoptedWire(fd), protocol, false);
        });
    }

    /// What a loop does for a caller who waits for it.
    @FunctionalInterface
    private interface Errand {
        void run() throws IOException;
    }

    private void onFirstLoop(Errand errand) throws IOException {
        if (loops.first().isCurrent()) {
            errand.run();
            return;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        Runnable task =
                () -> {
                    try {
                        errand.run();
                        done.complete(null);
                    } catch (IOException | RuntimeException | Error e) {
                        done.completeExceptionally(e);
                    }
                };
        if (!loops.first().hand(task, 0)) {
            throw stopped();
        }
        await(done);
    }

    private static IllegalStateException stopped() {
        return new IllegalStateException("the engine has stopped");
    }

    private static void await(CompletableFuture<Void> done) throws IOException {
        try {
            done.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    /// A door has a new connection; called on the first loop.
    void accepted(Wire wire, Supplier<? extends Protocol> protocols) {
        accepted.incrementAndGet();
        open.incrementAndGet();
        Loop loop = loops.all()[next];
        next = next + 1 == loops.count() ? 0 : next + 1;
        if (loop.isCurrent()) {
            begin(loop, wire, protocols);
        } else if (!loop.hand(() -> begin(loop, wire, protocols), 0)) {
            wire.close();
            closed();
        }
    }

    /// A connection that counts begins; called on its loop.
    void begin(Loop loop, Wire wire, Supplier<? extends Protocol> protocols) {
        Protocol protocol;
        try {
            protocol = protocols.get();
        } catch (RuntimeException | Error e) {
            observer.trouble("a protocol could not be made, its connection is closed: " + e, e);
            wire.close();
            closed();
            return;
        }
        loop.open(wire, protocol, model.reportsEdges());
    }

    /// Counts a connection that a loop has accepted for itself.
    ///
    /// @return false when there are as many as there may be
    boolean claim() {
        for (int now = open.get(); now < limits.connectionsMax(); now = open.get()) {
            if (open.compareAndSet(now, now + 1)) {
                accepted.incrementAndGet();
                return true;
            }
        }
        return false;
    }

    long accepted() {
        return accepted.get();
    }

    boolean isFull() {
        return open.get() >= limits.connectionsMax();
    }

    /// A door waits for a connection to end.
    void resting(Resting door) {
        resting.add(door);
        if (!isFull()) {
            wakeResting();
        }
    }

    /// As long as there is room: who finds none rests again at once.
    private void wakeResting() {
        while (!isFull()) {
            Resting door = resting.poll();
            if (door == null) {
                return;
            }
            door.resumeSoon();
        }
    }

    /// A connection has ended.
    void closed(Wire wire) {
        if (wire instanceof AdoptedWire) {
            adopted.decrementAndGet();
        } else {
            closed();
        }
    }

    /// A connection that was accepted has ended.
    void closed() {
        open.decrementAndGet();
        if (!resting.isEmpty()) {
            wakeResting();
        }
    }

    /// A door has closed.
    void closed(Listener door) {
        doors.remove(door);
    }

    /// What has closed does not wait any more.
    void forget(Resting door) {
        resting.remove(door);
    }

    void refused() {
        refused.incrementAndGet();
    }

    /// All loops that a door knows of are full: opens one more, for every door, but first for that.
    ///
    /// @param known how many it knows of
    /// @throws IOException when there is no descriptor or memory for it
    void grow(UringAcceptor asking, int known) throws IOException {
        if (!isFull() && loops.grow(known)) {
            asking.extend();
            for (Listener door : doors) {
                if (door instanceof UringAcceptor acceptor) {
                    acceptor.extend();
                }
            }
        }
    }

    /// {@return whether another loop has so much waiting that this one should produce no more}
    boolean isCongested(Loop except) {
        Loop[] all = loops.all();
        if (all.length == 1) {
            return false;
        }
        for (Loop loop : all) {
            if (loop != except && loop.isCongested()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Group group() {
        return new MultiplexedGroup(loops);
    }

    @Override
    public EngineStatistics statistics() {
        TreeMap<String, Long> calls = new TreeMap<>();
        Loop.Counters sum = new Loop.Counters();
        for (Loop loop : loops.all()) {
            loop.addTo(sum, calls);
        }
        return new EngineStatistics(
                open.get() + adopted.get(),
                accepted.get(),
                refused.get(),
                sum.disconnectedSlow,
                sum.turns,
                sum.events,
                sum.bytesReceived,
                sum.bytesSent,
                sum.overflows,
                0,
                calls);
    }

    @Override
    public void stop(Duration deadline) {
        if (stopping.compareAndSet(false, true)) {
            loops.complete();
            for (Listener door : doors) {
                door.close();
            }
            for (Loop loop : loops.all()) {
                loop.hand(() -> loop.stop(deadline), 0);
            }
        }
        if (!loops.isCurrent()) {
            Uninterrupted.await(this::awaitStop);
        }
    }

    @Override
    public void awaitStop() throws InterruptedException {
        loops.join();
    }

    @Override
    public void close() {
        stop(limits.stopTimeout());
    }
}
