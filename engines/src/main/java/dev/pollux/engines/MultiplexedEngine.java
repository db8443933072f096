package dev.pollux.engines;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Multiplexing: each of N threads waits for many connections in a selector, whatever its
/// mechanism.
///
/// The first loop accepts and deals the connections out in turn; each stays on its loop for life.
/// The loops of `io_uring` accept for themselves; when the tables of all are full, one more loop is
/// opened.
final class MultiplexedEngine implements Engine {
    private final IoModel model;
    private final Limits limits;
    private final Troubles troubles;
    private final Loops loops;
    private final Budget budget;

    /// What nobody has survived; null as a rule.
    private volatile @Nullable Throwable failure;

    private final AtomicBoolean stopping = new AtomicBoolean();
    private final List<Listener> doors = new CopyOnWriteArrayList<>();

    private final Admission admission;

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
        this(model, limits, threads, drivers, observer, Thread::start);
    }

    /// The same, with threads that are started another way.
    MultiplexedEngine(
            IoModel model,
            Limits limits,
            int threads,
            Driver.Opening drivers,
            EngineObserver observer,
            Consumer<Thread> starter)
            throws IOException {
        this.model = model;
        this.limits = limits;
        this.troubles = new Troubles(observer);
        this.admission = new Admission(limits.connectionsMax());
        Loops.Opening opening = number -> new Loop(this, drivers, limits, number);
        this.loops = new Loops(threads, opening, starter);
        this.budget = new Budget(limits.memoryBytesMax(), loops, admission);
        try {
            loops.start();
        } catch (Throwable e) {
            end(e);
            Uninterrupted.await(loops::join);
            throw e;
        }
    }

    @Override
    public IoModel model() {
        return model;
    }

    Troubles troubles() {
        return troubles;
    }

    Admission admission() {
        return admission;
    }

    boolean hasFailed() {
        return failure != null;
    }

    /// Something has failed that nobody survives: the engine ends as a whole, at once. Throws
    /// nothing.
    void fail(Throwable e) {
        if (!hasFailed() && end(e)) {
            troubles.tell("a loop failed, and the engine ends with all its connections", e);
        }
    }

    /// Has all loops end at once. It takes no memory, which may be what has failed.
    ///
    /// @return whether it is the first failure
    private boolean end(Throwable e) {
        synchronized (loops) {
            if (hasFailed()) {
                return false;
            }
            failure = e;
        }
        stopping.set(true);
        loops.complete();
        for (Loop loop : loops.all()) {
            loop.wakeup();
        }
        return true;
    }

    /// A loop ends: closes the doors that are left after a failure, if it is the loop to do that.
    void closeDoors(Loop ending) {
        if (ending == loops.first()) {
            doors.forEach(Listener::close);
        }
    }

    Budget budget() {
        return budget;
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
        return open(door, protocols);
    }

    /// Accepts at a door of the kernel's, or the JDK's.
    Listener open(Door door, Supplier<? extends Protocol> protocols) throws IOException {
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
        } catch (Throwable e) {
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
        onFirstLoop(() -> adoptHere(new AdoptedWire(fd), protocol));
    }

    private void adoptHere(AdoptedWire wire, Protocol protocol) {
        boolean taken = false;
        try {
            if (stopping.get()) {
                throw stopped();
            }
            loops.first().open(wire, protocol, false);
            admission.admitGuest();
            taken = true;
        } finally {
            if (!taken) {
                wire.close();
            }
        }
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
                    } catch (Throwable e) {
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
        admission.admit();
        Loop loop = loops.all()[next];
        next = next + 1 == loops.count() ? 0 : next + 1;
        if (loop.isCurrent()) {
            begin(loop, wire, protocols);
            return;
        }
        boolean handed = false;
        try {
            handed = loop.hand(() -> begin(loop, wire, protocols), 0);
        } finally {
            if (!handed) {
                wire.close();
                admission.left();
            }
        }
    }

    /// A connection that counts begins; called on its loop. Throws nothing: what fails costs that
    /// connection.
    void begin(Loop loop, Wire wire, Supplier<? extends Protocol> protocols) {
        try {
            Protocol protocol = Objects.requireNonNull(protocols.get(), "the supplier gave null");
            loop.open(wire, protocol, model.reportsEdges());
        } catch (Throwable e) {
            wire.close();
            admission.left();
            troubles.tell("a protocol could not be made, its connection is closed", e);
        }
    }

    /// A door has closed.
    void closed(Listener door) {
        doors.remove(door);
    }

    /// All loops that a door knows of are full: opens one more, for every door, but first for that.
    ///
    /// @param known how many it knows of
    /// @throws IOException when there is no descriptor or memory for it
    void grow(UringAcceptor asking, int known) throws IOException {
        if (!admission.isFull() && loops.grow(known)) {
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
            if (loop != except && loop.holdings().inbox().isCongested()) {
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
        LoopCounters sum = new LoopCounters();
        for (Loop loop : loops.all()) {
            loop.addTo(sum, calls);
        }
        return new EngineStatistics(
                admission.open(),
                admission.acceptedSoFar(),
                admission.refusedSoFar(),
                sum.disconnectedSlow,
                sum.disconnectedOverBudget,
                sum.turns,
                sum.events,
                sum.bytesReceived,
                sum.bytesSent,
                budget.bytes(),
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
            Uninterrupted.await(loops::join);
        }
    }

    @Override
    public void awaitStop() throws IOException, InterruptedException {
        loops.join();
        Throwable cause = failure;
        if (cause != null) {
            throw new IOException(Troubles.line("the engine has failed", cause), cause);
        }
    }

    @Override
    public void close() {
        stop(limits.stopTimeout());
    }
}
