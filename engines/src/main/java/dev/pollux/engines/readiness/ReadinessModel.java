package dev.pollux.engines.readiness;

import dev.pollux.engines.IdleStrategy;
import dev.pollux.engines.Protocol;
import dev.pollux.engines.io.ChannelDoor;
import dev.pollux.engines.io.Door;
import dev.pollux.engines.io.SocketDoor;
import dev.pollux.engines.io.Wire;
import dev.pollux.engines.loop.Acceptor;
import dev.pollux.engines.loop.AdoptedWire;
import dev.pollux.engines.loop.Doors;
import dev.pollux.engines.loop.Driver;
import dev.pollux.engines.loop.Loop;
import dev.pollux.engines.loop.LoopModel;
import dev.pollux.selectors.Mechanism;
import dev.pollux.selectors.Selector;
import dev.pollux.selectors.SigioPoller;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.function.Supplier;

/// Loops that are told what is ready, and then receive and send by themselves.
///
/// @param name of the model
/// @param drivers makes what each loop waits with
/// @param edges whether it tells of changes only
/// @param channels whether it watches the JDK's channels, and knows no descriptors
public record ReadinessModel(String name, Driver.Opening drivers, boolean edges, boolean channels)
        implements LoopModel {
    /// {@return loops that wait in a selector}
    public static ReadinessModel selecting(String name, Mechanism mechanism, boolean edges) {
        Driver.Opening drivers = loop -> new ReadinessDriver(loop, mechanism.open());
        return new ReadinessModel(name, drivers, edges, mechanism == Mechanism.NIO);
    }

    /// {@return loops that are sent a signal by what is ready}
    public static ReadinessModel signalled(String name) {
        Driver.Opening drivers = loop -> new ReadinessDriver(loop, SigioPoller.open());
        return new ReadinessModel(name, drivers, true, false);
    }

    /// {@return loops that wait for nothing: everything is ready, again and again}
    public static ReadinessModel polling(String name, IdleStrategy idle) {
        Driver.Opening drivers =
                loop -> {
                    BusyPoller poller = new BusyPoller(idle);
                    poller.judgeBy(loop::progress);
                    return new ReadinessDriver(loop, Selector.over(poller));
                };
        return new ReadinessModel(name, drivers, false, false);
    }

    @Override
    public Driver driver(Loop loop) throws IOException {
        return drivers.open(loop);
    }

    @Override
    public Acceptor bind(Doors doors, SocketAddress address, Supplier<? extends Protocol> protocols)
            throws IOException {
        int backlog = doors.loops().first().limits().backlog();
        Door door =
                channels
                        ? ChannelDoor.open(address, backlog, false)
                        : SocketDoor.open(address, backlog, false);
        return new ReadinessAcceptor(doors, door, protocols);
    }

    @Override
    public Wire adopt(int fd) {
        if (channels) {
            throw LoopModel.knowsNoDescriptors(name, fd);
        }
        return new AdoptedWire(fd);
    }
}
