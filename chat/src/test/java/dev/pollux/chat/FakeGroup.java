package dev.pollux.chat;

import dev.pollux.engines.Group;
import dev.pollux.engines.Transport;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A group that delivers at once.
final class FakeGroup implements Group {
    private final Set<Transport> members = new LinkedHashSet<>();

    @Override
    public void join(Transport transport) {
        members.add(transport);
    }

    @Override
    public void leave(Transport transport) {
        members.remove(transport);
    }

    @Override
    public void broadcast(ByteBuffer bytes, @Nullable Transport except) {
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
