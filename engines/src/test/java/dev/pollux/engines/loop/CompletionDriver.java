package dev.pollux.engines.loop;

import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// A driver whose kernel receives and sends by itself, and tells when it has: late, and in any
/// order but that of each socket's input.
final class CompletionDriver implements Driver {
    /// The longest that something is late.
    private static final int LATE_NANOS = 2_000_000;

    /// Something that the kernel has done.
    ///
    /// @param order what those have in common that are told in their order
    /// @param due when it is told
    /// @param task what the loop does about it
    private record Completion(Object order, long due, Runnable task) {}

    private final Simulation world;
    private final Loop loop;
    private final String name;
    private final ArrayList<Completion> completions = new ArrayList<>();
    private final ArrayList<CompletionWire> wires = new ArrayList<>();

    /// Those that are told now.
    private final ArrayList<Completion> batch = new ArrayList<>();

    /// Those whose sends are `Wire.PENDING`.
    private ArrayList<CompletionWire> unsent = new ArrayList<>();

    /// What is done when somebody waits at a door; null when nothing is.
    private @Nullable Runnable whenReady;

    private @Nullable SimulatedDoor door;
    private boolean woken;

    CompletionDriver(Simulation world, Loop loop) {
        this.world = world;
        this.loop = loop;
        this.name = "loop " + loop.number();
        world.loopOpened();
    }

    Loop loop() {
        return loop;
    }

    /// The kernel has done something, and tells of it with the next events.
    void complete(Runnable task) {
        add(new Completion(task, world.baton().nanoTime(), task));
    }

    /// The kernel has done something, and tells of it soon.
    void completeLate(Object order, Runnable task) {
        long now = world.baton().nanoTime();
        long due =
                world.chance().strikes(Fault.LATE) ? now + world.chance().below(LATE_NANOS) : now;
        for (Completion before : completions) {
            if (before.order.equals(order)) {
                due = Math.max(due, before.due);
            }
        }
        add(new Completion(order, due, task));
    }

    private void add(Completion completion) {
        completions.add(completion);
        world.late(1);
    }

    /// A send is to be decided before the next events.
    void sends(CompletionWire wire) {
        unsent.add(wire);
    }

    /// Somebody is waited for at a door, once.
    void whenReady(SimulatedDoor at, Runnable task) {
        door = at;
        whenReady = task;
    }

    private boolean isDoorReady() {
        return whenReady != null && door != null && door.ready() != 0;
    }

    @Override
    public void begin() {
        // Nothing is to be done.
    }

    private long nextDue() {
        long next = Baton.NEVER;
        for (Completion completion : completions) {
            next = Math.min(next, completion.due);
        }
        return next;
    }

    private boolean hasNews() {
        if (woken || isDoorReady() || nextDue() <= world.baton().nanoTime()) {
            return true;
        }
        for (int i = 0; i < wires.size(); i++) {
            if (wires.get(i).canGoOn()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void await(long timeoutNanos) {
        Baton baton = world.baton();
        submit(true);
        if (timeoutNanos == 0) {
            baton.pass();
        } else {
            long end = timeoutNanos < 0 ? Baton.NEVER : baton.nanoTime() + timeoutNanos;
            baton.await(this::hasNews, Math.min(end, nextDue()));
        }
        woken = false;
        for (int i = 0; i < wires.size(); i++) {
            wires.get(i).goOn();
        }
        Runnable accept = whenReady;
        if (accept != null && isDoorReady()) {
            whenReady = null;
            completeLate(accept, accept);
        }
        world.note(name, "wait", completions.size());
        serve();
    }

    private void serve() {
        long now = world.baton().nanoTime();
        for (Completion completion : completions) {
            if (completion.due <= now) {
                batch.add(completion);
            }
        }
        completions.removeAll(batch);
        world.late(-batch.size());
        while (!batch.isEmpty()) {
            Object order = batch.get(world.chance().below(batch.size())).order;
            int first = 0;
            while (!batch.get(first).order.equals(order)) {
                first++;
            }
            loop.eventCame();
            batch.remove(first).task.run();
        }
    }

    /// Makes the kernel send; what it has sent is told at once, or with the other events.
    private void submit(boolean later) {
        ArrayList<CompletionWire> now = unsent;
        unsent = new ArrayList<>();
        for (CompletionWire wire : now) {
            if (!later && world.kind().tardy() && world.chance().oneIn(2)) {
                unsent.add(wire);
            } else {
                wire.sendPending(later);
            }
        }
    }

    @Override
    public void sendPending() {
        submit(false);
    }

    @Override
    public void wakeup() {
        woken = true;
    }

    @Override
    public void opened(Connection connection) {
        CompletionWire wire = (CompletionWire) connection.wire();
        wires.add(wire);
        wire.opened(this, connection);
    }

    @Override
    public void watch(Connection connection, int known, int wanted, boolean edge)
            throws ErrnoException {
        if (known == 0 && world.chance().strikes(Fault.REFUSED_WATCH)) {
            throw new ErrnoException(Errno.ENOMEM, "watch", -1);
        }
        ((CompletionWire) connection.wire()).watch(wanted);
    }

    @Override
    public void forget(Connection connection) {
        ((CompletionWire) connection.wire()).watch(0);
    }

    /// A wire is closed, and nothing of it is under way.
    void gone(CompletionWire wire) {
        wires.remove(wire);
    }

    @Override
    public void close() {
        while (!completions.isEmpty()) {
            await(LATE_NANOS);
        }
        world.require(wires.isEmpty(), "a wire is left");
        world.loopClosed();
        world.baton().leave();
    }
}
