package dev.pollux.engines.blocking;

import dev.pollux.engines.Listener;
import dev.pollux.engines.Protocol;
import dev.pollux.engines.io.BlockingDoor;
import dev.pollux.engines.io.BlockingWire;
import dev.pollux.engines.io.Reserve;
import dev.pollux.engines.shared.AcceptTrouble;
import dev.pollux.engines.shared.Uninterrupted;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Accepts the connections of one [BlockingDoor]: a thread sleeps in the accept, and survives a
/// full descriptor table.
///
/// `accept4(2)` takes a descriptor before it sleeps, so with a full table it fails at once, whether
/// somebody comes or not. Then the [Reserve] is given up for it: it sleeps again, and a newcomer is
/// turned away, unless there is room by then. At `Limits.connectionsMax()` nobody is accepted: the
/// next wait in the backlog.
///
/// Its fields belong to its thread, but for those guarded by its monitor.
final class BlockingAcceptor implements Listener, Runnable {
    private final BlockingEngine engine;
    private final BlockingDoor door;
    private final Supplier<? extends Protocol> protocols;

    /// Held for a full table; the JDK's sockets do without.
    private final @Nullable Reserve reserve;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final AcceptTrouble trouble;

    /// Whether the last connection got no thread, which has been told.
    private boolean threadless;

    /// Guarded by the monitor.
    private boolean accepting;

    /// Guarded by the monitor.
    private boolean done;

    BlockingAcceptor(
            BlockingEngine engine,
            BlockingDoor door,
            Supplier<? extends Protocol> protocols,
            @Nullable Reserve reserve) {
        this.engine = engine;
        this.door = door;
        this.protocols = protocols;
        this.reserve = reserve;
        this.trouble = new AcceptTrouble(engine.troubles());
    }

    @Override
    public SocketAddress address() {
        return door.address();
    }

    @Override
    public void run() {
        while (!isDone() && engine.awaitRoom(this)) {
            holdReserve();
            try {
                BlockingWire wire = accept();
                trouble.over();
                serve(wire);
            } catch (Throwable e) {
                survive(e);
            }
        }
        if (reserve != null) {
            reserve.giveUp();
        }
    }

    /// Takes the reserve again when it was lost, as soon as that is possible.
    private void holdReserve() {
        if (reserve != null) {
            reserve.take();
        }
    }

    synchronized boolean isDone() {
        return done;
    }

    /// Sleeps until somebody comes.
    private BlockingWire accept() throws IOException {
        synchronized (this) {
            accepting = !done;
        }
        try {
            return door.acceptSleeping();
        } finally {
            synchronized (this) {
                if (accepting && done) {
                    closeDoor();
                }
                accepting = false;
            }
        }
    }

    private void serve(BlockingWire wire) {
        Arrival arrival = arrival(wire);
        if (arrival == null) {
            return;
        }
        try {
            engine.threads().serve(arrival);
            threadless = false;
        } catch (IOException | RuntimeException | Error e) {
            if (!threadless) {
                threadless = true;
                engine.troubles().tell("no thread for a connection, it is closed", e);
            }
            engine.refused();
            arrival.dismiss();
        }
    }

    /// {@return what waits for its thread, and counts as open; null when the engine stops}
    private @Nullable Arrival arrival(BlockingWire wire) {
        boolean claimed = false;
        try {
            engine.counters().woke();
            Arrival arrival = new Arrival(engine, wire, protocols);
            claimed = engine.claim();
            return claimed ? arrival : null;
        } finally {
            if (!claimed) {
                wire.close();
            }
        }
    }

    private void survive(Throwable e) {
        if (isDone() || trouble.passesOver(e)) {
            return;
        }
        trouble.rests(e);
        if (!AcceptTrouble.isTableFull(e) || reserve == null || !reserve.giveUp()) {
            rest();
            return;
        }
        try {
            turnAwayOrServe(accept(), reserve);
        } catch (Throwable _) {
            rest(); // Another thread was faster to take the descriptor, or the door is closed.
        }
    }

    private void turnAwayOrServe(BlockingWire wire, Reserve held) {
        if (held.take()) {
            trouble.over(); // There is room again.
            serve(wire);
            return;
        }
        wire.close();
        engine.refused();
    }

    private synchronized void rest() {
        long until = System.nanoTime() + AcceptTrouble.REST_NANOS;
        Uninterrupted.await(() -> {
            while (!done && until - System.nanoTime() > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, until - System.nanoTime());
            }
        });
    }

    /// Closes it: the thread that sleeps in the accept is woken and closes the door itself.
    @Override
    public void close() {
        synchronized (this) {
            if (!done) {
                done = true;
                notifyAll();
                if (accepting) {
                    door.wake();
                } else {
                    closeDoor();
                }
            }
        }
        engine.closing(this);
        Uninterrupted.await(closed::await);
    }

    private void closeDoor() {
        door.close();
        closed.countDown();
    }
}
