package dev.pollux.engines.nio2;

import dev.pollux.engines.Protocol;
import dev.pollux.engines.io.Wire;
import dev.pollux.engines.loop.Acceptor;
import dev.pollux.engines.loop.Doors;
import dev.pollux.engines.loop.Driver;
import dev.pollux.engines.loop.Loop;
import dev.pollux.engines.loop.LoopModel;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Loops that threads of the JDK receive for.
///
/// @param group those threads
public record Nio2Model(Nio2Group group) implements LoopModel {
    /// Loops, and as many threads of the JDK.
    public Nio2Model(int threads, Consumer<Thread> starter) {
        this(new Nio2Group(threads, starter));
    }

    @Override
    public String name() {
        return "nio2";
    }

    @Override
    public Driver driver(Loop loop) throws IOException {
        return group.driver(loop);
    }

    @Override
    public Acceptor bind(Doors doors, SocketAddress address, Supplier<? extends Protocol> protocols)
            throws IOException {
        return Nio2Acceptor.bind(doors, group, address, protocols);
    }

    @Override
    public Wire adopt(int fd) {
        throw LoopModel.knowsNoDescriptors(name(), fd);
    }

    @Override
    public boolean edges() {
        return false;
    }
}
