package dev.pollux.engines.loop;

import dev.pollux.engines.io.Wire;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// How many connections an engine with loops has, how many it may have, and the doors that rest
/// until there is room. Any thread may call.
public final class Admission {
    private final int most;

    /// Those that were accepted, which the limit is on.
    private final AtomicInteger open = new AtomicInteger();

    /// Those whose descriptor was adopted.
    private final AtomicInteger guests = new AtomicInteger();

    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    /// Doors that rest until a connection ends.
    private final Queue<Acceptor> resting = new ConcurrentLinkedQueue<>();

    /// Makes it for an engine without connections.
    ///
    /// @param most how many may be open that were accepted
    Admission(int most) {
        this.most = most;
    }

    /// Counts a connection, if there may be one more.
    ///
    /// @return false when there are as many as there may be
    public boolean claim() {
        for (int now = open.get(); now < most; now = open.get()) {
            if (open.compareAndSet(now, now + 1)) {
                accepted.incrementAndGet();
                return true;
            }
        }
        return false;
    }

    /// Counts a connection that was accepted because there was room.
    void admit() {
        accepted.incrementAndGet();
        open.incrementAndGet();
    }

    /// Counts one that was adopted.
    void admitGuest() {
        guests.incrementAndGet();
    }

    public boolean isFull() {
        return open.get() >= most;
    }

    /// A door waits for a connection to end.
    public void rests(Acceptor door) {
        resting.add(door);
        if (!isFull()) {
            wakeAcceptor();
        }
    }

    /// As long as there is room: a door that finds none rests again at once.
    private void wakeAcceptor() {
        while (!isFull()) {
            Acceptor door = resting.poll();
            if (door == null) {
                return;
            }
            try {
                door.resumeSoon();
            } catch (Throwable _) {
                resting.add(door); // For want of memory: the next to leave tries again.
                return;
            }
        }
    }

    /// What has closed does not wait any more.
    void forget(Acceptor door) {
        resting.remove(door);
    }

    /// A connection has ended.
    void left(Wire wire) {
        if (wire.isAdopted()) {
            guests.decrementAndGet();
        } else {
            left();
        }
    }

    /// A connection that was accepted has ended.
    public void left() {
        open.decrementAndGet();
        if (!resting.isEmpty()) {
            wakeAcceptor();
        }
    }

    /// A newcomer was turned away.
    public void refused() {
        refused.incrementAndGet();
    }

    /// {@return how many are open now}
    long open() {
        return (long) open.get() + guests.get();
    }

    /// {@return how many were accepted}
    long acceptedSoFar() {
        return accepted.get();
    }

    /// {@return how many were turned away}
    long refusedSoFar() {
        return refused.get();
    }
}
