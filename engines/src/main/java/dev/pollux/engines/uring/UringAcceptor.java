package dev.pollux.engines.uring;

import dev.pollux.engines.Protocol;
import dev.pollux.engines.io.SocketDoor;
import dev.pollux.engines.loop.Acceptor;
import dev.pollux.engines.loop.Doors;
import dev.pollux.engines.loop.Loop;
import dev.pollux.engines.loop.Loops;
import dev.pollux.engines.shared.Uninterrupted;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A door of the `io_uring` model: every loop accepts for itself, through a [UringGate] of its own,
/// because a direct descriptor exists in one ring only. A gate whose loop has no place left is
/// *dry*; when all are, the engine gets one more loop.
///
/// At `Limits.connectionsMax()` what the gates have accepted already is kept aside until
/// connections end, in the order in which it came, and no gate accepts more.
final class UringAcceptor implements Acceptor {
    /// A connection that is one too many for now.
    private record Aside(UringGate gate, UringSocket socket) {}

    private final Doors doors;
    private final Loops loops;
    private final SocketDoor door;
    private final Supplier<? extends Protocol> protocols;
    private final Object lock = new Object();

    /// Those that are open. Guarded by `lock`.
    private final List<UringGate> gates = new ArrayList<>();

    /// Those of them that find no place in their loop's table. Guarded by `lock`.
    private final Set<UringGate> dry = new HashSet<>();

    /// The first so many loops have, or had, or will have a gate. Guarded by `lock`.
    private int reached;

    /// How many of those gates are not closed. Guarded by `lock`.
    private int left;

    /// Guarded by `lock`.
    private final ArrayDeque<Aside> aside = new ArrayDeque<>();

    /// Something is kept aside. Written under `lock`.
    private volatile boolean holding;

    /// Guarded by `lock`.
    private boolean closing;

    private final CountDownLatch closed = new CountDownLatch(1);

    UringAcceptor(Doors doors, SocketDoor door, Supplier<? extends Protocol> protocols) {
        this.doors = doors;
        this.loops = doors.loops();
        this.door = door;
        this.protocols = protocols;
    }

    @Override
    public void open() {
        extend();
    }

    /// Begins to accept on every loop that it does not accept on yet.
    @Override
    public void extend() {
        Loop[] all = loops.all();
        int from;
        synchronized (lock) {
            if (closing) {
                return;
            }
            from = reached;
            reached = Math.max(all.length, from);
            left += reached - from;
        }
        for (int i = from; i < all.length; i++) {
            Loop loop = all[i];
            if (!loop.hand(() -> openGate(loop), 0)) {
                gateClosed();
            }
        }
    }

    private void openGate(Loop loop) {
        UringGate gate = null;
        try {
            gate = newGate(loop);
        } catch (Throwable e) {
            loop.troubles().tell("a loop cannot accept at a door", e);
        }
        if (gate == null) {
            gateClosed();
        } else {
            gate.accept();
        }
    }

    private @Nullable UringGate newGate(Loop loop) {
        synchronized (lock) {
            if (closing) {
                return null;
            }
            UringGate gate = new UringGate(this, loop, (UringDriver) loop.driver());
            gates.add(gate);
            return gate;
        }
    }

    /// A gate has found no place in its loop's table. Idempotent.
    ///
    /// @throws IOException when all have found none, and no further loop can be opened
    void ranDry(UringGate gate) throws IOException {
        int known;
        synchronized (lock) {
            dry.add(gate);
            if (dry.size() < left) {
                return;
            }
            known = reached;
        }
        doors.grow(this, known);
    }

    /// A gate that ran dry accepts again.
    void flows(UringGate gate) {
        synchronized (lock) {
            dry.remove(gate);
        }
    }

    int fd() {
        return door.fd();
    }

    @Override
    public SocketAddress address() {
        return door.address();
    }

    /// {@return whether no more is to be accepted for now}
    boolean isHolding() {
        return holding;
    }

    /// A gate has a new connection; on its loop.
    void accepted(UringGate gate, UringSocket socket) {
        if (!holding && doors.admission().claim()) {
            doors.begin(gate.loop(), socket, protocols);
            return;
        }
        boolean first;
        synchronized (lock) {
            aside.add(new Aside(gate, socket));
            first = !holding;
            holding = true;
        }
        if (first) {
            doors.admission().rests(this);
        }
    }

    /// Connections have ended: as many as were kept aside begin, the first first.
    @Override
    public void resumeSoon() {
        List<Aside> begun = new ArrayList<>();
        List<UringGate> resumed = List.of();
        boolean still;
        synchronized (lock) {
            while (!aside.isEmpty() && doors.admission().claim()) {
                begun.add(aside.remove());
            }
            still = !aside.isEmpty();
            if (!still) {
                holding = false;
                resumed = List.copyOf(gates);
            }
        }
        begun.forEach(this::begin);
        for (UringGate gate : resumed) {
            gate.loop().hand(gate::accept, 0);
        }
        if (still) {
            doors.admission().rests(this);
        }
    }

    private void begin(Aside next) {
        Loop loop = next.gate().loop();
        if (!loop.hand(() -> doors.begin(loop, next.socket(), protocols), 0)) {
            doors.admission().left(); // It has ended with its loop.
        }
    }

    /// A gate ends: what it has accepted and nobody serves is closed; on its loop.
    void dropAside(UringGate gate) {
        List<Aside> dropped = new ArrayList<>();
        synchronized (lock) {
            aside.removeIf(one -> one.gate() == gate && dropped.add(one));
        }
        dropped.forEach(one -> one.socket().close());
    }

    @Override
    public void close() {
        List<UringGate> open = List.of();
        boolean last = false;
        synchronized (lock) {
            if (!closing) {
                closing = true;
                open = List.copyOf(gates);
                last = reached == 0;
            }
        }
        if (last) {
            closeDoor();
        }
        for (UringGate gate : open) {
            // A loop that has ended has closed its gate.
            gate.loop().hand(gate::end, 0);
        }
        if (!loops.isCurrent()) { // A loop has to do its part first.
            Uninterrupted.await(closed::await);
        }
    }

    /// A gate is closed.
    void closed(UringGate gate) {
        synchronized (lock) {
            gates.remove(gate);
            dry.remove(gate);
        }
        gateClosed();
    }

    /// The last one closes the door, on which no request is left.
    private void gateClosed() {
        boolean last;
        synchronized (lock) {
            last = --left == 0;
        }
        if (last) {
            closeDoor();
        }
    }

    private void closeDoor() {
        door.close();
        doors.closed(this);
        closed.countDown();
    }
}
