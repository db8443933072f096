package dev.pollux.engines.loop;

import dev.pollux.descriptors.Descriptor;
import dev.pollux.engines.io.Door;
import dev.pollux.engines.io.PeerAddress;
import dev.pollux.engines.io.Wire;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.selectors.Selector;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// A listening socket in the simulated kernel, and who waits there.
public final class SimulatedDoor implements Door, Descriptor, SimulatedPoller.Watched {
    private final Simulation world;
    private final ArrayDeque<SimulatedSocket> backlog = new ArrayDeque<>();

    /// -1 once closed.
    private int fd;

    public SimulatedDoor(Simulation world) {
        this.world = world;
        this.fd = world.descriptors().open(this);
    }

    /// Somebody connects.
    ///
    /// @return whether it is still open
    boolean connect(SimulatedSocket socket) {
        if (fd < 0) {
            return false;
        }
        backlog.add(socket);
        return true;
    }

    /// {@return whether nobody waits}
    public boolean isEmpty() {
        return backlog.isEmpty();
    }

    /// {@return who is next, null when nobody waits}
    ///
    /// @throws ErrnoException what goes wrong
    public @Nullable SimulatedSocket next() throws ErrnoException {
        world.require(fd >= 0, "a door is accepted at after its end");
        Chance chance = world.chance();
        fails(Fault.TABLE_FULL, chance.oneIn(2) ? Errno.EMFILE : Errno.ENFILE);
        fails(Fault.NO_MEMORY, chance.oneIn(2) ? Errno.ENOMEM : Errno.ENOBUFS);
        if (!backlog.isEmpty() && chance.strikes(Fault.NEWCOMER)) {
            backlog.remove().resetByPeer();
            world.doorFailed();
            throw new ErrnoException(
                    chance.oneIn(2) ? Errno.ECONNABORTED : Errno.EPROTO, "accept", fd);
        }
        return backlog.poll();
    }

    private void fails(Fault fault, int errno) throws ErrnoException {
        if (world.chance().strikes(fault)) {
            world.doorFailed();
            throw new ErrnoException(errno, "accept", fd);
        }
    }

    @Override
    public @Nullable Wire accept() throws ErrnoException {
        world.baton().pass();
        SimulatedSocket socket = next();
        world.note(this, "accept", socket == null ? -1 : socket.number);
        return socket == null ? null : new SimulatedWire(world, socket, false);
    }

    @Override
    public int ready() {
        return backlog.isEmpty() ? 0 : Selector.READ;
    }

    @Override
    public void watchedBy(SimulatedPoller.@Nullable Watch watch) {
        // Doors are watched level-triggered.
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
    public SocketAddress address() {
        return PeerAddress.NOBODY;
    }

    /// Who waits is reset.
    @Override
    public void close() {
        world.descriptors().close(fd);
        fd = -1;
        backlog.forEach(SimulatedSocket::resetByPeer);
        backlog.clear();
    }

    @Override
    public String toString() {
        return "door";
    }
}
