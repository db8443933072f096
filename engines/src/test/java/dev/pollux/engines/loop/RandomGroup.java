package dev.pollux.engines.loop;

import dev.pollux.engines.Group;
import java.nio.ByteBuffer;
import java.util.ArrayList;

/// A group of a simulation, and who is a member by the calls that were made.
///
/// Each call is made in one step, so their order is the group's: but where the one loop there is
/// makes its own broadcasts at once, before what others have posted.
final class RandomGroup {
    private final Simulation world;
    final Group group;
    private final ArrayList<RandomProtocol> members = new ArrayList<>();

    /// Whether the order of the calls is the order of what is received.
    boolean exact = true;

    RandomGroup(Simulation world, Group group) {
        this.world = world;
        this.group = group;
    }

    void join(RandomProtocol protocol) {
        change();
        if (!members.contains(protocol)) {
            members.add(protocol);
        }
        group.join(protocol.connection());
        world.baton().release();
    }

    void leave(RandomProtocol protocol) {
        change();
        members.remove(protocol);
        group.leave(protocol.connection());
        world.baton().release();
    }

    void broadcast(RandomProtocol speaker) {
        world.awaitCaughtUp();
        change();
        RandomProtocol except = world.chance().oneIn(3) ? speaker : null;
        Frame frame = world.write(this);
        for (RandomProtocol member : members) {
            if (member != except) {
                Connection to = member.connection();
                member.correspondence().wrote(frame, to.loop().isCurrent() && to.isOpen());
            }
        }
        group.broadcast(
                ByteBuffer.wrap(frame.bytes()), except == null ? null : except.connection());
        world.baton().release();
    }

    /// One change is made in one step: the group has a lock.
    private void change() {
        world.baton().hold();
        if (world.loops() == 1 && world.source() != 0) {
            exact = false;
        }
    }
}
