package dev.pollux.engines;

import java.io.IOException;
import java.net.SocketAddress;
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
final class UringAcceptor implements Listener {
    private final MultiplexedEngine engine;
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
    private boolean closing;

    private final CountDownLatch closed = new CountDownLatch(1);

    UringAcceptor(
            MultiplexedEngine engine,
            Loops loops,
            SocketDoor door,
            Supplier<? extends Protocol> protocols) {
        this.engine = engine;
        this.loops = loops;
        this.door = door;
        this.protocols = protocols;
    }

    /// Begins to accept on every loop that it does not accept on yet.
    void extend() {
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
        UringGate gate = newGate(loop);
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
        engine.grow(known);
    }

    /// A gate that ran dry accepts again.
    void flows(UringGate gate) {
        synchronized (lock) {
            dry.remove(gate);
        }
    }

    MultiplexedEngine engine() {
        return engine;
    }

    int fd() {
        return door.fd();
    }

    @Override
    public SocketAddress address() {
        return door.address();
    }

    /// A gate has a new connection.
    void begin(Loop loop, UringSocket socket) {
        engine.begin(loop, socket, protocols);
    }

    @Override
    public void close() {
        List<UringGate> open = List.of();
        synchronized (lock) {
            if (!closing) {
                closing = true;
                open = List.copyOf(gates);
            }
        }
        for (UringGate gate : open) {
            // A loop that has ended has closed its gate.
            gate.loop().hand(gate::end, 0);
        }
        if (!loops.isCurrent()) { // A loop has to do its part first.
            Acceptor.awaitUninterruptibly(closed);
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
            door.close();
            engine.closed(this);
            closed.countDown();
        }
    }
}
