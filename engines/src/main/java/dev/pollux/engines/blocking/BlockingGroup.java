package dev.pollux.engines.blocking;

import dev.pollux.engines.Group;
import dev.pollux.engines.Transport;
import dev.pollux.engines.io.CountedBytes;
import dev.pollux.engines.shared.Pace;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The group of a [BlockingEngine].
///
/// A broadcast is one copy of the bytes, queued by reference with every member under the group's
/// lock: so all members get all broadcasts in one order. Nobody sends under the lock. A broadcast
/// made in a callback leaves at its end, like everything that is written there, or before when much
/// has come together.
final class BlockingGroup implements Group {
    private final BlockingEngine engine;
    private final Pace pace = new Pace();

    /// In the order of their joining. Guarded by itself, which is the group's lock.
    private final Set<BlockingConnection> members = new LinkedHashSet<>();

    BlockingGroup(BlockingEngine engine) {
        this.engine = engine;
    }

    Pace pace() {
        return pace;
    }

    private BlockingConnection member(Transport transport) {
        if (transport instanceof BlockingConnection connection && connection.engine() == engine) {
            return connection;
        }
        throw new IllegalArgumentException("the transport belongs to another engine");
    }

    @Override
    public void join(Transport transport) {
        BlockingConnection connection = member(transport);
        synchronized (members) {
            if (connection.groups().add(this)) {
                members.add(connection);
            }
        }
        connection.groups().joined();
    }

    @Override
    public void leave(Transport transport) {
        BlockingConnection connection = member(transport);
        synchronized (members) {
            members.remove(connection);
        }
        connection.groups().remove(this);
    }

    @Override
    public void broadcast(ByteBuffer bytes, @Nullable Transport except) {
        if (!bytes.hasRemaining()) {
            return;
        }
        CountedBytes shared = CountedBytes.countedOnce(bytes);
        engine.segments().count(shared);
        try {
            for (BlockingConnection member : queue(shared, except)) {
                member.writtenByGroup();
            }
        } finally {
            engine.segments().release(shared);
            engine.holdings().check();
        }
    }

    /// Queues bytes with all members but one.
    ///
    /// @return all members
    private List<BlockingConnection> queue(CountedBytes shared, @Nullable Transport except) {
        synchronized (members) {
            List<BlockingConnection> all = List.copyOf(members);
            for (BlockingConnection member : all) {
                if (member != except) {
                    member.queueForGroup(shared);
                }
            }
            return all;
        }
    }

    @Override
    public boolean isBehind() {
        return pace.isBehind();
    }

    @Override
    public void whenCaughtUp(Transport speaker, Runnable task) {
        pace.await(speaker, task);
    }

    @Override
    public int size() {
        synchronized (members) {
            return members.size();
        }
    }
}
