package dev.pollux.engines.loop;

import dev.pollux.engines.Group;
import dev.pollux.engines.Transport;
import dev.pollux.engines.io.CountedBytes;
import dev.pollux.engines.shared.Clock;
import dev.pollux.engines.shared.Pace;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The group of a [LoopEngine]: one [GroupPart] per loop.
///
/// With one loop, a broadcast made on it goes straight into the part. Otherwise every broadcast is
/// posted to every part under one lock, so that all parts get them in the same order. The lock is
/// held only while the entries are queued, one per loop.
///
/// A loop that changes the group itself makes at once what was posted to its own part, up to that
/// change: so what a protocol does next, a write or a leave, comes behind its broadcast.
final class LoopGroup implements Group {
    /// How long a broadcast waits at most: its caller may hold a lock that a loop wants.
    private static final long PATIENCE_NANOS = 1_000_000_000;

    /// What one loop does for the group.
    private static final class Share {
        final Loop loop;
        final GroupPart part;
        final PartChanges changes;

        /// By which the loop makes its changes.
        final Runnable task;

        Share(Loop loop, Object order, Pace pace) {
            this.loop = loop;
            this.part = new GroupPart(loop, pace);
            this.changes = new PartChanges(order, pace);
            this.task = changes::make;
        }

        /// Posts a change; the loop cannot make any before the caller gives the lock back.
        ///
        /// @return false when the loop has ended: it will not be made
        boolean post(Runnable change, int bytes) {
            boolean willBeMade = loop.isCurrent() || loop.hand(task, bytes);
            if (willBeMade) {
                changes.post(change, bytes);
            }
            return willBeMade;
        }

        void makeOwn() {
            if (loop.isCurrent()) {
                changes.make();
            }
        }
    }

    private final Loops loops;
    private final Pace pace = new Pace();

    /// Makes the order of changes one and the same for all loops.
    private final Object order = new Object();

    /// By the loop's number. Replaced under `order` when a loop has been added.
    private volatile Share[] shares = new Share[0];

    LoopGroup(Loops loops) {
        this.loops = loops;
        synchronized (order) {
            reachAll();
        }
    }

    /// Makes shares for the loops that have none yet; the caller holds the lock.
    private void reachAll() {
        Loop[] all = loops.all();
        int reached = shares.length;
        if (reached < all.length) {
            Share[] more = Arrays.copyOf(shares, all.length);
            for (int i = reached; i < all.length; i++) {
                more[i] = new Share(all[i], order, pace);
            }
            shares = more;
        }
    }

    @Override
    public void join(Transport transport) {
        Connection connection = (Connection) transport;
        Share share;
        synchronized (order) {
            reachAll();
            share = shareOf(connection);
            share.post(() -> share.part.addPosted(connection), 0);
        }
        share.makeOwn();
    }

    @Override
    public void leave(Transport transport) {
        Connection connection = (Connection) transport;
        Share share;
        synchronized (order) {
            reachAll();
            share = shareOf(connection);
            share.post(() -> share.part.remove(connection), 0);
        }
        share.makeOwn();
    }

    private Share shareOf(Connection connection) {
        int number = connection.loop().number();
        if (number >= shares.length || shares[number].loop != connection.loop()) {
            throw new IllegalArgumentException("the transport belongs to another engine");
        }
        return shares[number];
    }

    @Override
    public void broadcast(ByteBuffer bytes, @Nullable Transport except) {
        Connection left = (Connection) except;
        Share[] now = shares;
        if (loops.count() == 1 && now[0].loop.isCurrent()) {
            now[0].changes.makeIfAny(); // Those who have joined by now hear it.
            now[0].part.broadcast(bytes, left);
            return;
        }
        if (!loops.isCurrent()) {
            awaitCaughtUp(now);
        }
        try (CountedBytes shared = CountedBytes.copyOf(bytes)) {
            synchronized (order) {
                now = shares; // Members are only where there are shares.
                for (Share share : now) {
                    postBroadcast(share, shared, left);
                }
            }
        }
        for (Share share : now) {
            share.makeOwn();
        }
    }

    /// Slows down a thread that would have its broadcasts pile up before the loops: nobody else
    /// does.
    private static void awaitCaughtUp(Share[] shares) {
        Clock clock = shares[0].loop.clock();
        long deadline = clock.nanoTime() + PATIENCE_NANOS;
        for (Share share : shares) {
            share.loop.holdings().tasks().awaitCaughtUp(deadline - clock.nanoTime());
        }
    }

    private static void postBroadcast(Share share, CountedBytes shared, @Nullable Connection left) {
        Connection here = left != null && left.loop() == share.loop ? left : null;
        shared.retain();
        Runnable change =
                () -> {
                    share.part.broadcastPosted(shared, here);
                    shared.release();
                };
        boolean posted = false;
        try {
            posted = share.post(change, shared.size());
        } finally {
            if (!posted) {
                shared.release();
            }
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
        int size = 0;
        for (Share share : shares) {
            size += share.part.size();
        }
        return size;
    }
}
