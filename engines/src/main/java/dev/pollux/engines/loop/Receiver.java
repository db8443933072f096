package dev.pollux.engines.loop;

import dev.pollux.engines.DisconnectedException;
import dev.pollux.engines.io.CountedBytes;
import dev.pollux.engines.io.SegmentPool;
import dev.pollux.engines.io.Wire;
import dev.pollux.engines.shared.Recipient;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The receiving half of one connection: takes bytes into the loop's buffer, offers them to the
/// protocol, and keeps what the protocol leaves unread.
///
/// Level-triggered, it receives once per report: what is left in the kernel is reported again,
/// after the others had their turn. Edge-triggered, a report comes once, so it goes on until the
/// kernel has no more, at most [#RECEIVES_PER_TURN] times, and then defers the rest to the next
/// turn. A short count proves a stream socket empty, but not that its end has not come: where the
/// report spoke of an end, it goes on until it has it.
///
/// Belongs to the loop's thread.
public final class Receiver {
    /// Receives in a row from one edge-triggered connection before the others have their turn.
    private static final int RECEIVES_PER_TURN = 16;

    /// The protocol wants no input.
    private static final int PAUSED = 1;

    /// The peer has finished sending.
    private static final int ENDED = 1 << 1;

    /// On the loop's list of those to receive from without a report.
    private static final int DEFERRED = 1 << 2;

    /// Edge-triggered.
    private static final int EDGE = 1 << 3;

    /// The end of the input has come while none was wanted.
    private static final int END_KEPT = 1 << 4;

    /// Nothing is to be received for a while.
    private static final int RESTING = 1 << 5;

    /// How long that is.
    private static final Duration REST = Duration.ofMillis(250);

    private final Connection connection;

    /// What the protocol left unread; null when nothing.
    private @Nullable CountedBytes unread;

    /// What the kernel has received while none was wanted, in order; null when nothing.
    private @Nullable ArrayDeque<CountedBytes> early;

    private int flags;

    Receiver(Connection connection, boolean edge) {
        this.connection = connection;
        this.flags = edge ? EDGE : 0;
    }

    Connection connection() {
        return connection;
    }

    /// {@return whether more input is wanted} Not while some is kept that has come early: a
    /// protocol that pauses often would else be given more each time than it takes.
    public boolean isWanted() {
        return early == null && (flags & (PAUSED | ENDED | END_KEPT | RESTING)) == 0;
    }

    boolean isEdge() {
        return (flags & EDGE) != 0;
    }

    boolean hasEnded() {
        return (flags & (ENDED | END_KEPT)) != 0;
    }

    void pause() {
        flags |= PAUSED;
    }

    /// Goes on in the next turn, not now: it may be the protocol that calls, in the middle of its
    /// work.
    void resume() {
        if ((flags & PAUSED) != 0) {
            flags &= ~PAUSED;
            defer();
        }
    }

    void defer() {
        if ((flags & DEFERRED) == 0) {
            flags |= DEFERRED;
            connection.loop().defer(this);
        }
    }

    /// The turn after [#defer()].
    void again() {
        flags &= ~DEFERRED;
        offerKept();
        if (early == null && (flags & (PAUSED | END_KEPT)) == END_KEPT) {
            end();
        }
        if (isEdge()) {
            ready(true);
        }
    }

    private void offerKept() {
        if (unread != null && mayOffer()) {
            offerBehindUnread(0, 0);
        }
        while (early != null && mayOffer()) {
            CountedBytes next = early.remove();
            if (early.isEmpty()) {
                early = null;
                connection.list();
            }
            try {
                offerBehindUnread(next.address(), next.size());
            } finally {
                segments().release(next);
            }
        }
    }

    private boolean mayOffer() {
        return (flags & PAUSED) == 0 && connection.isOpen();
    }

    /// Input, an end or an error was reported. What is deferred is served later in the turn, and
    /// first.
    ///
    /// @param toTheEnd whether the report spoke of an end or an error
    void ready(boolean toTheEnd) {
        if ((flags & DEFERRED) != 0) {
            return;
        }
        for (int i = 0; i < RECEIVES_PER_TURN; i++) {
            if (!isWanted() || connection.isFailing()) {
                return;
            }
            boolean filled = receiveOnce(toTheEnd);
            if (!filled || !isEdge()) {
                return;
            }
        }
        defer();
    }

    /// {@return whether more may be there}
    private boolean receiveOnce(boolean toTheEnd) {
        Loop loop = connection.loop();
        ReceiveBuffer buffer = loop.receiveBuffer();
        CountedBytes kept = unread;
        int have = 0;
        if (kept != null) {
            have = kept.size();
            Memory.copy(kept.address(), buffer.address(), have);
        }
        int room = buffer.receiveBytes() - have;
        int received = connection.wire().receive(buffer.address() + have, room);
        if (received > 0) {
            loop.received(received);
            connection.inputCame();
            if (connection.isOpen()) {
                offer(buffer.first(have + received), buffer.address());
            }
            return received == room || toTheEnd;
        }
        if (received == 0) {
            end();
        } else if (received == Wire.LATER) {
            rest();
        } else if (received != -Errno.EAGAIN && received != -Errno.EINTR) {
            connection.fail(new ErrnoException(-received, "recv", connection.wire().fd()));
        }
        return received == -Errno.EINTR;
    }

    private void rest() {
        flags |= RESTING;
        connection.list();
        connection.schedule(
                REST,
                () -> {
                    flags &= ~RESTING;
                    connection.list();
                });
    }

    private void end() {
        flags &= ~END_KEPT;
        if (connection.wire().isEndFinal()) {
            flags |= ENDED;
        }
        forget();
        connection.peerEnded();
    }

    /// Takes bytes that the kernel has received by itself. What comes while none are wanted, or
    /// before what is deferred, is kept.
    ///
    /// @param view the memory as a buffer, from position 0 to its limit; at most
    ///   `Limits.receiveBufferBytes()`
    /// @param address the memory, which the caller takes back afterwards
    public void take(ByteBuffer view, long address) {
        int size = view.limit();
        connection.loop().received(size);
        connection.inputCame();
        if (!connection.isOpen()) {
            return;
        }
        if ((flags & (PAUSED | DEFERRED)) != 0) {
            if (early == null) {
                early = new ArrayDeque<>();
            }
            early.add(segments().copyOf(address, size));
        } else if (unread == null) {
            offer(view, address);
        } else {
            offerBehindUnread(address, size);
        }
    }

    /// Offers what was left unread, and bytes behind it, out of the loop's buffer.
    private void offerBehindUnread(long address, int size) {
        ReceiveBuffer buffer = connection.loop().receiveBuffer();
        int have = 0;
        if (unread != null) {
            have = unread.size();
            Memory.copy(unread.address(), buffer.address(), have);
        }
        Memory.copy(address, buffer.address() + have, size);
        offer(buffer.first(have + size), buffer.address());
    }

    /// The kernel has received the end of the input by itself.
    public void takeEnd() {
        if ((flags & (PAUSED | DEFERRED)) != 0 && connection.isOpen()) {
            flags |= END_KEPT;
        } else {
            end();
        }
    }

    /// Offers bytes to the protocol, and keeps what it leaves.
    private void offer(ByteBuffer buffer, long address) {
        int size = buffer.limit();
        connection.sendQueue().answerNext();
        int left = Recipient.offer(connection, buffer);
        if (left > 0 || unread != null) {
            keep(address + size - left, left);
        }
    }

    /// A paused protocol may leave a whole buffer; one that wants more must take what there is.
    private void keep(long address, int size) {
        forgetUnread();
        if (size > connection.loop().limits().inputBytesMax() && (flags & PAUSED) == 0) {
            connection.fail(
                    new DisconnectedException(DisconnectedException.Reason.INPUT_TOO_LARGE));
        } else if (size > 0 && connection.isOpen()) {
            unread = segments().copyOf(address, size);
        }
    }

    /// From here on input is only waited for to its end, and thrown away.
    void discard() {
        forget();
        flags &= ~PAUSED;
    }

    /// Gives back what was kept.
    void forget() {
        forgetUnread();
        if (early != null) {
            early.forEach(segments()::release);
            early = null;
        }
    }

    private void forgetUnread() {
        if (unread != null) {
            segments().release(unread);
            unread = null;
        }
    }

    /// {@return how many bytes are kept for the protocol}
    public long keptBytes() {
        long sum = unread == null ? 0 : unread.size();
        if (early != null) {
            for (CountedBytes next : early) {
                sum += next.size();
            }
        }
        return sum;
    }

    private SegmentPool segments() {
        return connection.loop().segments();
    }
}
