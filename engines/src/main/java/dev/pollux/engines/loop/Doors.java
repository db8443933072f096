package dev.pollux.engines.loop;

import dev.pollux.engines.Listener;
import dev.pollux.engines.Protocol;
import dev.pollux.engines.io.Wire;
import dev.pollux.engines.shared.Recipient;
import dev.pollux.engines.shared.Troubles;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/// The open doors of an engine with loops, and the way in: the accepted are dealt out to the loops
/// in turn, and stay there for life.
public final class Doors {
    private final LoopModel model;
    private final Loops loops;
    private final Admission admission;
    private final Troubles troubles;
    private final List<Acceptor> open = new CopyOnWriteArrayList<>();

    /// The loop that gets the next connection; the first loop's own.
    private int next;

    Doors(LoopModel model, Loops loops, Admission admission, Troubles troubles) {
        this.model = model;
        this.loops = loops;
        this.admission = admission;
        this.troubles = troubles;
    }

    public Loops loops() {
        return loops;
    }

    public Admission admission() {
        return admission;
    }

    /// A door is about to open.
    void add(Acceptor door) {
        open.add(door);
    }

    /// A door has closed.
    public void closed(Acceptor door) {
        open.remove(door);
        admission.forget(door);
    }

    void closeAll() {
        open.forEach(Listener::close);
    }

    /// A door has a new connection; called on the first loop.
    public void accepted(Wire wire, Supplier<? extends Protocol> protocols) {
        admission.admit();
        Loop loop = loops.all()[next];
        next = next + 1 == loops.count() ? 0 : next + 1;
        if (loop.isCurrent()) {
            begin(loop, wire, protocols);
            return;
        }
        boolean handed = false;
        try {
            handed = loop.hand(() -> begin(loop, wire, protocols), 0);
        } finally {
            if (!handed) {
                wire.close();
                admission.left();
            }
        }
    }

    /// A connection that counts begins; called on its loop. Throws nothing: what fails costs that
    /// connection.
    public void begin(Loop loop, Wire wire, Supplier<? extends Protocol> protocols) {
        try {
            Protocol protocol = Recipient.of(protocols);
            loop.open(wire, protocol, model.edges());
        } catch (Throwable e) {
            wire.close();
            admission.left();
            troubles.tell("a protocol could not be made, its connection is closed", e);
        }
    }

    /// All loops that a door knows of are full: opens one more, for every door, but first for that.
    ///
    /// @param known how many it knows of
    /// @throws IOException when there is no descriptor, memory or thread for it
    public void grow(Acceptor asking, int known) throws IOException {
        if (!admission.isFull() && loops.grow(known)) {
            asking.extend();
            open.forEach(Acceptor::extend);
        }
    }
}
