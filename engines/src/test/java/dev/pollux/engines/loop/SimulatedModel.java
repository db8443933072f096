package dev.pollux.engines.loop;

import dev.pollux.engines.Protocol;
import dev.pollux.engines.io.Wire;
import dev.pollux.engines.readiness.ReadinessAcceptor;
import dev.pollux.engines.readiness.ReadinessDriver;
import dev.pollux.engines.shared.Clock;
import dev.pollux.selectors.Selector;
import java.net.SocketAddress;
import java.util.function.Supplier;

/// The readiness models over the simulated kernel.
record SimulatedModel(Simulation world, boolean edges) implements LoopModel {
    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public Driver driver(Loop loop) {
        return new ReadinessDriver(
                loop, Selector.over(new SimulatedPoller(world, "loop " + loop.number())));
    }

    @Override
    public Acceptor bind(
            Doors doors, SocketAddress address, Supplier<? extends Protocol> protocols) {
        SimulatedDoor door = new SimulatedDoor(world);
        world.opened(door);
        return new ReadinessAcceptor(doors, door, protocols);
    }

    @Override
    public Wire adopt(int fd) {
        return new SimulatedWire(world, world.connect(), true);
    }

    @Override
    public Clock clock() {
        return world.baton();
    }
}
