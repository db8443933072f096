package dev.pollux.engines.loop;

import dev.pollux.engines.DisconnectedException;
import dev.pollux.engines.Limits;
import dev.pollux.engines.io.CountedBytes;
import dev.pollux.engines.io.Iovecs;
import dev.pollux.engines.io.Segment;
import dev.pollux.engines.io.SegmentChain;
import dev.pollux.engines.io.SegmentPool;
import dev.pollux.engines.io.Wire;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The bytes one connection has still to send, in order, and the bounds on them.
///
/// The loop flushes at the end of its turn, so that all that was written in the turn leaves with
/// one system call. Only a large piece that nothing waits before is sent as it is appended, once
/// for each input: what the socket takes of it then is not copied. A short count or `EAGAIN`
/// *blocks* the send queue: nothing is tried until the socket is reported writable. Above
/// [Limits#outboundHighMark()] it is *high* until it falls below the low mark; when what waits
/// costs more than [Limits#outboundBytesMax()] the connection fails as a slow receiver. Memory
/// comes from the loop's `SegmentPool` and goes back when sent, so an idle connection holds none.
///
/// Belongs to the loop's thread.
public final class SendQueue {
    private static final int BLOCKED = 1;
    private static final int HIGH = 1 << 1;

    /// It was blocked, and has not been empty since.
    private static final int STALLED = 1 << 2;

    /// The send under way waits for the peer to make room.
    private static final int WAITING = 1 << 3;

    /// Something was sent as it was appended, in answer to the same input. What follows is
    /// gathered.
    private static final int SENT = 1 << 4;

    /// From here on copying costs more than a send of its own may.
    private static final int LARGE_BYTES = 4096;

    private final Connection connection;

    /// What waits, a [SegmentChain].
    private @Nullable Segment last;

    /// How many bytes that is. Other threads read it as a hint only.
    private long bytes;

    /// In how many segments.
    private int pieces;

    private int flags;

    /// How many bytes from the first on a send covers that is under way, 0 when none is: one at a
    /// time, and what it covers stays linked.
    private int sending;

    SendQueue(Connection connection) {
        this.connection = connection;
    }

    boolean isEmpty() {
        return last == null;
    }

    long bytes() {
        return bytes;
    }

    /// {@return what the limit counts: the bytes, and what each segment costs beside them}
    public long cost() {
        return bytes + pieces * Segment.OVERHEAD_BYTES;
    }

    /// {@return whether it was above the high mark, and has not been below the low one since}
    boolean isHigh() {
        return (flags & HIGH) != 0;
    }

    public boolean isSending() {
        return sending > 0;
    }

    /// Ends a send that is [Wire#WAITING], as the connection has failed.
    ///
    /// @return whether none is under way: the memory is nobody else's
    boolean letGo() {
        if (isSending()) {
            connection.wire().cancelSend();
        }
        return !isSending();
    }

    public boolean isBlocked() {
        return (flags & BLOCKED) != 0;
    }

    /// {@return whether something has been waiting ever since the socket had no room for it}
    boolean isStalled() {
        return (flags & STALLED) != 0;
    }

    /// The socket has room again.
    void unblock() {
        flags &= ~BLOCKED;
    }

    /// {@return true once after the queue has fallen from above the high mark to below the low one}
    boolean fellBelowLowMark() {
        if ((flags & HIGH) == 0 || bytes >= limits().outboundLowMark()) {
            return false;
        }
        flags &= ~HIGH;
        connection.caughtUp();
        return true;
    }

    /// Copies the bytes between position and limit, and consumes them: all, or none where one
    /// cannot be read or there is no memory.
    void append(ByteBuffer from) {
        int size = from.remaining();
        int start = from.position();
        int taken = size >= LARGE_BYTES && from.isDirect() ? sendNow(from) : 0;
        try {
            last = SegmentChain.append(segments(), last, from, start + taken, size - taken);
        } catch (Throwable e) {
            shrank(); // A full socket is no stall when nothing waits.
            if (taken > 0) { // The peer has a part.
                connection.fail(DisconnectedException.of(DisconnectedException.Reason.ABORTED));
            }
            throw e;
        }
        from.position(start + size);
        grew(size - taken);
    }

    /// Sends the bytes between position and limit, if nothing is before them, or has been lost.
    ///
    /// @return how many were taken
    private int sendNow(ByteBuffer from) {
        Wire wire = connection.wire();
        boolean waits = !isEmpty() || (flags & (BLOCKED | SENT)) != 0;
        if (waits || connection.isFailing() || !wire.canSendNow(from.remaining())) {
            return 0;
        }
        var _ = from.get(from.position()); // Throws where its memory is gone.
        flags |= SENT;
        int size = from.remaining();
        long address = Memory.address(from) + from.position();
        return sent(wire.sendNow(address, size), size);
    }

    /// Copies bytes from memory.
    void append(long address, int size) {
        last = SegmentChain.append(segments(), last, address, size);
        grew(size);
    }

    /// Refers to shared bytes, which are retained until they have been sent; a little of them may
    /// be copied instead. All or none, as above.
    void append(CountedBytes shared) {
        append(shared, 0, shared.size());
    }

    private void append(CountedBytes shared, int from, int size) {
        last = SegmentChain.append(segments(), last, shared, from, size, waits());
        grew(size);
    }

    /// The same for bytes of a group's turn, of which no copy is made to be shared unless one is
    /// referred to.
    private void append(GroupPart part, int from, int size) {
        if (Segment.copied(last, size, waits()) == size) {
            append(part.address() + from, size);
        } else {
            append(part.shared(), from, size);
        }
    }

    /// {@return whether what is queued now leaves later than with the next send}
    private boolean waits() {
        return isBlocked() || isSending() || bytes > Segment.CAPACITY;
    }

    /// Sends a group's bytes at once when nothing is queued before them, and queues what is not
    /// taken.
    ///
    /// @param part the group's members on this loop, which shares one copy among all that are slow
    /// @param from the first byte, an offset into the part's bytes of this turn
    /// @param size how many
    void sendOrAppend(GroupPart part, int from, int size) {
        if (!connection.isOpen()) {
            return;
        }
        if (connection.wire().sendsLater()) {
            append(part, from, size);
            flush();
            if (flags != 0) {
                connection.list();
            }
            return;
        }
        int taken = 0;
        if (isEmpty() && !isBlocked()) {
            taken = sent(connection.wire().send(part.address() + from, size), size);
            if (taken == size || connection.isFailing()) {
                return;
            }
        }
        append(part, from + taken, size - taken);
        connection.list();
    }

    private void grew(int size) {
        bytes += size;
        pieces = SegmentChain.pieces(last);
        if (bytes > limits().outboundHighMark() && (flags & HIGH) == 0) {
            flags |= HIGH;
            Membership.fellBehind(connection);
        }
        if (cost() > limits().outboundBytesMax()) {
            judge();
        }
    }

    /// The hard limit bounds what the peer does not take, so it is asked before it is judged: that
    /// it had no room a moment ago says nothing.
    private void judge() {
        tryAgain();
        // What is under way may still be taken, which is judged when it is decided; but not what
        // waits for the peer.
        long undecided = (flags & WAITING) == 0 ? sending : 0;
        if (cost() - undecided > limits().outboundBytesMax()) {
            failAsSlow();
        }
    }

    /// Sends what the socket has room for, though nothing has said that there is any.
    void tryAgain() {
        unblock();
        if ((flags & WAITING) != 0) {
            connection.wire().decideSend();
        }
        flushNow();
    }

    private void failAsSlow() {
        connection.fail(new DisconnectedException(DisconnectedException.Reason.SLOW_RECEIVER));
    }

    private void flushNow() {
        do {
            flush();
            connection.loop().driver().sendPending();
        } while (isReady());
    }

    /// {@return whether something is to be sent now} Nothing is where the connection fails, as what
    /// was to come before it may be lost.
    private boolean isReady() {
        return !isEmpty() && (flags & BLOCKED) == 0 && sending == 0 && !connection.isFailing();
    }

    /// Input begins to be answered.
    void answerNext() {
        flags &= ~SENT;
    }

    /// The end of a turn: sends as much as the socket takes.
    void endTurn() {
        flags &= ~SENT;
        flush();
    }

    /// Sends as much as the socket takes.
    private void flush() {
        for (Segment latest = last; latest != null && isReady(); latest = last) {
            Segment first = SegmentChain.first(latest);
            int result;
            int asked;
            if (first == latest) {
                asked = first.size();
                result = sent(connection.wire().send(first.start, asked), asked);
            } else {
                Iovecs iovecs = segments().iovecs();
                iovecs.gather(first);
                asked = iovecs.bytes();
                int taken = connection.wire().sendGathered(iovecs.address(), iovecs.count());
                result = sent(taken, asked);
            }
            drop(result);
        }
    }

    /// Accounts for a send. A short count means that the socket's buffer is full, so no further
    /// call is made only to hear `EAGAIN`.
    private int sent(int result, int asked) {
        if (result == asked) {
            connection.sent(result);
            return result;
        }
        if (result == Wire.WAITING) {
            sending = asked;
            stall(WAITING);
            return 0;
        }
        if (result < 0 && result != -Errno.EAGAIN) {
            if (result == Wire.PENDING) {
                sending = asked;
            } else if (result != -Errno.EINTR) {
                connection.fail(new ErrnoException(-result, "send", connection.wire().fd()));
            }
            return 0;
        }
        int taken = Math.max(result, 0);
        if (taken > 0) {
            connection.sent(taken);
        }
        stall(BLOCKED);
        return taken;
    }

    /// Whoever has sent goes on whatever is thrown here: what was taken must not be sent again.
    private void stall(int flag) {
        boolean stalledAlready = isStalled();
        flags |= flag | STALLED;
        try {
            connection.blocked(!stalledAlready);
        } catch (Throwable e) {
            connection.failed(e);
        }
    }

    /// A send that was [Wire#PENDING] or [Wire#WAITING] is decided. One that has waited goes on
    /// with the next flush, which finds out whether there is more room.
    ///
    /// @param result how many bytes were taken, or `-errno`
    public void completed(int result) {
        int asked = (flags & WAITING) == 0 || result < 0 ? sending : result;
        sending = 0;
        flags &= ~WAITING;
        drop(sent(result, asked));
        if (isBlocked() && cost() > limits().outboundBytesMax()) {
            failAsSlow();
        }
        if (!isEmpty() || flags != 0 || !connection.isOpen()) {
            connection.list();
        }
    }

    /// Forgets bytes from the front.
    private void drop(int size) {
        last = SegmentChain.drop(segments(), last, size);
        bytes -= size;
        shrank();
    }

    /// Forgets everything; nothing is being sent.
    void clear() {
        SegmentChain.clear(segments(), last);
        last = null;
        bytes = 0;
        shrank();
    }

    private void shrank() {
        pieces = SegmentChain.pieces(last);
        if (isEmpty()) {
            flags &= ~STALLED;
        }
    }

    private SegmentPool segments() {
        return connection.loop().segments();
    }

    private Limits limits() {
        return connection.loop().limits();
    }
}
