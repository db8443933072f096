package dev.pollux.engines.loop;

import dev.pollux.engines.Protocol;
import dev.pollux.engines.io.Wire;
import dev.pollux.engines.shared.Clock;
import java.net.SocketAddress;
import java.util.function.Supplier;

/// A completion model over the simulated kernel.
///
/// @param waits how its sockets send, see [CompletionWire]
record CompletionModel(Simulation world, boolean waits) implements LoopModel {
    CompletionModel {
        world.receivesEarly(CompletionWire.PIECES * world.receiveBytes());
    }

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public Driver driver(Loop loop) {
        return new CompletionDriver(world, loop);
    }

    @Override
    public Acceptor bind(
            Doors doors, SocketAddress address, Supplier<? extends Protocol> protocols) {
        SimulatedDoor door = new SimulatedDoor(world);
        world.opened(door);
        return new CompletionAcceptor(this, doors, door, protocols);
    }

    @Override
    public Wire adopt(int fd) {
        return new CompletionWire(world, world.connect(), true, waits);
    }

    @Override
    public Clock clock() {
        return world.baton();
    }

    @Override
    public boolean edges() {
        return false;
    }
}
