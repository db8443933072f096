package dev.pollux.engines;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The group of a [MultiplexedEngine]: one [GroupPart] per loop.
///
/// With one loop, a broadcast made on it goes straight into the part. Otherwise every broadcast is
/// posted to every part under one lock, so that all parts get them in the same order. The lock is
/// held only while the entries are queued, one per loop.
///
/// A loop that changes the group itself makes at once what was posted to its own part, up to that
/// change: so what a protocol does next, a write or a leave, comes behind its broadcast.
final class MultiplexedGroup implements Group {
    private final Loop[] loops;
    private final GroupPart[] parts;
    private final PartChanges[] changes;

    /// The tasks by which the loops make their changes.
    private final Runnable[] tasks;

    /// Makes the order of changes one and the same for all loops.
    private final Object order = new Object();

    MultiplexedGroup(Loop[] loops) {
        this.loops = loops;
        this.parts = new GroupPart[loops.length];
        this.changes = new PartChanges[loops.length];
        this.tasks = new Runnable[loops.length];
        for (int i = 0; i < loops.length; i++) {
            parts[i] = new GroupPart(loops[i]);
            changes[i] = new PartChanges(order);
            tasks[i] = changes[i]::make;
        }
    }

    @Override
    public void join(Transport transport) {
        Connection connection = (Connection) transport;
        int i = indexOf(connection.loop());
        synchronized (order) {
            post(i, () -> parts[i].add(connection), 0);
        }
        makeOwn(i);
    }

    @Override
    public void leave(Transport transport) {
        Connection connection = (Connection) transport;
        int i = indexOf(connection.loop());
        synchronized (order) {
            post(i, () -> parts[i].remove(connection), 0);
        }
        makeOwn(i);
    }

    private int indexOf(Loop loop) {
        for (int i = 0; i < loops.length; i++) {
            if (loops[i] == loop) {
                return i;
            }
        }
        throw new IllegalArgumentException("the transport belongs to another engine");
    }

    @Override
    public void broadcast(ByteBuffer bytes, @Nullable Transport except) {
        Connection left = (Connection) except;
        if (loops.length == 1 && loops[0].isCurrent()) {
            parts[0].broadcast(bytes, left);
            return;
        }
        try (SharedBytes shared = SharedBytes.copyOf(bytes)) {
            synchronized (order) {
                for (int i = 0; i < loops.length; i++) {
                    postBroadcast(i, shared, left);
                }
            }
        }
        for (int i = 0; i < loops.length; i++) {
            makeOwn(i);
        }
    }

    private void postBroadcast(int i, SharedBytes shared, @Nullable Connection left) {
        Connection here = left != null && left.loop() == loops[i] ? left : null;
        shared.retain();
        Runnable change =
                () -> {
                    parts[i].broadcast(shared.view(), here);
                    shared.release();
                };
        if (!post(i, change, shared.size())) {
            shared.release();
        }
    }

    /// Posts a change to a part; its loop cannot make any before the caller gives the lock back.
    ///
    /// @return false when the loop has ended: it will not be made
    private boolean post(int i, Runnable change, int bytes) {
        boolean willBeMade = loops[i].isCurrent() || loops[i].hand(tasks[i], bytes);
        if (willBeMade) {
            changes[i].post(change);
        }
        return willBeMade;
    }

    private void makeOwn(int i) {
        if (loops[i].isCurrent()) {
            changes[i].make();
        }
    }

    @Override
    public int size() {
        int size = 0;
        for (GroupPart part : parts) {
            size += part.size();
        }
        return size;
    }
}
