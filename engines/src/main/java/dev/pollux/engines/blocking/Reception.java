package dev.pollux.engines.blocking;

import dev.pollux.engines.shared.Recipient;
import dev.pollux.libc.Memory;
import java.nio.ByteBuffer;

/// Where the thread of one connection receives, and what its protocol has left unread: two buffers
/// side by side. The kernel fills the second; what is left unread is moved to the end of the first,
/// so that it stands right in front of what follows, and a sleeping receive is not in its way.
///
/// Pages that nobody has touched cost nothing: an idle connection has one. The unread part belongs
/// to the thread that has the connection's [Strand].
final class Reception {
    private final int most;
    private final Recipient recipient;
    private final long area;

    /// All of it: what is left unread ends in the middle, what comes begins there.
    private final ByteBuffer both;

    /// The second half, which is all there is to offer where nothing was left unread.
    private final ByteBuffer second;

    /// How many bytes are left unread, in front of the middle.
    private int unread;

    /// @param most the most that one receive and what is unread take together
    /// @param recipient takes what it likes of what it is offered
    Reception(int most, Recipient recipient) {
        this.most = most;
        this.recipient = recipient;
        this.area = Memory.allocatePages(2L * most);
        this.both = Memory.buffer(area, 2 * most);
        this.second = both.slice(most, most);
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
        int size = unread + received;
        // What is offered begins at position 0, as in every other model.
        ByteBuffer view = unread == 0 ? second : both.slice(most - unread, size);
        int left = Recipient.offer(recipient, view.limit(size).position(0));
        Memory.copy(area + most + received - left, area + most - left, left);
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
