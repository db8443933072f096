package dev.pollux.engines;

import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.selectors.Selector;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/// Accepts the connections of one [Door], and survives a full descriptor table.
///
/// When the table is full the listening socket stays readable, so that a naive loop spins. A
/// reserve descriptor is held for that moment: it is given up, the waiting connection is accepted
/// with it and closed, which tells the peer at once, and the reserve is taken again. Then the door
/// rests for a while, and the trouble is reported once, until a connection can be accepted again.
/// At [Limits#connectionsMax()] the door rests too, but refuses nobody: the next wait in the
/// backlog.
///
/// Belongs to its loop's thread, but for [Listener]'s methods.
final class Acceptor implements Listener, Resting, ReadinessDriver.Source {
    /// Accepts in a row before the connections have their turn.
    private static final int ACCEPTS_PER_TURN = 64;

    private static final long REST_NANOS = 100_000_000;

    private final MultiplexedEngine engine;
    private final Loop loop;
    private final Door door;
    private final Supplier<? extends Protocol> protocols;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final TimerWheel.Entry rest = new TimerWheel.Entry(this::resume);

    /// Held for a full table; the JDK's channels do without.
    private final Reserve reserve = new Reserve();

    private boolean watched;
    private boolean full;
    private boolean done;

    Acceptor(
            MultiplexedEngine engine,
            Loop loop,
            Door door,
            Supplier<? extends Protocol> protocols) {
        this.engine = engine;
        this.loop = loop;
        this.door = door;
        this.protocols = protocols;
    }

    @Override
    public SocketAddress address() {
        return door.address();
    }

    /// Begins to accept.
    void open() throws ErrnoException {
        reopenReserve();
        watch();
    }

    private Selector<ReadinessDriver.Source> selector() {
        return ((ReadinessDriver) loop.driver()).selector();
    }

    private void watch() throws ErrnoException {
        if (!watched && !done) {
            selector().register(door.fileobj(), Selector.READ, this);
            watched = true;
        }
    }

    private void unwatch() {
        if (watched && selector().isOpen()) {
            selector().unregister(door.fileobj());
        }
        watched = false;
    }

    private void reopenReserve() {
        if (door instanceof SocketDoor) {
            reserve.take();
        }
    }

    @Override
    public void ready(int events) {
        for (int i = 0; i < ACCEPTS_PER_TURN && !done; i++) {
            if (engine.isFull()) {
                unwatch();
                engine.resting(this);
                return;
            }
            try {
                Wire wire = door.accept();
                if (wire == null) {
                    return;
                }
                full = false;
                engine.accepted(wire, protocols);
            } catch (IOException e) {
                if (!survives(e)) {
                    return;
                }
            }
        }
    }

    /// {@return whether the next connection can be tried at once}
    private boolean survives(IOException e) {
        int errno = e instanceof ErrnoException errnoException ? errnoException.errno() : 0;
        if (isPeersFault(errno)) {
            return true;
        }
        refuseOne();
        if (!full) {
            full = true;
            loop.trouble("cannot accept, waiting for a descriptor: " + e.getMessage(), e);
        }
        unwatch();
        loop.wheel().add(rest, REST_NANOS);
        return false;
    }

    /// accept(2): errors of the new connection, not of the table; try the next.
    static boolean isPeersFault(int errno) {
        return errno == Errno.ECONNABORTED || errno == Errno.EPROTO || errno == Errno.EINTR;
    }

    private void refuseOne() {
        if (!reserve.giveUp()) {
            reopenReserve();
            return;
        }
        try {
            Wire wire = door.accept();
            if (wire != null) {
                wire.close();
                engine.refused();
            }
        } catch (IOException _) {
            // Another thread was faster to take the descriptor: the connection stays in the
            // backlog.
        }
        reopenReserve();
    }

    /// Accepts again, after a rest.
    void resume() {
        try {
            watch();
        } catch (ErrnoException e) {
            loop.trouble("a door cannot be watched any more: " + e.getMessage(), e);
        }
    }

    @Override
    public void resumeSoon() {
        loop.hand(this::resume, 0);
    }

    @Override
    public void close() {
        if (loop.isCurrent()) {
            closeHere();
            return;
        }
        if (!loop.hand(this::closeHere, 0)) {
            closeHere(); // The loop has ended, so this thread may.
        }
        Uninterrupted.await(closed::await);
    }

    void closeHere() {
        if (done) {
            return;
        }
        done = true;
        unwatch();
        loop.wheel().remove(rest);
        door.close();
        reserve.giveUp();
        engine.closed(this);
        engine.forget(this);
        // The JDK closes a channel that was watched only in the selector's next wait.
        if (!loop.hand(closed::countDown, 0)) {
            closed.countDown();
        }
    }
}
