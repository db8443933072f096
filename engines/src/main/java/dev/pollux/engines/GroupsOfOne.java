package dev.pollux.engines;

import java.util.ArrayList;
import java.util.List;

/// The groups one [BlockingConnection] is in. Any thread.
final class GroupsOfOne {
    private final BlockingConnection connection;

    /// Guarded by itself.
    private final List<BlockingGroup> groups = new ArrayList<>(1);

    /// It is to be in no group any more. Guarded by `groups`.
    private boolean closed;

    GroupsOfOne(BlockingConnection connection) {
        this.connection = connection;
    }

    /// It is becoming a member.
    ///
    /// @return false when it is too late, or it is one already
    boolean add(BlockingGroup group) {
        synchronized (groups) {
            return !closed && connection.isOpen() && !groups.contains(group) && groups.add(group);
        }
    }

    /// It is no member any more.
    void remove(BlockingGroup group) {
        synchronized (groups) {
            groups.remove(group);
        }
    }

    /// Ends all memberships, for ever.
    void leaveAll() {
        List<BlockingGroup> last;
        synchronized (groups) {
            closed = true;
            last = List.copyOf(groups);
        }
        for (BlockingGroup group : last) {
            group.leave(connection);
        }
    }
}
