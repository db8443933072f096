package dev.pollux.engines;

import dev.pollux.libc.Memory;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/// Where the thread of one connection receives, and what its protocol has left unread: two buffers
/// side by side. The kernel fills the second; what is left unread is moved to the end of the first,
/// so that it stands right in front of what follows, and a sleeping receive is not in its way.
///
/// Pages that nobody has touched cost nothing: an idle connection has one. The unread part belongs
/// to who has the connection's [Turn].
final class Reception {
    private final int most;
    private final Consumer<ByteBuffer> protocol;
    private final long area;
    private final ByteBuffer view;

    /// How many bytes are left unread, in front of the middle.
    private int unread;

    /// Makes one.
    ///
    /// @param most the most that one receive and what is unread take together
    /// @param protocol takes what it likes of what it is offered
    Reception(int most, Consumer<ByteBuffer> protocol) {
        this.most = most;
        this.protocol = protocol;
        this.area = Memory.allocatePages(2L * most);
        this.view = Memory.buffer(area, 2 * most);
    }

    /// {@return where to receive}
    long address() {
        return area + most;
    }

    /// {@return how many bytes may be received now}
    int room() {
        return most - unread;
    }

    int unread() {
        return unread;
    }

    /// Offers what is unread and what was received, and keeps what the protocol leaves.
    ///
    /// @param received how many bytes
    /// @return how many bytes are unread now
    int offer(int received) {
        view.limit(most + received).position(most - unread);
        protocol.accept(view);
        int left = view.remaining();
        Memory.copy(area + view.position(), area + most - left, left);
        unread = left;
        return left;
    }

    /// Keeps what was received without offering it.
    ///
    /// @param received how many bytes
    void keep(int received) {
        Memory.copy(area + most - unread, area + most - unread - received, unread + received);
        unread += received;
    }

    void forget() {
        unread = 0;
    }

    /// Gives the memory back.
    void free() {
        unread = 0;
        Memory.freePages(area, 2L * most);
    }
}
