package dev.pollux.engines.blocking;

import java.util.ArrayList;
import java.util.List;

/// The groups one [BlockingConnection] is in. Any thread.
///
/// Who waits in a group goes on when nobody is behind any more: that calls a transport that may be
/// anybody's, and so no lock is held then.
final class BlockingMemberships {
    private final BlockingConnection connection;

    /// Guarded by itself.
    private final List<BlockingGroup> groups = new ArrayList<>(1);

    /// It is to be in no group any more. Guarded by `groups`.
    private boolean closed;

    /// It is behind, and whoever speaks in one of them waits for it. Guarded by `groups`.
    private boolean waitedFor;

    /// It fell behind while it was in none of them. Guarded by `groups`.
    private boolean behindAlone;

    BlockingMemberships(BlockingConnection connection) {
        this.connection = connection;
    }

    /// It is becoming a member.
    ///
    /// @return false when it is too late, or it is one already
    boolean add(BlockingGroup group) {
        synchronized (groups) {
            if (closed || !connection.isOpen() || groups.contains(group)) {
                return false;
            }
            if (waitedFor) {
                group.pace().fell();
            }
            return groups.add(group);
        }
    }

    /// It has become a member, and may have been behind before.
    void joined() {
        boolean falls;
        synchronized (groups) {
            falls = behindAlone;
        }
        if (falls) {
            connection.fellBehind();
        }
    }

    /// It is no member any more.
    void remove(BlockingGroup group) {
        boolean rises;
        synchronized (groups) {
            rises = groups.remove(group) && waitedFor;
        }
        if (rises) {
            group.pace().rose();
        }
    }

    /// It has fallen behind.
    ///
    /// @return false when nobody will wait for it, or somebody does already
    boolean waitFor() {
        synchronized (groups) {
            behindAlone = groups.isEmpty();
            if (waitedFor || behindAlone) {
                return false;
            }
            waitedFor = true;
            groups.forEach(group -> group.pace().fell());
            return true;
        }
    }

    boolean isWaitedFor() {
        synchronized (groups) {
            return waitedFor;
        }
    }

    /// It has caught up, or does not even try.
    void waitNoMore() {
        List<BlockingGroup> rising;
        synchronized (groups) {
            behindAlone = false;
            if (!waitedFor) {
                return;
            }
            rising = List.copyOf(groups);
            waitedFor = false;
        }
        rising.forEach(group -> group.pace().rose());
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
