package dev.pollux.engines.loop;

import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One loop's timers: a hashed wheel, so that adding and cancelling cost the same however many
/// wait.
///
/// Time is counted in ticks of [#TICK_NANOS] since the wheel was made; an entry is due in the first
/// tick that begins at or after its deadline, so it never runs early. Entries run in the order of
/// their ticks, those of one tick in the order in which they were put in.
///
/// An entry further away than one revolution stays in its slot until its turn has come. Each slot
/// knows the earliest tick in it, so that those which only wait wake nobody: a loop sleeps until
/// something is due. Where the earliest of a slot was taken out it may wake once for nothing.
///
/// Belongs to the loop's thread.
public final class TimerWheel {
    /// 2^23 ns, about 8.4 ms: as coarse as timeouts of people and networks allow.
    private static final int TICK_SHIFT = 23;

    static final long TICK_NANOS = 1L << TICK_SHIFT;

    private static final int SLOTS = 512;

    /// The list of those that are due, behind those of the slots.
    private static final int DUE = SLOTS;

    private static final long NEVER = Long.MAX_VALUE;

    /// A task that waits for its time: a link of its slot's list.
    public static final class Entry {
        private final Runnable task;

        /// When it is due; meaningful while `slot` >= 0.
        private long tick;

        /// The slot it waits in, or [#DUE]; -1 when it does not wait.
        private int slot = -1;

        private @Nullable Entry previous;
        private @Nullable Entry next;

        public Entry(Runnable task) {
            this.task = task;
        }

        public boolean isWaiting() {
            return slot >= 0;
        }
    }

    private final LongSupplier clock;

    private final long origin;

    /// The head of each slot's list.
    private final @Nullable Entry[] heads = new @Nullable Entry[SLOTS + 1];

    private final @Nullable Entry[] tails = new @Nullable Entry[SLOTS + 1];

    /// In no slot is an entry due before this tick; [#NEVER] in an empty one.
    private final long[] earliest = new long[SLOTS];

    /// The least of those, or less.
    private long next = NEVER;

    /// All ticks up to this one have been served.
    private long served;

    /// The tick now, as of the last [#readClock()].
    private long now;

    private int size;

    TimerWheel() {
        this(System::nanoTime);
    }

    /// Makes one that goes by another clock.
    ///
    /// @param clock nanoseconds from any origin, never going back
    TimerWheel(LongSupplier clock) {
        this.clock = clock;
        this.origin = clock.getAsLong();
        Arrays.fill(earliest, NEVER);
    }

    boolean isEmpty() {
        return size == 0;
    }

    /// {@return the current tick, as of the last [#readClock()], [#add] or [#advance()]}
    long now() {
        return now;
    }

    /// {@return how many ticks cover so many nanoseconds, rounded up}
    ///
    /// @param nanos a duration
    static long ticks(long nanos) {
        return (nanos + TICK_NANOS - 1) >> TICK_SHIFT;
    }

    /// Puts an entry in, due after a delay from this moment; one that waits already is moved.
    ///
    /// @param entry what is due
    /// @param delayNanos in how long
    public void add(Entry entry, long delayNanos) {
        add(entry, delayNanos, 0);
    }

    /// The same for what need not be on time: it is due together with others, so that however many
    /// there are the loop wakes for them now and then only.
    ///
    /// @param entry what is due
    /// @param delayNanos in how long
    /// @param slackNanos how much later it may be
    void add(Entry entry, long delayNanos, long slackNanos) {
        if (entry.isWaiting()) {
            remove(entry);
        }
        long elapsed = clock.getAsLong() - origin;
        now = elapsed >> TICK_SHIFT;
        long deadline = elapsed + Math.min(Math.max(delayNanos, 0), Long.MAX_VALUE / 2);
        long grain = Math.max(Long.highestOneBit(slackNanos >> TICK_SHIFT), 1);
        entry.tick = roundedUp(Math.max(ticks(deadline), served + 1), grain);
        int slot = (int) (entry.tick & (SLOTS - 1));
        append(entry, slot);
        earliest[slot] = Math.min(earliest[slot], entry.tick);
        next = Math.min(next, entry.tick);
        size++;
    }

    private static long roundedUp(long tick, long powerOfTwo) {
        return (tick + powerOfTwo - 1) & -powerOfTwo;
    }

    private void append(Entry entry, int list) {
        Entry tail = tails[list];
        entry.slot = list;
        entry.previous = tail;
        entry.next = null;
        if (tail == null) {
            heads[list] = entry;
        } else {
            tail.next = entry;
        }
        tails[list] = entry;
    }

    /// Takes an entry out; nothing happens when it does not wait.
    ///
    /// @param entry what is not to happen
    public void remove(Entry entry) {
        if (!entry.isWaiting()) {
            return;
        }
        int slot = entry.slot;
        unlink(entry);
        if (slot != DUE && heads[slot] == null) {
            earliest[slot] = NEVER;
        }
        if (--size == 0) {
            next = NEVER;
        }
    }

    private void unlink(Entry entry) {
        Entry before = entry.previous;
        Entry after = entry.next;
        if (before == null) {
            heads[entry.slot] = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            tails[entry.slot] = before;
        } else {
            after.previous = before;
        }
        entry.previous = null;
        entry.next = null;
        entry.slot = -1;
    }

    /// Brings [#now()] up to date.
    void readClock() {
        now = (clock.getAsLong() - origin) >> TICK_SHIFT;
    }

    /// Runs all that is due by now. Each run may put others in, which are due later, and take out
    /// others, also such as are due now.
    void advance() {
        readClock();
        served = Math.max(served, now);
        while (next <= served) {
            collect();
        }
        for (Entry due = heads[DUE]; due != null; due = heads[DUE]) {
            remove(due);
            due.task.run();
        }
    }

    /// Moves those of the next tick to the list of those that are due.
    private void collect() {
        int slot = (int) (next & (SLOTS - 1));
        long left = NEVER;
        Entry following;
        for (Entry entry = heads[slot]; entry != null; entry = following) {
            following = entry.next;
            if (entry.tick == next) {
                unlink(entry);
                append(entry, DUE);
            } else {
                left = Math.min(left, entry.tick);
            }
        }
        earliest[slot] = left;
        next = NEVER;
        for (long tick : earliest) {
            next = Math.min(next, tick);
        }
    }

    /// {@return nanoseconds until something may be due, rounded up; -1 when nothing waits}
    long nextDelay() {
        if (size == 0) {
            return -1;
        }
        long elapsed = clock.getAsLong() - origin;
        return Math.max((next << TICK_SHIFT) - elapsed, 0);
    }
}
