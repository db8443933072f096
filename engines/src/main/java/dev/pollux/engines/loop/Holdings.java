package dev.pollux.engines.loop;

import dev.pollux.engines.DisconnectedException;
import dev.pollux.engines.io.SegmentPool;
import java.util.function.Supplier;

/// What the connections of one loop hold together: what is queued for their peers, what their
/// protocols left unread, and what other threads have handed over. Where all loops hold more than
/// their [Budget], the one that holds the most cuts off the connections that do.
///
/// Belongs to the loop's thread, but for the figures, which others may read a little late.
public final class Holdings {
    /// The greediest may hold what others hold as well, so that little comes free with them: each
    /// round cuts off twice as much as the one before.
    private static final int ROUNDS = 20;

    private final Loop loop;
    private final Supplier<Budget> budget;
    private final SegmentPool segments;
    private final TaskQueue tasks;

    /// Above this, it is asked what all loops hold: so much it was given. Others may take it back.
    private volatile long askAt;

    /// Of what is held, what those hold that were cut off and are not gone yet. Written by the loop
    /// behind the change of what is held, and read by others before it: so what has gone is never
    /// taken for what remains.
    private volatile long leaving;

    /// Makes them.
    ///
    /// @param budget is asked once the loop runs
    Holdings(Loop loop, Supplier<Budget> budget, SegmentPool segments, TaskQueue tasks) {
        this.loop = loop;
        this.budget = budget;
        this.segments = segments;
        this.tasks = tasks;
    }

    /// {@return how many bytes are held}
    long bytes() {
        return segments.used() + tasks.carried();
    }

    /// {@return how many bytes are held by those that are not leaving}
    long remaining() {
        long gone = leaving;
        return Math.max(bytes() - gone, 0);
    }

    /// {@return how many bytes are held, or may be before it is asked again}
    long given() {
        return Math.max(askAt, bytes());
    }

    /// {@return whether more may be handed over for a connection; any thread} As long as it is no
    /// more than an equal part it may in any case, and the loop cuts off who holds the most.
    ///
    /// @param onTheWay how many bytes that would be for this connection
    /// @param more how many of them are new
    boolean mayHandOver(long onTheWay, long more) {
        Budget all = budget.get();
        return all.room() >= more || onTheWay <= all.equalPart();
    }

    /// {@return what other threads hand over to the loop}
    public TaskQueue tasks() {
        return tasks;
    }

    /// At the end of a turn: cuts off who holds the most, if that must be. As long as it is too
    /// much it is asked in each turn, as those that were cut off leave by and by, and others come
    /// meanwhile.
    ///
    /// @param connections the loop's
    void check(Connections connections) {
        if (bytes() <= askAt) {
            return;
        }
        Budget all = budget.get();
        if (leaving > 0) {
            countLeaving(connections);
        }
        if (all.room() >= 0) {
            askAt = leaving > 0 ? -1 : bytes() + all.part(this);
            if (all.isOverdrawn()) {
                askAt = -1; // Another loop asked at the same moment, or has asked for it back.
            }
            return;
        }
        askAt = -1;
        relieve(all, connections);
    }

    /// Takes back what was given: it asks in its next turn; any thread.
    void askAgain() {
        askAt = -1;
    }

    private void relieve(Budget all, Connections connections) {
        countLeaving(connections);
        boolean goOn = all.isExceeded();
        for (int round = 0; round < ROUNDS && goOn; round++) {
            goOn = relieve(all, connections, round);
            loop.settle();
            countLeaving(connections);
            goOn &= all.excess() > 0;
        }
    }

    /// One round, if nobody else is at it and it is for this loop to do.
    ///
    /// @return whether it is to look again
    private boolean relieve(Budget all, Connections connections, int round) {
        if (!all.claim()) {
            return false;
        }
        boolean isMine;
        boolean cutOff;
        try {
            long excess = all.excess();
            isMine = excess > 0 && all.greediest() == loop;
            cutOff = isMine && cutOff(connections, excess << round);
            countLeaving(connections);
        } finally {
            all.giveBack();
        }
        // Who found the claim taken meanwhile has left it to this loop.
        Loop greediest = all.greediest();
        if (greediest == loop) {
            return cutOff || !isMine;
        }
        if (all.isExceeded()) {
            greediest.holdings().askAgain();
            greediest.wakeup();
        }
        return cutOff;
    }

    /// Cuts off the greediest, and as far as it must be others that hold at least half as much: two
    /// looks at each connection, and nothing is sorted.
    ///
    /// @param wanted how many bytes shall come free
    /// @return false when there is nobody to cut off
    private static boolean cutOff(Connections connections, long wanted) {
        Connection greediest = null;
        for (int i = 0; i < connections.size(); i++) {
            Connection connection = connections.get(i);
            boolean stays = !connection.isFailing();
            if (stays && (greediest == null || heldBy(connection) > heldBy(greediest))) {
                greediest = connection;
            }
        }
        long most = greediest == null ? 0 : heldBy(greediest);
        if (greediest == null || most == 0) {
            return false;
        }
        long left = wanted - cutOff(greediest);
        for (int i = 0; i < connections.size() && left > 0; i++) {
            Connection connection = connections.get(i);
            if (!connection.isFailing() && 2 * heldBy(connection) >= most) {
                left -= cutOff(connection);
            }
        }
        return true;
    }

    /// Counts what those hold that have failed and are not gone yet.
    private void countLeaving(Connections connections) {
        long sum = 0;
        for (int i = 0; i < connections.size(); i++) {
            Connection connection = connections.get(i);
            if (connection.isFailing()) {
                sum += heldBy(connection);
            }
        }
        leaving = sum;
    }

    /// {@return how many bytes come free with it}
    private static long cutOff(Connection connection) {
        connection.fail(DisconnectedException.of(DisconnectedException.Reason.OVER_BUDGET));
        return heldBy(connection);
    }

    private static long heldBy(Connection connection) {
        return connection.sendQueue().cost() + connection.receiver().keptBytes();
    }
}
