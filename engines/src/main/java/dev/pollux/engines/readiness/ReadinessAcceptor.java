package dev.pollux.engines.readiness;

import dev.pollux.engines.Protocol;
import dev.pollux.engines.io.Door;
import dev.pollux.engines.io.Reserve;
import dev.pollux.engines.io.SocketDoor;
import dev.pollux.engines.io.Wire;
import dev.pollux.engines.loop.Acceptor;
import dev.pollux.engines.loop.Doors;
import dev.pollux.engines.loop.Loop;
import dev.pollux.engines.loop.ReadySource;
import dev.pollux.engines.loop.TimerWheel;
import dev.pollux.engines.shared.AcceptTrouble;
import dev.pollux.engines.shared.Uninterrupted;
import dev.pollux.libc.ErrnoException;
import dev.pollux.selectors.Interest;
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
/// At `Limits.connectionsMax()` the door rests too, but refuses nobody: the next wait in the
/// backlog.
///
/// Belongs to its loop's thread, but for `Listener`'s methods.
public final class ReadinessAcceptor implements Acceptor, ReadySource {
    /// Accepts in a row before the connections have their turn.
    private static final int ACCEPTS_PER_TURN = 64;

    private final Doors doors;
    private final Loop loop;
    private final Door door;
    private final Supplier<? extends Protocol> protocols;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final TimerWheel.Entry rest = new TimerWheel.Entry(this::resume);

    private final AcceptTrouble trouble;

    /// Held for a full table; the JDK's channels do without.
    private final Reserve reserve = new Reserve();

    private boolean watched;
    private boolean done;

    public ReadinessAcceptor(Doors doors, Door door, Supplier<? extends Protocol> protocols) {
        this.doors = doors;
        this.loop = doors.loops().first();
        this.door = door;
        this.protocols = protocols;
        this.trouble = new AcceptTrouble(loop.troubles());
    }

    @Override
    public SocketAddress address() {
        return door.address();
    }

    @Override
    public void open() throws ErrnoException {
        reopenReserve();
        watch();
    }

    private ReadinessDriver driver() {
        return (ReadinessDriver) loop.driver();
    }

    private Selector<ReadySource> selector() {
        return driver().selector();
    }

    private void watch() throws ErrnoException {
        if (!watched && !done) {
            driver().register(door.fileobj(), Interest.level(Selector.READ), this);
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
        boolean more = true;
        for (int i = 0; more && i < ACCEPTS_PER_TURN && !done; i++) {
            if (doors.admission().isFull()) {
                unwatch();
                doors.admission().rests(this);
                return;
            }
            more = accept();
        }
    }

    /// {@return whether the next connection can be tried at once}
    private boolean accept() {
        try {
            Wire wire = door.accept();
            if (wire != null) {
                trouble.over();
                doors.accepted(wire, protocols);
            }
            return wire != null;
        } catch (Throwable e) {
            if (trouble.passesOver(e)) {
                return true;
            }
            if (AcceptTrouble.isTableFull(e)) {
                refuseOne();
            }
            rest(e);
            return false;
        }
    }

    @Override
    public void failed(Throwable e) {
        rest(e);
    }

    private void rest(Throwable e) {
        if (!done) {
            loop.wheel().add(rest, AcceptTrouble.REST_NANOS);
            trouble.rests(e);
            unwatch();
        }
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
                doors.admission().refused();
            }
        } catch (IOException | RuntimeException _) {
            // Another thread was faster to take the descriptor: the connection stays in the
            // backlog.
        }
        reopenReserve();
    }

    /// Accepts again, after a rest.
    void resume() {
        try {
            watch();
        } catch (Throwable e) {
            rest(e);
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
        loop.wheel().remove(rest);
        try {
            unwatch();
        } finally {
            door.close();
            reserve.giveUp();
            doors.closed(this);
        }
        // The JDK closes a channel that was watched only in the selector's next wait.
        boolean later = false;
        try {
            later = loop.hand(closed::countDown, 0);
        } finally {
            if (!later) {
                closed.countDown();
            }
        }
    }
}
