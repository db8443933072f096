package dev.pollux.chat;

import dev.pollux.engines.Group;
import dev.pollux.engines.Transport;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A group that delivers at once; the test says whether somebody is behind.
final class FakeGroup implements Group {
    private final Set<Transport> members = new LinkedHashSet<>();
    private final List<Runnable> waiting = new ArrayList<>();

    boolean behind;

    /// Whether there is no memory for another member.
    boolean full;

    /// Whether there is no memory for a broadcast.
    boolean mute;

    /// Nobody is behind any more.
    void catchUp() {
        behind = false;
        var due = List.copyOf(waiting);
        waiting.clear();
        due.forEach(Runnable::run);
    }

    @Override
    public boolean isBehind() {
        return behind;
    }

    @Override
    public void whenCaughtUp(Transport speaker, Runnable task) {
        waiting.add(task);
    }

    @Override
    public void join(Transport transport) {
        if (full) {
            throw new OutOfMemoryError("made up");
        }
        members.add(transport);
    }

    @Override
    public void leave(Transport transport) {
        members.remove(transport);
    }

    @Override
    public void broadcast(ByteBuffer bytes, @Nullable Transport except) {
        if (mute) {
            throw new OutOfMemoryError("made up");
        }
        for (var member : members) {
            if (member != except) {
                member.write(bytes.duplicate());
            }
        }
        bytes.position(bytes.limit());
    }

    @Override
    public int size() {
        return members.size();
    }
}
