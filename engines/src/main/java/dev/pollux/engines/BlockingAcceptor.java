package dev.pollux.engines;

import dev.pollux.libc.ErrnoException;
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
/// somebody comes or not. Then the [Reserve] is given up for it: it sleeps again, and who comes is
/// turned away, unless there is room by then. At [Limits#connectionsMax()] nobody is accepted: the
/// next wait in the backlog.
///
/// Its fields belong to its thread, but for those guarded by its monitor.
final class BlockingAcceptor implements Listener, Runnable {
    private static final long REST_NANOS = 100_000_000;

    private final BlockingEngine engine;
    private final BlockingDoor door;
    private final Supplier<? extends Protocol> protocols;

    /// Held for a full table; the JDK's sockets do without.
    private final @Nullable Reserve reserve;

    private final CountDownLatch closed = new CountDownLatch(1);
    private boolean full;

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
    }

    @Override
    public SocketAddress address() {
        return door.address();
    }

    @Override
    public void run() {
        if (reserve != null) {
            reserve.take();
        }
        try {
            acceptAll();
        } catch (RuntimeException | Error e) {
            engine.trouble("a door failed, nobody is accepted there any more: " + e, e);
        } finally {
            if (reserve != null) {
                reserve.giveUp();
            }
        }
    }

    private void acceptAll() {
        while (!isDone() && engine.awaitRoom(this)) {
            try {
                BlockingWire wire = accept();
                full = false;
                serve(wire);
            } catch (IOException e) {
                survive(e);
            }
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
            return door.accept();
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
        engine.counters().woke();
        if (!engine.claim()) {
            wire.close();
            return;
        }
        Arrival arrival = new Arrival(engine, wire, protocols);
        try {
            engine.crew().serve(arrival);
            threadless = false;
        } catch (OutOfMemoryError e) {
            if (!threadless) {
                threadless = true;
                engine.trouble("no thread for a connection, it is closed: " + e.getMessage(), e);
            }
            engine.refused();
            arrival.dismiss();
        }
    }

    private void survive(IOException e) {
        int errno = e instanceof ErrnoException errnoException ? errnoException.errno() : 0;
        if (isDone() || Acceptor.isPeersFault(errno)) {
            return;
        }
        if (!full) {
            full = true;
            engine.trouble("cannot accept, waiting for a descriptor: " + e.getMessage(), e);
        }
        if (reserve == null || !reserve.giveUp()) {
            rest();
            return;
        }
        try {
            turnAwayOrServe(accept(), reserve);
        } catch (IOException _) {
            // Another thread was faster to take the descriptor, or the door is closed.
            reserve.take();
        }
    }

    private void turnAwayOrServe(BlockingWire wire, Reserve held) {
        if (held.take()) {
            full = false; // There is room again.
            serve(wire);
            return;
        }
        wire.close();
        engine.refused();
        held.take();
    }

    private synchronized void rest() {
        long until = System.nanoTime() + REST_NANOS;
        Uninterrupted.await(() -> {
            while (!done && until - System.nanoTime() > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, until - System.nanoTime());
            }
        });
    }

    /// Closes it: who sleeps in the accept is woken and closes the door itself.
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
