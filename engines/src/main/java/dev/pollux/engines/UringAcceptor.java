package dev.pollux.engines;

import java.net.SocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A door of the `io_uring` model: every loop accepts for itself, through a [UringGate] of its own,
/// because a direct descriptor exists in one ring only.
final class UringAcceptor implements Listener {
    private final MultiplexedEngine engine;
    private final Loop[] loops;
    private final SocketDoor door;
    private final Supplier<? extends Protocol> protocols;

    /// One for each loop, each its loop's own.
    private final @Nullable UringGate[] gates;

    /// Gates that are not closed yet, or not even open.
    private final AtomicInteger left;

    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);

    UringAcceptor(
            MultiplexedEngine engine,
            Loop[] loops,
            SocketDoor door,
            Supplier<? extends Protocol> protocols) {
        this.engine = engine;
        this.loops = loops;
        this.door = door;
        this.protocols = protocols;
        this.gates = new @Nullable UringGate[loops.length];
        this.left = new AtomicInteger(loops.length);
    }

    /// Begins to accept.
    void open() {
        for (int i = 0; i < loops.length; i++) {
            int index = i;
            if (!loops[i].hand(() -> open(index), 0)) {
                gateClosed();
            }
        }
    }

    private void open(int index) {
        if (closing.get()) {
            gateClosed();
            return;
        }
        Loop loop = loops[index];
        UringGate gate = new UringGate(this, loop, (UringDriver) loop.driver());
        gates[index] = gate;
        gate.accept();
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
        if (closing.compareAndSet(false, true)) {
            for (int i = 0; i < loops.length; i++) {
                int index = i;
                // A loop that has ended has closed its gate.
                loops[i].hand(() -> close(index), 0);
            }
        }
        for (Loop loop : loops) {
            if (loop.isCurrent()) {
                return; // It has to do its part first.
            }
        }
        Acceptor.awaitUninterruptibly(closed);
    }

    private void close(int index) {
        UringGate gate = gates[index];
        if (gate != null) {
            gate.end();
        }
    }

    /// A gate is closed: the last one closes the door, on which no request is left.
    void gateClosed() {
        if (left.decrementAndGet() == 0) {
            door.close();
            engine.closed(this);
            closed.countDown();
        }
    }
}
