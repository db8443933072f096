package dev.pollux.engines.uring;

import dev.pollux.engines.Protocol;
import dev.pollux.engines.io.SocketDoor;
import dev.pollux.engines.io.Wire;
import dev.pollux.engines.loop.Acceptor;
import dev.pollux.engines.loop.Chance;
import dev.pollux.engines.loop.Doors;
import dev.pollux.engines.loop.Driver;
import dev.pollux.engines.loop.Loop;
import dev.pollux.engines.loop.LoopModel;
import dev.pollux.engines.loop.SimulatedDoor;
import dev.pollux.engines.loop.Simulation;
import dev.pollux.engines.shared.Clock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Supplier;

/// The `io_uring` model over rings that the simulated kernel serves. The rings are real, but never
/// entered; and so is the listening socket, for the sake of its number.
record SimulatedRings(Simulation world, RingSizes sizes) implements LoopModel {
    SimulatedRings {
        world.receivesEarly(sizes.receiveBytes());
    }

    SimulatedRings(Simulation world) {
        this(world, sizes(world.chance()));
    }

    /// Small enough to be full now and then.
    private static RingSizes sizes(Chance chance) {
        return new RingSizes(
                chance.oneOf(4, 16, 64),
                chance.oneOf(64, 256),
                chance.oneOf(2, 8, 32),
                chance.oneOf(256, 2048),
                chance.oneOf(2, 8),
                chance.oneOf(256, 4096),
                chance.oneOf(2, 6, 100));
    }

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public Driver driver(Loop loop) throws IOException {
        return new UringDriver(loop, sizes, new SimulatedRing(world, "a ring"));
    }

    @Override
    public Acceptor bind(Doors doors, SocketAddress address, Supplier<? extends Protocol> protocols)
            throws IOException {
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        SocketDoor door = SocketDoor.open(anywhere, 1, false);
        world.opened(new SimulatedDoor(world));
        return new UringAcceptor(doors, door, protocols);
    }

    @Override
    public Wire adopt(int fd) {
        throw LoopModel.knowsNoDescriptors(name(), fd);
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
