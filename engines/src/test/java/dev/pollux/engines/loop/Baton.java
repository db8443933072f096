package dev.pollux.engines.loop;

import dev.pollux.engines.shared.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The right to run, which one thread of a simulation has at a time, and the simulated clock.
///
/// Whoever has it passes it on at certain points, by lot, to any other who can go on; so a run is
/// the same each time. Beside threads there are [Actor]s, which need none: whoever passes the baton
/// has them act. When nobody can go on, the clock jumps to the next moment at which somebody can.
///
/// It is never passed by a thread that holds a lock: who gets it might want that, and would wait
/// for ever ([#hold]).
public final class Baton implements Clock {
    /// A moment that never comes.
    public static final long NEVER = Long.MAX_VALUE;

    /// How long the machine may take for one step before something must be wrong.
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    /// The longest that one step takes, by the simulated clock.
    private static final int STEP_NANOS = 40_000;

    /// Somebody who can do something from a certain moment on.
    interface Actor {
        /// {@return when it can act; now or earlier: at once; [#NEVER]: when others have acted}
        long readyAt();

        /// Acts, on whatever thread.
        void act();
    }

    /// A thread of the simulation.
    private static final class Strand implements Actor {
        final Thread thread;

        /// Who has started it and gets the baton back when it first passes it; null afterwards.
        @Nullable Strand lender;

        /// What it waits for, null when it only has passed the baton.
        @Nullable BooleanSupplier awaited;

        /// Until when it waits.
        long deadline;

        /// What it has to be woken by, beside; null as a rule.
        @Nullable Object monitor;

        /// Locks that it may hold.
        int held;

        Strand(Thread thread) {
            this.thread = thread;
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

    private final Strand main = new Strand(Thread.currentThread());
    private final List<Actor> actors = new ArrayList<>(List.of(main));
    private Actor[] ready = new Actor[16];

    /// Once in so many steps the baton is passed on; drawn for each run.
    private final int passesOneIn;

    /// Threads that let time pass: there is more to do than is seen.
    private int pausing;

    private volatile Strand holder = main;
    private long now = 1_000_000_000;
    private volatile long steps;
    private @Nullable Violation violation;

    /// Makes it, held by the calling thread.
    Baton(Chance chance, Runnable whenQuiet) {
        this.chance = chance;
        this.whenQuiet = whenQuiet;
        this.passesOneIn = chance.oneOf(1, 2, 3, 8, 20);
    }

    @Override
    public long nanoTime() {
        return now;
    }

    long steps() {
        return steps;
    }

    void add(Actor actor) {
        actors.add(actor);
    }

    void remove(Actor actor) {
        actors.remove(actor);
    }

    /// Starts a thread, which runs until it first passes the baton; then the caller goes on.
    void start(Thread thread) {
        Strand me = holder;
        Strand fresh = new Strand(thread);
        fresh.lender = me;
        actors.add(fresh);
        holder = fresh;
        thread.start();
        awaitBaton(me);
    }

    /// The calling thread ends, or needs the baton no more.
    public void leave() {
        Strand me = holder;
        actors.remove(me);
        next(me);
    }

    /// From here on the calling thread may hold a lock: it keeps the baton until [#release].
    void hold() {
        holder.held++;
    }

    void release() {
        holder.held--;
    }

    /// One step is done: somebody else may go on.
    public void pass() {
        Strand me = holder;
        steps++;
        now += chance.below(STEP_NANOS);
        if (me.held == 0 && me != main && (me.lender != null || chance.oneIn(passesOneIn))) {
            passOn(me);
        }
    }

    /// Waits until something holds, or the simulated time has come.
    public void await(BooleanSupplier condition, long deadline) {
        Strand me = holder;
        steps++;
        me.awaited = condition;
        me.deadline = deadline;
        passOn(me);
        me.awaited = null;
    }

    @Override
    public void pause(long nanos) {
        pausing++;
        await(() -> false, now + nanos);
        pausing--;
    }

    /// Wakes up for nothing, too, as a monitor's wait may.
    @Override
    public void await(Object monitor, long nanos) throws InterruptedException {
        Strand me = holder;
        steps++;
        me.awaited = () -> chance.oneIn(16);
        me.deadline = now + nanos;
        me.monitor = monitor;
        if (next(me) != me) {
            while (holder != me) {
                monitor.wait();
            }
        }
        me.monitor = null;
        me.awaited = null;
    }

    private void passOn(Strand me) {
        if (next(me) != me) {
            awaitBaton(me);
        }
    }

    /// Has others act until it is a thread's turn, and gives it the baton.
    private Strand next(Strand me) {
        Strand lender = me.lender;
        me.lender = null;
        if (lender != null) {
            give(lender, me);
            return lender;
        }
        while (true) {
            Actor chosen = choose();
            if (chosen instanceof Strand strand) {
                give(strand, me);
                return strand;
            }
            steps++;
            chosen.act();
        }
    }

    private void give(Strand strand, Strand me) {
        if (strand == me) {
            return;
        }
        Object monitor = strand.monitor;
        holder = strand;
        if (monitor == null) {
            LockSupport.unpark(strand.thread);
        } else {
            synchronized (monitor) {
                monitor.notifyAll();
            }
        }
    }

    private Actor choose() {
        while (true) {
            int count = 0;
            long nearest = NEVER;
            for (int i = 0; i < actors.size(); i++) {
                Actor actor = actors.get(i);
                long at = actor.readyAt();
                if (at > now) {
                    nearest = Math.min(nearest, at);
                } else {
                    count = addReady(actor, count);
                }
            }
            if (count > 0) {
                return ready[chance.below(count)];
            }
            if (pausing == 0) {
                whenQuiet.run();
            }
            if (nearest == NEVER) {
                end(new Violation("nobody can ever go on"));
            }
            now = nearest;
        }
    }

    private int addReady(Actor actor, int count) {
        if (count == ready.length) {
            ready = Arrays.copyOf(ready, 2 * count);
        }
        ready[count] = actor;
        return count + 1;
    }

    private void awaitBaton(Strand me) {
        long seen = -1;
        long since = System.nanoTime();
        while (holder != me) {
            LockSupport.parkNanos(PATIENCE_NANOS);
            if (steps != seen) {
                seen = steps;
                since = System.nanoTime();
            } else if (me == main && System.nanoTime() - since > PATIENCE_NANOS) {
                throw blocked();
            }
        }
        if (me == main && violation != null) {
            throw violation;
        }
    }

    private Violation blocked() {
        Violation blocked = new Violation("a thread keeps the baton: " + holder.thread.getName());
        blocked.setStackTrace(holder.thread.getStackTrace());
        return blocked;
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
