package dev.pollux.engines.loop;

import dev.pollux.engines.Protocol;
import dev.pollux.engines.shared.AcceptTrouble;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.function.Supplier;

/// Accepts by completions at a simulated door: on its first loop, for all. Now and then all loops
/// are full, and there is one more.
final class CompletionAcceptor implements Acceptor {
    private static final int LOOPS_MOST = 5;

    private final CompletionModel model;
    private final Doors doors;
    private final SimulatedDoor door;
    private final Supplier<? extends Protocol> protocols;
    private final Loop loop;
    private final TimerWheel.Entry rest = new TimerWheel.Entry(this::accept);

    /// Waits for a connection to end.
    private boolean resting;

    private boolean open;

    CompletionAcceptor(
            CompletionModel model,
            Doors doors,
            SimulatedDoor door,
            Supplier<? extends Protocol> protocols) {
        this.model = model;
        this.doors = doors;
        this.door = door;
        this.protocols = protocols;
        this.loop = doors.loops().first();
    }

    @Override
    public SocketAddress address() {
        return door.address();
    }

    @Override
    public void open() {
        open = true;
        accept();
    }

    /// The kernel tells when somebody has come.
    private void accept() {
        resting = false;
        if (open) {
            ((CompletionDriver) loop.driver()).whenReady(door, this::accepts);
        }
    }

    private void accepts() {
        if (!open || rest.isWaiting() || resting) {
            return;
        }
        if (doors.admission().isFull()) {
            model.world().baton().pass(); // Meanwhile the last may leave.
            resting = true;
            doors.admission().rests(this);
            return;
        }
        try {
            acceptOne();
            accept();
        } catch (Throwable _) {
            loop.wheel().add(rest, AcceptTrouble.REST_NANOS);
        }
    }

    private void acceptOne() throws IOException {
        int loops = doors.loops().count();
        if (loops < LOOPS_MOST && model.world().chance().strikes(Fault.FULL_LOOPS)) {
            doors.grow(this, loops);
        }
        SimulatedSocket socket = door.next();
        if (socket != null) {
            model.world().note(door, "accepted", socket.number);
            model.world().baton().pass();
            doors.accepted(
                    new CompletionWire(model.world(), socket, false, model.waits()), protocols);
        }
    }

    @Override
    public void resumeSoon() {
        loop.hand(this::accept, 0);
    }

    /// Called by the loop's own thread only.
    @Override
    public void close() {
        if (open) {
            open = false;
            loop.wheel().remove(rest);
            door.close();
            doors.closed(this);
        }
    }
}
