package dev.pollux.engines;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The group of a [MultiplexedEngine]: one [GroupPart] per loop.
///
/// With one loop, a broadcast made on it goes straight into the part. Otherwise every broadcast is
/// handed to every loop, the caller's included, under one lock, so that all loops get them in the
/// same order. The lock is held only while the entries are queued, one per loop.
final class MultiplexedGroup implements Group {
    private final Loop[] loops;
    private final GroupPart[] parts;

    /// Makes the order of broadcasts one and the same for all loops.
    private final Object order = new Object();

    MultiplexedGroup(Loop[] loops) {
        this.loops = loops;
        this.parts = new GroupPart[loops.length];
        for (int i = 0; i < loops.length; i++) {
            parts[i] = new GroupPart(loops[i]);
        }
    }

    @Override
    public void join(Transport transport) {
        Connection connection = (Connection) transport;
        GroupPart part = part(connection.loop());
        if (connection.loop().isCurrent()) {
            part.add(connection);
        } else {
            connection.loop().hand(() -> part.add(connection), 0);
        }
    }

    @Override
    public void leave(Transport transport) {
        Connection connection = (Connection) transport;
        if (!connection.loop().isCurrent()) {
            connection.loop().hand(() -> leave(connection), 0);
            return;
        }
        GroupPart part = part(connection.loop());
        Membership membership = part.find(connection);
        if (membership != null) {
            part.remove(membership);
        }
    }

    private GroupPart part(Loop loop) {
        for (int i = 0; i < loops.length; i++) {
            if (loops[i] == loop) {
                return parts[i];
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
                    hand(i, shared, left);
                }
            }
        }
    }

    private void hand(int i, SharedBytes shared, @Nullable Connection left) {
        GroupPart part = parts[i];
        Loop loop = loops[i];
        Connection here = left != null && left.loop() == loop ? left : null;
        shared.retain();
        Runnable task =
                () -> {
                    part.broadcast(shared.view(), here);
                    shared.release();
                };
        if (!loop.hand(task, shared.size())) {
            shared.release();
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
