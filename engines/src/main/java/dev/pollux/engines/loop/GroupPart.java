package dev.pollux.engines.loop;

import dev.pollux.engines.io.CountedBytes;
import dev.pollux.engines.shared.Pace;
import dev.pollux.libc.Memory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A group's members on one loop, and what has been broadcast to them in this turn.
///
/// The turn's broadcasts are gathered once, one behind the other. At the end of the turn each
/// member gets them with one send straight from there; `from` tells where a member begins: at 0, or
/// later when it joined, or wrote something itself, in the middle of the turn. Members that cannot
/// take everything share one exact copy of the turn.
///
/// Belongs to the loop's thread, but for [#size()].
final class GroupPart {
    /// A turn with more than this is sent at once, so that its memory stays bounded.
    private static final int TURN_BYTES_MAX = 256 * 1024;

    private static final int TURN_BYTES_FIRST = 16 * 1024;

    private final Loop loop;
    private final Pace pace;

    /// The members, dense up to `size`.
    private @Nullable Membership[] members = new @Nullable Membership[8];

    /// How much of this turn each member already has, or is not to have, in bytes.
    private int[] from = new int[8];

    private volatile int size;

    /// This turn's broadcasts; 0 and null before the first.
    private long address;

    private int capacity;
    private @Nullable ByteBuffer view;
    private int gathered;

    /// Some `from` is not 0.
    private boolean ragged;

    /// The copy that slow members share, or that of an earlier turn; null when there was none yet.
    private @Nullable CountedBytes shared;

    /// It is this turn's: made when the first member needs it.
    private boolean isShared;

    GroupPart(Loop loop, Pace pace) {
        this.loop = loop;
        this.pace = pace;
    }

    Pace pace() {
        return pace;
    }

    int size() {
        return size;
    }

    long address() {
        return address;
    }

    /// {@return the copy of this turn's bytes that slow members share; they retain it themselves}
    CountedBytes shared() {
        CountedBytes copy = shared;
        if (isShared && copy != null) {
            return copy;
        }
        isShared = true;
        if (copy == null || !copy.refill(address, gathered)) {
            forgetShared();
            copy = loop.segments().copyOf(address, gathered);
            shared = copy;
        }
        return copy;
    }

    private void forgetShared() {
        if (shared != null) {
            loop.segments().release(shared);
            shared = null;
        }
    }

    void add(Connection connection) {
        if (!connection.isOpen() || find(connection) != null) {
            return;
        }
        Membership membership = new Membership(this, connection);
        int index = size;
        if (index == members.length) {
            // Both grow, or none for want of memory.
            int[] moreFrom = Arrays.copyOf(from, 2 * index);
            members = Arrays.copyOf(members, 2 * index);
            from = moreFrom;
        }
        membership.index = index;
        members[index] = membership;
        from[index] = gathered;
        ragged |= gathered > 0;
        size = index + 1;
        membership.next = connection.memberships;
        connection.memberships = membership;
        Membership.joined(connection);
    }

    /// The same as a change made by the loop, whose failure is that connection's.
    void addPosted(Connection connection) {
        try {
            add(connection);
        } catch (Throwable e) {
            connection.failed(e);
        }
    }

    private @Nullable Membership find(Connection connection) {
        Membership membership = connection.memberships;
        while (membership != null && membership.part != this) {
            membership = membership.next;
        }
        return membership;
    }

    /// Removes a member, if it is one; it still gets the broadcasts made before.
    void remove(Connection connection) {
        Membership membership = find(connection);
        if (membership != null) {
            remove(membership);
        }
    }

    /// Removes a member, which still gets the broadcasts made before.
    void remove(Membership membership) {
        catchUp(membership);
        unlink(membership);
        int last = size - 1;
        Membership moved = Objects.requireNonNull(members[last]);
        members[membership.index] = moved;
        from[membership.index] = from[last];
        moved.index = membership.index;
        members[last] = null;
        size = last;
        if (last == 0) {
            close();
        }
        membership.waitNoMore(); // Calls whom this is none of.
    }

    private static void unlink(Membership membership) {
        Connection connection = membership.connection;
        if (connection.memberships == membership) {
            connection.memberships = membership.next;
            return;
        }
        Membership before = Objects.requireNonNull(connection.memberships);
        while (before.next != membership) {
            before = Objects.requireNonNull(before.next);
        }
        before.next = membership.next;
    }

    /// Moves what a member has not got of this turn into its own queue.
    void catchUp(Membership membership) {
        int have = from[membership.index];
        if (have < gathered) {
            from[membership.index] = gathered;
            ragged = true;
            Connection member = membership.connection;
            if (member.isOpen()) {
                append(member, address + have, gathered - have);
            }
        }
    }

    private static void append(Connection member, long from, int bytes) {
        try {
            member.sendQueue().append(from, bytes);
            member.list();
        } catch (Throwable e) {
            member.failed(e);
        }
    }

    /// Adds a broadcast to the turn.
    ///
    /// @param bytes what everybody gets; consumed
    /// @param except who does not, null for nobody
    void broadcast(ByteBuffer bytes, @Nullable Connection except) {
        int length = bytes.remaining();
        if (size == 0 || length == 0) {
            bytes.position(bytes.limit());
            return;
        }
        if (gathered > 0 && length > TURN_BYTES_MAX - gathered) {
            flush();
        }
        Membership left = except == null ? null : find(except);
        if (left != null) {
            catchUp(left);
        }
        ensureRoom(length);
        if (gathered == 0) {
            loop.talks(this);
        }
        Objects.requireNonNull(view).put(gathered, bytes, bytes.position(), length);
        bytes.position(bytes.limit());
        gathered += length;
        if (left != null) {
            from[left.index] = gathered;
            ragged = true;
        }
    }

    /// The same as a change made by the loop: where there is no memory for it, nobody here would
    /// get it, and so all are reset.
    void broadcastPosted(CountedBytes bytes, @Nullable Connection except) {
        try {
            broadcast(bytes.view(), except);
        } catch (Throwable e) {
            for (int i = 0; i < size; i++) {
                Objects.requireNonNull(members[i]).connection.failed(e);
            }
        }
    }

    private void ensureRoom(int length) {
        int needed = gathered + length;
        if (needed <= capacity) {
            return;
        }
        int power = Integer.highestOneBit(needed - 1) << 1;
        int larger = power < 0 ? needed : Math.max(TURN_BYTES_FIRST, power);
        long fresh = Memory.allocate(larger);
        if (address != 0) {
            Memory.copy(address, fresh, gathered);
            Memory.free(address);
        }
        address = fresh;
        capacity = larger;
        view = Memory.buffer(fresh, larger);
    }

    /// Sends the turn's broadcasts to the members.
    void flush() {
        int bytes = gathered;
        if (bytes == 0) {
            return;
        }
        for (int i = 0; i < size; i++) {
            int have = from[i];
            if (have < bytes) {
                Connection member = Objects.requireNonNull(members[i]).connection;
                try {
                    member.sendQueue().sendOrAppend(this, have, bytes - have);
                } catch (Throwable e) {
                    member.failed(e);
                }
            }
        }
        gathered = 0;
        if (ragged) {
            Arrays.fill(from, 0, size, 0);
            ragged = false;
        }
        isShared = false;
        if (bytes > TURN_BYTES_FIRST) {
            forgetShared();
        }
        if (capacity > TURN_BYTES_MAX) {
            close();
        }
    }

    /// Gives the memory back, and what it holds up.
    private void close() {
        gathered = 0;
        isShared = false;
        forgetShared();
        if (address != 0) {
            Memory.free(address);
        }
        address = 0;
        capacity = 0;
        view = null;
    }
}
