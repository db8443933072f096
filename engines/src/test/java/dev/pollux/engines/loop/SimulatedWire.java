package dev.pollux.engines.loop;

import dev.pollux.descriptors.Descriptor;
import dev.pollux.engines.io.Wire;
import java.net.SocketAddress;

/// A simulated socket as a connection of a readiness model sees it: each call is a step.
final class SimulatedWire implements Wire, Descriptor {
    private final Simulation world;
    private final SimulatedSocket socket;
    private final boolean adopted;

    /// -1 once closed.
    private int fd;

    SimulatedWire(Simulation world, SimulatedSocket socket, boolean adopted) {
        this.world = world;
        this.socket = socket;
        this.adopted = adopted;
        this.fd = world.descriptors().open(socket);
    }

    private int step(String call, int result) {
        world.note(socket, call, result);
        world.baton().pass();
        return result;
    }

    @Override
    public Object fileobj() {
        return this;
    }

    @Override
    public int fd() {
        return fd;
    }

    @Override
    public int receive(long address, int size) {
        return step("recv", socket.receive(address, size));
    }

    @Override
    public int send(long address, int size) {
        return step("send", socket.send(address, size));
    }

    @Override
    public int sendGathered(long iov, int count) {
        return step("sendmsg", socket.sendGathered(iov, count));
    }

    @Override
    public int untaken() {
        return step("ioctl", socket.untaken());
    }

    @Override
    public boolean shutdownOutput() {
        boolean done = socket.shutdownOutput();
        step("shutdown", done ? 0 : -1);
        return done;
    }

    @Override
    public void resetOnClose() {
        socket.resetOnClose();
    }

    @Override
    public boolean isAdopted() {
        return adopted;
    }

    @Override
    public void close() {
        world.closes(socket);
        socket.close();
        world.descriptors().close(fd);
        fd = -1;
        step("close", 0);
    }

    @Override
    public SocketAddress peer() {
        return Simulation.addressOf(socket);
    }
}
