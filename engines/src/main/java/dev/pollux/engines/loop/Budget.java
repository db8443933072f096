package dev.pollux.engines.loop;

import java.util.concurrent.atomic.AtomicBoolean;

/// What the connections of all loops may hold together (`Limits.memoryBytesMax()`).
///
/// Nobody counts for all. Each loop counts what it holds by itself ([Holdings]), and adds up the
/// figures of all only when it has come to hold what it was given the last time: its part of what
/// the others neither held nor had been given. When nothing is left to give, what was given and is
/// not held is taken back. So the sum may be passed by what comes in one turn.
///
/// Any thread may ask.
final class Budget {
    private final long bytesMax;
    private final Loops loops;
    private final Admission admission;

    /// A loop is choosing whom to cut off.
    private final AtomicBoolean claimed = new AtomicBoolean();

    Budget(long bytesMax, Loops loops, Admission admission) {
        this.bytesMax = bytesMax;
        this.loops = loops;
        this.admission = admission;
    }

    /// {@return how many bytes each connection would have if all had the same}
    long equalPart() {
        return bytesMax / Math.max(1, admission.open());
    }

    /// {@return how many more bytes one loop may come to hold before it asks again}
    long part(Holdings asking) {
        long free = bytesMax - asking.bytes();
        for (Loop loop : loops.all()) {
            if (loop.holdings() != asking) {
                free -= loop.holdings().given();
            }
        }
        if (free <= 0) {
            takeBack(asking);
        }
        return Math.max(free, 0) / loops.count();
    }

    /// {@return whether more was given than there is}
    boolean isOverdrawn() {
        long sum = 0;
        for (Loop loop : loops.all()) {
            sum += loop.holdings().given();
        }
        return sum > bytesMax;
    }

    private void takeBack(Holdings asking) {
        for (Loop loop : loops.all()) {
            if (loop.holdings() != asking) {
                loop.holdings().askAgain();
            }
        }
    }

    /// {@return how many bytes all hold}
    long bytes() {
        long sum = 0;
        for (Loop loop : loops.all()) {
            sum += loop.holdings().bytes();
        }
        return sum;
    }

    /// {@return how many more bytes may be held; below 0 when it is too much already}
    long room() {
        return bytesMax - bytes();
    }

    /// {@return whether it is too much, without what is leaving}
    boolean isExceeded() {
        return remaining() > bytesMax;
    }

    /// {@return by how many bytes it is too much, without what is leaving, for what shall be left
    /// once some were cut off: an eighth less than the most, so that it does not happen with every
    /// byte}
    long excess() {
        return remaining() - (bytesMax - bytesMax / 8);
    }

    private long remaining() {
        long sum = 0;
        for (Loop loop : loops.all()) {
            sum += loop.holdings().remaining();
        }
        return sum;
    }

    /// {@return the loop that holds the most, without what is leaving}
    Loop greediest() {
        Loop greediest = loops.first();
        long most = -1;
        for (Loop loop : loops.all()) {
            long remaining = loop.holdings().remaining();
            if (remaining > most) {
                most = remaining;
                greediest = loop;
            }
        }
        return greediest;
    }

    /// Takes the claim.
    ///
    /// @return false when another loop has it
    boolean claim() {
        return claimed.compareAndSet(false, true);
    }

    /// Gives the claim back.
    void giveBack() {
        claimed.set(false);
    }
}
