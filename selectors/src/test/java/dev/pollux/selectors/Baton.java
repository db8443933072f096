package dev.pollux.selectors;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// The right to run, which one thread of a simulation has at a time, and the simulated clock.
///
/// Whoever has it passes it on at system calls, by lot, to any other who can go on; so a run is the
/// same each time. Beside threads there are [Actor]s, which need none: whoever passes the baton has
/// them act. When nobody can go on, the clock jumps to the next moment at which somebody can.
///
/// A thread may pass it on while it holds the selector's lock. Who is then given it and wants that
/// lock is blocked; the holder of the lock sees this, takes the baton back, and keeps it until the
/// blocked one has come as far as its next system call ([#settle]).
final class Baton {
    /// A moment that never comes.
    static final long NEVER = Long.MAX_VALUE;

    /// How long the machine may take for one step before something must be wrong.
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    /// How often the holder of a lock looks whether somebody wants it.
    private static final long LOOK_NANOS = 20_000;

    /// The longest that one step takes, by the simulated clock.
    private static final int STEP_NANOS = 40_000;

    private static final ExecutorService THREADS =
            Executors.newCachedThreadPool(
                    Thread.ofPlatform().daemon().name("simulated-", 0).factory());

    /// Somebody who can do something from a certain moment on.
    interface Actor {
        /// {@return when it can act; now or earlier: at once; [#NEVER]: when others have acted}
        long readyAt();

        /// Acts, on whatever thread.
        void act();
    }

    /// A thread of the simulation.
    private static final class Strand implements Actor {
        final String name;
        volatile Thread thread;

        /// What it waits for, null when it only has passed the baton.
        BooleanSupplier awaited;

        /// Until when it waits.
        long deadline;

        Strand(String name) {
            this.name = name;
        }

        @Override
        public long readyAt() {
            BooleanSupplier condition = awaited;
            return condition == null || condition.getAsBoolean() ? 0 : deadline;
        }

        @Override
        public void act() {
            throw new AssertionError("a thread acts by itself");
        }
    }

    private final Chance chance;

    /// Is asked whether all is well when nobody can go on.
    private final Runnable whenQuiet;

    /// What a thread may hold when it passes the baton on.
    private final BooleanSupplier holdsLock;

    private final Strand main = new Strand("main");
    private final List<Strand> strands = new ArrayList<>(List.of(main));
    private final List<Actor> actors = new ArrayList<>(List.of(main));
    private final List<Actor> ready = new ArrayList<>();

    /// Once in so many steps the baton is passed on; drawn for each run.
    private final int passesOneIn;

    private volatile Strand holder = main;

    /// Who was given the baton and then had to wait for a lock, until its next system call.
    private volatile Strand blocked;

    /// Who has come as far, and goes on first: it may have done something that is in no book yet.
    private volatile Strand next;

    private long now = 1_000_000_000;
    private volatile long steps;
    private volatile Violation violation;

    /// Makes it, held by the calling thread.
    Baton(Chance chance, Runnable whenQuiet, BooleanSupplier holdsLock) {
        this.chance = chance;
        this.whenQuiet = whenQuiet;
        this.holdsLock = holdsLock;
        this.passesOneIn = chance.oneOf(1, 2, 3, 6);
        main.thread = Thread.currentThread();
    }

    long nanoTime() {
        return now;
    }

    long steps() {
        return steps;
    }

    /// {@return the name of the calling thread}
    String who() {
        return me().name;
    }

    void add(Actor actor) {
        actors.add(actor);
    }

    /// Has a thread run something, from the caller's next pass on.
    void start(String name, Runnable task) {
        Strand fresh = new Strand(name);
        strands.add(fresh);
        THREADS.execute(() -> {
            fresh.thread = Thread.currentThread();
            awaitBaton(fresh);
            task.run();
            Strand me = arrive();
            actors.remove(me);
            next(me);
        });
        while (fresh.thread == null) {
            Thread.onSpinWait();
        }
        actors.add(fresh);
    }

    private Strand me() {
        Thread current = Thread.currentThread();
        for (Strand strand : strands) {
            if (strand.thread == current) {
                return strand;
            }
        }
        throw new AssertionError("no thread of the simulation: " + current);
    }

    /// One step is done: somebody else may go on, if that is all right with the caller.
    void pass(boolean mayPass) {
        Strand me = arrive();
        steps++;
        now += chance.below(STEP_NANOS);
        if (next != null || (mayPass && blocked == null && chance.oneIn(passesOneIn))) {
            passOn(me);
        }
    }

    /// Waits until something holds, or the simulated time has come.
    void await(BooleanSupplier condition, long deadline) {
        Strand me = arrive();
        steps++;
        me.awaited = condition;
        me.deadline = deadline;
        passOn(me);
        me.awaited = null;
    }

    /// A call is over in which locks were taken: nobody else runs any more.
    void settle() {
        Strand _ = arrive();
    }

    /// Makes sure that the caller has the baton and nobody else runs.
    private Strand arrive() {
        Strand me = me();
        if (holder != me) {
            if (blocked != me) {
                throw new AssertionError("runs without the baton: " + me.name);
            }
            next = me;
            blocked = null;
            LockSupport.unpark(holder.thread);
            awaitBaton(me);
        } else if (blocked != null && !holdsLock.getAsBoolean()) {
            while (blocked != null && holder == me) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
            awaitBaton(me);
        }
        return me;
    }

    private void passOn(Strand me) {
        if (next(me) != me) {
            awaitBaton(me);
        }
    }

    /// Has others act until it is a thread's turn, and gives it the baton.
    private Strand next(Strand me) {
        while (true) {
            Actor chosen = next == null ? choose() : next;
            next = null;
            if (chosen instanceof Strand strand) {
                if (strand != me) {
                    holder = strand;
                    LockSupport.unpark(strand.thread);
                }
                return strand;
            }
            steps++;
            chosen.act();
        }
    }

    private Actor choose() {
        while (true) {
            ready.clear();
            long nearest = NEVER;
            for (Actor actor : actors) {
                long at = actor.readyAt();
                if (at > now) {
                    nearest = Math.min(nearest, at);
                } else {
                    ready.add(actor);
                }
            }
            if (!ready.isEmpty()) {
                return ready.get(chance.below(ready.size()));
            }
            whenQuiet.run();
            if (nearest == NEVER) {
                end(new Violation("nobody can ever go on"));
            }
            now = nearest;
        }
    }

    private void awaitBaton(Strand me) {
        boolean locked = me.awaited == null && holdsLock.getAsBoolean();
        long seen = -1;
        long since = System.nanoTime();
        while (holder != me) {
            Strand other = holder;
            if (locked && other.thread.getState() == Thread.State.BLOCKED && holder == other) {
                blocked = other;
                holder = me;
                return;
            }
            LockSupport.parkNanos(locked ? LOOK_NANOS : PATIENCE_NANOS);
            if (steps != seen) {
                seen = steps;
                since = System.nanoTime();
            } else if (me == main && System.nanoTime() - since > PATIENCE_NANOS) {
                throw stuck();
            }
        }
        if (me == main && violation != null) {
            throw violation;
        }
    }

    private Violation stuck() {
        Violation stuck = new Violation("a thread keeps the baton: " + holder.name);
        stuck.setStackTrace(holder.thread.getStackTrace());
        return stuck;
    }

    /// Ends the simulation: the thread that has begun it is told, and nobody else goes on.
    void end(Violation found) {
        if (violation == null) {
            violation = found;
        }
        if (Thread.currentThread() == main.thread) {
            throw found;
        }
        holder = main;
        LockSupport.unpark(main.thread);
        while (true) {
            LockSupport.park();
        }
    }
}
