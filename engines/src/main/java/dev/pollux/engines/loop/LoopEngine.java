package dev.pollux.engines.loop;

import dev.pollux.engines.Engine;
import dev.pollux.engines.EngineObserver;
import dev.pollux.engines.EngineStatistics;
import dev.pollux.engines.Group;
import dev.pollux.engines.Limits;
import dev.pollux.engines.Listener;
import dev.pollux.engines.Protocol;
import dev.pollux.engines.io.Wire;
import dev.pollux.engines.shared.Troubles;
import dev.pollux.engines.shared.Uninterrupted;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Each of N threads, the loops, serves many connections, in the way of a [LoopModel].
///
/// As a rule the first loop accepts and deals the connections out in turn; each stays on its loop
/// for life.
public final class LoopEngine implements Engine {
    private final LoopModel model;
    private final Limits limits;
    private final Troubles troubles;
    private final Loops loops;
    private final Budget budget;

    /// The failure that ended the engine; null as a rule.
    private volatile @Nullable Throwable failure;

    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Admission admission;
    private final Doors doors;

    /// Opens the loops and starts their threads.
    ///
    /// @throws IOException when there is no descriptor left for a loop
    public LoopEngine(LoopModel model, Limits limits, int threads, EngineObserver observer)
            throws IOException {
        this(model, limits, threads, observer, Thread::start);
    }

    /// The same, with threads that are started another way.
    ///
    /// @param starter starts a thread, or throws what says that the system gives none
    public LoopEngine(
            LoopModel model,
            Limits limits,
            int threads,
            EngineObserver observer,
            Consumer<Thread> starter)
            throws IOException {
        this.model = model;
        this.limits = limits;
        this.troubles = new Troubles(observer);
        this.admission = new Admission(limits.connectionsMax());
        Loops.Opening opening = number -> new Loop(this, model, limits, number);
        this.loops = new Loops(threads, opening, starter);
        this.doors = new Doors(model, loops, admission, troubles);
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
    public String name() {
        return model.name();
    }

    Troubles troubles() {
        return troubles;
    }

    public Doors doors() {
        return doors;
    }

    Loops loops() {
        return loops;
    }

    Admission admission() {
        return admission;
    }

    boolean hasFailed() {
        return failure != null;
    }

    /// Something has failed that no loop survives: the engine ends as a whole, at once. Throws
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
            doors.closeAll();
        }
    }

    Budget budget() {
        return budget;
    }

    @Override
    public Listener listen(SocketAddress address, Supplier<? extends Protocol> protocols)
            throws IOException {
        return open(model.bind(doors, address, protocols));
    }

    /// Begins to accept at a door.
    public Listener open(Acceptor door) throws IOException {
        doors.add(door);
        try {
            Errand.run(
                    loops.first(),
                    () -> {
                        requireRunning();
                        door.open();
                    });
        } catch (Throwable e) {
            door.close();
            throw e;
        }
        return door;
    }

    private void requireRunning() {
        if (stopping.get()) {
            throw stopped();
        }
    }

    /// {@return what says that the engine has stopped}
    static IllegalStateException stopped() {
        return new IllegalStateException("the engine has stopped");
    }

    @Override
    public void adopt(int fd, Protocol protocol) throws IOException {
        if (!Descriptors.isOpen(fd)) {
            throw new ErrnoException(Errno.EBADF, "adopt", fd);
        }
        Errand.run(loops.first(), () -> adoptHere(model.adopt(fd), protocol));
    }

    private void adoptHere(Wire wire, Protocol protocol) {
        boolean taken = false;
        try {
            requireRunning();
            loops.first().open(wire, protocol, false);
            admission.admitGuest();
            taken = true;
        } finally {
            if (!taken) {
                wire.close();
            }
        }
    }

    @Override
    public Group group() {
        return new LoopGroup(loops);
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
        Objects.requireNonNull(deadline, "deadline");
        if (stopping.compareAndSet(false, true)) {
            loops.complete();
            doors.closeAll();
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
