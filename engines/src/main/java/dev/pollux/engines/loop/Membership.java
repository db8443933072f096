package dev.pollux.engines.loop;

import org.jspecify.annotations.Nullable;

/// One connection's place in one [GroupPart]. Belongs to the loop's thread.
final class Membership {
    final GroupPart part;
    final Connection connection;

    /// Its place in the part's table.
    int index;

    /// The next group of the same connection.
    @Nullable Membership next;

    /// Whoever speaks in the group waits for it.
    private boolean waitedFor;

    Membership(GroupPart part, Connection connection) {
        this.part = part;
        this.connection = connection;
    }

    void waitFor() {
        if (!waitedFor) {
            waitedFor = true;
            part.pace().fell();
        }
    }

    void waitNoMore() {
        if (waitedFor) {
            waitedFor = false;
            part.pace().rose();
        }
    }

    /// It has become a member, and may have been behind before.
    static void joined(Connection connection) {
        if (connection.sendQueue().isHigh()) {
            connection.deadlines().fellBehind();
        }
    }

    /// More is queued for a connection than the high mark.
    static void fellBehind(Connection connection) {
        if (connection.memberships != null) {
            connection.deadlines().fellBehind();
        }
    }

    /// Puts the broadcasts made before this moment in front of what a connection writes now.
    ///
    /// @param first its groups, null for none
    static void catchUp(@Nullable Membership first) {
        for (Membership m = first; m != null; m = m.next) {
            m.part.catchUp(m);
        }
    }

    /// Ends all memberships of a connection.
    static void leaveAll(Connection connection) {
        for (Membership m = connection.memberships; m != null; m = connection.memberships) {
            m.part.remove(m);
        }
    }
}
