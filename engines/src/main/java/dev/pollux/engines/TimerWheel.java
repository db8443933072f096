package dev.pollux.engines;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One loop's timers: a hashed wheel, so that adding and cancelling cost the same however many
/// wait.
///
/// Time is counted in ticks of [#TICK_NANOS] since the wheel was made; an entry is due in the first
/// tick that begins at or after its deadline, so it never runs early. An entry further away than
/// one revolution stays in its slot and is passed over until its turn has come.
///
/// Belongs to the loop's thread.
final class TimerWheel {
    /// 2^23 ns, about 8.4 ms: as coarse as timeouts of people and networks allow.
    private static final int TICK_SHIFT = 23;

    static final long TICK_NANOS = 1L << TICK_SHIFT;

    private static final int SLOTS = 512;

    /// A task that waits for its time: a link of its slot's list.
    static final class Entry {
        private final Runnable task;

        /// When it is due; meaningful while `slot` >= 0.
        private long tick;

        /// The slot it waits in, -1 when it does not wait.
        private int slot = -1;

        private @Nullable Entry previous;
        private @Nullable Entry next;

        Entry(Runnable task) {
            this.task = task;
        }

        boolean isWaiting() {
            return slot >= 0;
        }
    }

    private final LongSupplier clock;

    private final long origin;

    /// The head of each slot's list.
    private final @Nullable Entry[] slots = new @Nullable Entry[SLOTS];

    /// One bit per slot that is not empty.
    private final long[] occupied = new long[SLOTS / Long.SIZE];

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
    void add(Entry entry, long delayNanos) {
        if (entry.isWaiting()) {
            remove(entry);
        }
        long elapsed = clock.getAsLong() - origin;
        now = elapsed >> TICK_SHIFT;
        long deadline = elapsed + Math.min(Math.max(delayNanos, 0), Long.MAX_VALUE / 2);
        entry.tick = Math.max(ticks(deadline), served + 1);
        int slot = (int) (entry.tick & (SLOTS - 1));
        Entry head = slots[slot];
        entry.slot = slot;
        entry.previous = null;
        entry.next = head;
        if (head != null) {
            head.previous = entry;
        }
        slots[slot] = entry;
        occupied[slot >> 6] |= 1L << slot;
        size++;
    }

    /// Takes an entry out; nothing happens when it does not wait.
    ///
    /// @param entry what is not to happen
    void remove(Entry entry) {
        if (!entry.isWaiting()) {
            return;
        }
        Entry previous = entry.previous;
        Entry next = entry.next;
        if (next != null) {
            next.previous = previous;
        }
        if (previous != null) {
            previous.next = next;
        } else {
            slots[entry.slot] = next;
            if (next == null) {
                occupied[entry.slot >> 6] &= ~(1L << entry.slot);
            }
        }
        entry.previous = null;
        entry.next = null;
        entry.slot = -1;
        size--;
    }

    /// Brings [#now()] up to date.
    void readClock() {
        now = (clock.getAsLong() - origin) >> TICK_SHIFT;
    }

    /// Runs all that is due by now.
    void advance() {
        readClock();
        // After a long sleep every slot is visited at most once.
        long first = Math.max(served + 1, now - SLOTS + 1);
        served =
                Math.max(
                        served,
                        now); // What a run adds is due behind it, however late it is by then.
        for (long tick = first; tick <= served; tick++) {
            int slot = (int) (tick & (SLOTS - 1));
            if ((occupied[slot >> 6] & 1L << slot) != 0) {
                serve(slot);
            }
        }
    }

    /// Runs the due entries of a slot. Each run may add and remove others, also in this slot, so
    /// the search begins anew after each; what a run adds is due in a later tick.
    private void serve(int slot) {
        Entry entry = slots[slot];
        while (entry != null) {
            if (entry.tick <= served) {
                remove(entry);
                entry.task.run();
                entry = slots[slot];
            } else {
                entry = entry.next;
            }
        }
    }

    /// {@return nanoseconds until something may be due, rounded up; -1 when nothing waits}
    long nextDelay() {
        if (size == 0) {
            return -1;
        }
        int start = (int) ((served + 1) & (SLOTS - 1));
        int distance = distanceToOccupied(start);
        long tick = served + 1 + distance;
        long elapsed = clock.getAsLong() - origin;
        return Math.max((tick << TICK_SHIFT) - elapsed, 0);
    }

    /// How many slots after `start` the next occupied one is; there is one.
    private int distanceToOccupied(int start) {
        int word = start >> 6;
        long bits = occupied[word] & (-1L << start);
        for (int i = 0; i <= occupied.length; i++) {
            if (bits != 0) {
                int slot = (word << 6) + Long.numberOfTrailingZeros(bits);
                return (slot - start) & (SLOTS - 1);
            }
            word = (word + 1) & (occupied.length - 1);
            bits = occupied[word];
        }
        throw new AssertionError("a timer waits in no slot");
    }
}
