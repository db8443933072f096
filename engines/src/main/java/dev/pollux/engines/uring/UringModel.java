package dev.pollux.engines.uring;

import dev.pollux.engines.Protocol;
import dev.pollux.engines.io.SocketDoor;
import dev.pollux.engines.io.Wire;
import dev.pollux.engines.loop.Acceptor;
import dev.pollux.engines.loop.AdoptedWire;
import dev.pollux.engines.loop.Doors;
import dev.pollux.engines.loop.Driver;
import dev.pollux.engines.loop.Loop;
import dev.pollux.engines.loop.LoopModel;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.function.Supplier;

/// Loops whose rings receive and send by themselves. Each accepts for itself; when the tables of
/// all are full, one more is opened.
///
/// @param drivers makes the ring of each loop
public record UringModel(Driver.Opening drivers) implements LoopModel {
    /// Loops with rings of the usual size.
    public UringModel() {
        this(loop -> new UringDriver(loop, RingSizes.DEFAULT));
    }

    @Override
    public String name() {
        return "io_uring";
    }

    @Override
    public Driver driver(Loop loop) throws IOException {
        return drivers.open(loop);
    }

    @Override
    public Acceptor bind(Doors doors, SocketAddress address, Supplier<? extends Protocol> protocols)
            throws IOException {
        int backlog = doors.loops().first().limits().backlog();
        return new UringAcceptor(doors, SocketDoor.open(address, backlog, false), protocols);
    }

    @Override
    public Wire adopt(int fd) {
        return new AdoptedWire(fd);
    }

    @Override
    public boolean edges() {
        return false;
    }
}
