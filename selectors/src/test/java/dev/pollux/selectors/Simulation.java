package dev.pollux.selectors;

import dev.pollux.libc.ErrnoException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A selector in a world that comes out of one number, the seed: descriptors and what becomes of
/// them, what the kernel says and when, and which thread runs. The selector and its poller are the
/// real ones.
///
/// Held against it: whatever is ready and registered is reported, level-triggered as long as it is,
/// else once for each change or arming, and nothing else; a wait ends when it should and never
/// earlier; the keys are those that were registered; and nothing is left at the end.
final class Simulation {
    /// What came of a seed: the same each time.
    record Outcome(long steps, int fingerprint) {}

    /// Opens what is tried.
    private interface Opening {
        Poller open(Simulation simulation) throws ErrnoException;
    }

    private static final List<Opening> MECHANISMS =
            List.of(
                    _ -> EpollPoller.open(),
                    simulation -> PollPoller.open(simulation.chance.oneIn(4)),
                    simulation -> SelectPoller.open(simulation.chance.oneIn(4)),
                    simulation -> KqueuePoller.open(new SimulatedKqueue(simulation.kernel)),
                    _ -> SigioPoller.open());

    private static final int SOCKETS_MAX = 10;

    final Chance chance;
    final Trace trace = new Trace();
    final Baton baton;
    final SimulatedKernel kernel;
    final Poller poller;
    Selector<Integer> selector;

    /// The user's open descriptors, and what is registered for each.
    final List<Integer> fds = new ArrayList<>();

    final Map<Integer, Expected> keys = new TreeMap<>();

    /// All registrations that there have ever been, by their data.
    final List<Expected> all = new ArrayList<>();

    /// How many calls about a descriptor have begun or come back.
    final Map<Integer, Integer> calls = new HashMap<>();

    /// Descriptors about which a call has not come back.
    final List<Integer> inCalls = new ArrayList<>();

    /// Whether a wakeup was asked for that no wait has taken, and whether a close was.
    boolean wakeup;

    boolean closing;

    /// Whether the world comes to its end.
    boolean over;

    private Object lock;
    private int busy;
    private int eventsLeft;

    private Simulation(long seed) throws ErrnoException {
        this.chance = new Chance(seed);
        this.baton = new Baton(chance, this::checkWaits, this::isLocked);
        this.kernel = new SimulatedKernel(baton, chance, trace);
        this.eventsLeft = chance.between(10, 80);
        SimulatedCalls.baton = baton;
        SimulatedCalls.kernel = kernel;
        kernel.mayRefuse = chance.oneIn(8);
        this.poller = MECHANISMS.get(chance.below(MECHANISMS.size())).open(this);
        kernel.poller = poller;
    }

    /// Runs one world.
    ///
    /// @throws Violation if something does not hold, with the last steps
    static Outcome run(long seed) {
        Simulation simulation = null;
        try {
            try {
                simulation = new Simulation(seed);
            } catch (ErrnoException | OutOfMemoryError _) {
                checkNothingIsLeft();
                return new Outcome(SimulatedCalls.baton.steps(), 0);
            }
            simulation.run();
            return new Outcome(simulation.baton.steps(), simulation.trace.fingerprint());
        } catch (Violation v) {
            long step = SimulatedCalls.baton.steps();
            String of = simulation == null ? "" : " of " + simulation.poller.name();
            String last = simulation == null ? "" : simulation.trace.toString();
            var told =
                    new Violation(
                            "seed %d%s, step %d: %s%s"
                                    .formatted(seed, of, step, v.getMessage(), last));
            told.initCause(v);
            throw told;
        }
    }

    boolean belongsToOneThread() {
        return poller instanceof SigioPoller;
    }

    private void run() {
        selector = Selector.over(poller);
        lock = lockOf(selector);
        kernel.mayRefuse = true;
        if (chance.oneIn(6)) {
            kernel.lowerLimit();
        }
        for (int i = chance.between(1, SOCKETS_MAX); i > 0; i--) {
            open();
        }
        baton.add(
                new Baton.Actor() {
                    private long next = baton.nanoTime();

                    @Override
                    public long readyAt() {
                        return eventsLeft == 0 ? Baton.NEVER : next;
                    }

                    @Override
                    public void act() {
                        eventsLeft--;
                        next = baton.nanoTime() + chance.oneOf(1, 100_000, 3_000_000);
                        happen();
                    }
                });
        start("waiter", new Waiter(this)::run);
        for (int i = chance.below(4); i > 0; i--) {
            start("other-" + i, new SelectorUser(this)::run);
        }
        baton.await(() -> busy <= 1 && (eventsLeft == 0 || busy == 0), Baton.NEVER);
        end();
    }

    /// Whether the calling thread holds what others may want.
    private boolean isLocked() {
        return lock != null && (Thread.holdsLock(lock) || Thread.holdsLock(poller));
    }

    private static Object lockOf(Selector<?> selector) {
        try {
            Field field = Selector.class.getDeclaredField("ownership");
            field.setAccessible(true);
            return field.get(selector);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private void start(String name, Runnable task) {
        busy++;
        baton.start(
                name,
                () -> {
                    try {
                        task.run();
                    } catch (Throwable t) {
                        var violation = new Violation("a thread ends: " + t);
                        violation.initCause(t);
                        baton.end(violation);
                    }
                    busy--;
                });
    }

    /// Something becomes of a descriptor, by its other side.
    private void happen() {
        if (fds.isEmpty()) {
            return;
        }
        int fd = fds.get(chance.below(fds.size()));
        SimulatedFile file = kernel.file(fd);
        if (file.kind == SimulatedFile.Kind.REGULAR) {
            return;
        }
        int what =
                switch (chance.below(20)) {
                    case 0 -> SimulatedFile.IN | SimulatedFile.RDHUP;
                    case 1 -> SimulatedFile.IN | SimulatedFile.OUT | SimulatedFile.ERR;
                    case 2 ->
                            SimulatedFile.IN
                                    | SimulatedFile.OUT
                                    | SimulatedFile.RDHUP
                                    | SimulatedFile.HUP;
                    case 3, 4 -> SimulatedFile.PRI;
                    case 5, 6, 7, 8 -> SimulatedFile.OUT;
                    default -> SimulatedFile.IN;
                };
        file.happen(what);
        trace.note("peer", "happen", fd, what, baton.nanoTime());
    }

    /// Opens a descriptor, if there is one left.
    void open() {
        SimulatedFile.Kind kind =
                chance.oneOf(
                        SimulatedFile.Kind.SOCKET,
                        SimulatedFile.Kind.SOCKET,
                        SimulatedFile.Kind.SOCKET,
                        SimulatedFile.Kind.SOCKET,
                        SimulatedFile.Kind.LISTENER,
                        SimulatedFile.Kind.REGULAR);
        int bits =
                switch (kind) {
                    case REGULAR -> SimulatedFile.IN | SimulatedFile.OUT;
                    case LISTENER -> 0;
                    default -> chance.oneOf(0, SimulatedFile.OUT, SimulatedFile.IN);
                };
        int fd = kernel.openForUser(kind, bits);
        if (fd >= 0) {
            fds.add(fd);
        }
    }

    void close(int fd) {
        fds.remove((Integer) fd);
        Expected key = keys.get(fd);
        if (key != null) {
            key.orphaned = true;
        }
        kernel.closeOfUser(fd);
    }

    /// Nobody can go on before some time has passed: is the waiter right to sleep?
    private void checkWaits() {
        checkKeys();
        if (!kernel.isAsleep()) {
            return;
        }
        check(!wakeup, "a wakeup is lost");
        check(!closing, "a wait goes on after the close");
        for (Expected key : keys.values()) {
            boolean judged = !(isKqueue() && key.file.kind == SimulatedFile.Kind.REGULAR);
            if (judged) {
                check(key.owed() == 0, "nobody is told what is ready: fd " + key.fd);
            }
        }
    }

    /// A plain file counts as read to its end there, and each filter tells its own.
    boolean isKqueue() {
        return poller instanceof KqueuePoller;
    }

    private void checkKeys() {
        if (!inCalls.isEmpty() || closing) {
            return;
        }
        Set<Integer> there = new HashSet<>(selector.keys().keySet());
        check(there.equals(keys.keySet()), "keys are " + there + ", and not " + keys.keySet());
    }

    void check(boolean holds, String otherwise) {
        if (!holds) {
            baton.end(new Violation(otherwise));
        }
    }

    private void end() {
        over = true;
        if (busy > 0) {
            var last = new SelectorUser(this);
            if (belongsToOneThread() || chance.oneIn(2)) {
                last.wakeup();
            } else {
                last.closeSelector();
            }
            baton.await(() -> busy == 0, Baton.NEVER);
        }
        closing = true;
        kernel.mayRefuse = false;
        if (!belongsToOneThread()) {
            selector.close();
            baton.settle();
        }
        check(selector.keys().isEmpty(), "keys are left");
        List.copyOf(fds).forEach(this::close);
        checkNothingIsLeft();
    }

    private static void checkNothingIsLeft() {
        int descriptors = SimulatedCalls.kernel.owned();
        if (descriptors != 0) {
            throw new Violation("descriptors are left: " + descriptors);
        }
        if (SimulatedCalls.allocated() != 0) {
            throw new Violation("memory is left");
        }
    }
}
