package dev.pollux.engines.blocking;

import dev.pollux.engines.DisconnectedException;
import dev.pollux.engines.Limits;
import dev.pollux.engines.io.BlockingWire;
import dev.pollux.engines.io.CountedBytes;
import dev.pollux.engines.io.Segment;
import dev.pollux.engines.io.SegmentChain;
import dev.pollux.engines.shared.Uninterrupted;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The bytes one connection of a blocking engine has still to send, in order, and the bounds on
/// them. Any thread appends; one at a time sends.
///
/// A thread that wants to flush, and finds that none is sending, becomes the sender: it sends
/// without sleeping, and what the socket has no room for is left to a *writer*, a thread that
/// sleeps in the send until the queue is empty. Meanwhile everybody else only appends: nobody waits
/// for a slow peer, nor for another thread's system call. Where a socket of the JDK's may put any
/// sender to sleep, only the connection's own thread sends itself, and only a little; for more, and
/// for all others, there is a writer.
///
/// The monitor of this object guards its fields; it is never held during a system call.
final class BlockingSendQueue {
    /// Who sends.
    private enum Sender {
        NOBODY,
        /// A thread that does not sleep.
        TRYING,
        /// A thread that may sleep.
        SLEEPING
    }

    private final BlockingConnection connection;
    private final BlockingWire wire;

    private final Watermarks marks;
    private final SharedSegments segments;

    /// What waits, a [SegmentChain].
    private @Nullable Segment last;

    /// How many bytes that is.
    private long bytes;

    private Sender sender = Sender.NOBODY;

    /// How many bytes the peer has taken.
    private long taken;

    /// Nothing more may be appended.
    private boolean closed;

    /// Nothing more may be sent either.
    private boolean dead;

    private final SendStep step = new SendStep();

    /// When the peer last took something, or had nothing to take, `System.nanoTime()`; of a sender
    /// that may sleep.
    private long lastTaken;

    BlockingSendQueue(
            BlockingConnection connection,
            BlockingWire wire,
            SharedSegments segments,
            Limits limits) {
        this.connection = connection;
        this.wire = wire;
        this.marks = new Watermarks(limits);
        this.segments = segments;
    }

    synchronized long bytes() {
        return bytes;
    }

    synchronized long cost() {
        return bytes + SegmentChain.pieces(last) * Segment.OVERHEAD_BYTES;
    }

    /// {@return for how long the peer has taken nothing of what waits, in nanoseconds; -1 when no
    /// thread may be asleep for it}
    synchronized long stalledNanos() {
        return sender == Sender.SLEEPING ? System.nanoTime() - lastTaken : -1;
    }

    /// The peer has taken something of what the kernel holds.
    synchronized void peerTook() {
        lastTaken = System.nanoTime();
    }

    /// {@return whether it has been closed and everything has been sent}
    synchronized boolean isFinished() {
        return closed && last == null && sender == Sender.NOBODY && !dead;
    }

    /// {@return whether the connection has something to do that it has not been told}
    synchronized boolean hasNews() {
        return marks.hasFallen(bytes) || isFinished();
    }

    /// {@return true once after the queue has fallen from above the high mark to below the low one}
    synchronized boolean fellBelowLowMark() {
        return marks.fell(bytes);
    }

    /// {@return whether it was above the high mark, and has not been below the low one since; any
    /// thread, without the monitor}
    boolean isHigh() {
        return marks.isHigh();
    }

    /// {@return the same of the hard limit, when something was last appended}
    boolean isBeyond() {
        return marks.isBeyond();
    }

    /// {@return how many bytes the peer has taken}
    synchronized long taken() {
        return taken;
    }

    /// Copies the bytes between position and limit, and consumes them.
    ///
    /// @return false when more waits than may
    synchronized boolean append(ByteBuffer from) {
        int start = from.position();
        int size = from.remaining();
        from.position(from.limit());
        if (closed) {
            return true;
        }
        last = SegmentChain.append(segments, last, from, start, size);
        bytes += size;
        return marks.rose(bytes, cost());
    }

    /// Refers to shared bytes, which are retained until they have been sent.
    ///
    /// @return false when more waits than may
    synchronized boolean append(CountedBytes shared) {
        if (closed || shared.size() == 0) {
            return true;
        }
        boolean waits = sender == Sender.SLEEPING || bytes > Segment.CAPACITY;
        last = SegmentChain.append(segments, last, shared, 0, shared.size(), waits);
        bytes += shared.size();
        return marks.rose(bytes, cost());
    }

    private synchronized boolean isLow() {
        return marks.isLow(bytes);
    }

    private synchronized boolean isTooMuch() {
        return marks.isTooMuch(cost());
    }

    /// More waits than may. The hard limit bounds what the peer does not take, so it is asked
    /// before it is judged.
    void relieve() {
        flush();
        boolean mayBeSlow;
        synchronized (this) {
            mayBeSlow = isTooMuch() && sender != Sender.TRYING;
        }
        // A sender that is just trying, or is about to wake, judges by itself.
        if (mayBeSlow && !connection.hasRoom()) {
            failAsSlow();
        }
    }

    private void failAsSlow() {
        connection.fail(new DisconnectedException(DisconnectedException.Reason.SLOW_RECEIVER));
    }

    /// Sees to it that what is queued is sent; never sleeps, but where the connection's own thread
    /// calls in the end of its callback.
    void flush() {
        boolean tries = wire.canTry();
        boolean mine;
        boolean empty;
        boolean little;
        boolean falls;
        synchronized (this) {
            mine = sender == Sender.NOBODY && !dead;
            empty = last == null;
            little = marks.isLow(bytes);
            if (mine && !empty) {
                become(tries ? Sender.TRYING : Sender.SLEEPING);
            }
            falls = sender == Sender.SLEEPING && marks.fallsBehind();
        }
        if (falls) {
            tellBehind();
        }
        if (!mine) {
            return;
        }
        if (empty) {
            connection.sent();
        } else if (tries) {
            sendWhatFits();
        } else if (little && connection.maySleep()) {
            sendEverything(true);
        } else {
            startWriter();
        }
    }

    /// Changes who sends; the caller has the monitor.
    private void become(Sender next) {
        if (next == Sender.NOBODY) {
            notifyAll();
        } else if (next == Sender.SLEEPING && sender != next) {
            lastTaken = System.nanoTime();
        }
        sender = next;
    }

    private void sendWhatFits() {
        boolean all = false;
        try {
            all = fits();
        } catch (Throwable e) {
            endSending();
            connection.failed(e);
        }
        if (all) {
            connection.sent();
        }
    }

    /// {@return whether nothing is left}
    private boolean fits() {
        while (prepare(false)) {
            int asked = step.bytes();
            int taken = step.send(wire);
            if (!account(taken)) {
                return false;
            }
            if (taken < asked && taken != -Errno.EINTR) {
                leaveToWriter();
                return false;
            }
        }
        return true;
    }

    private void leaveToWriter() {
        if (!mayWait()) {
            return;
        }
        boolean falls;
        synchronized (this) {
            falls = marks.fallsBehind();
        }
        if (falls) {
            tellBehind();
        }
        startWriter();
    }

    /// Throws nothing: the sender goes on, and finds that the connection fails.
    private void tellBehind() {
        try {
            connection.fellBehind();
        } catch (Throwable e) {
            connection.failed(e);
        }
    }

    /// The socket has no room.
    ///
    /// @return whether it is waited for; if not, too much waits already, and nobody sends any more
    private boolean mayWait() {
        boolean tooMuch;
        synchronized (this) {
            tooMuch = isTooMuch();
            become(tooMuch ? Sender.NOBODY : Sender.SLEEPING);
        }
        if (tooMuch) {
            failAsSlow();
        }
        return !tooMuch;
    }

    private void startWriter() {
        try {
            connection.startWriter(() -> sendEverything(false));
        } catch (Throwable e) {
            endSending();
            connection.failed("no thread to send with, a connection is reset", e);
        }
    }

    /// Sends until the queue is empty, asleep where there is no room.
    ///
    /// @param little whether what becomes more is left to a writer
    private void sendEverything(boolean little) {
        boolean all = false;
        try {
            all = sendsAll(little);
        } catch (Throwable e) {
            endSending();
            connection.failed(e);
        }
        if (all) {
            connection.sent();
        }
    }

    /// {@return whether nothing is left}
    private boolean sendsAll(boolean little) {
        connection.stalls();
        boolean full = wire.canTry(); // Else there would be no writer.
        while (prepare(full)) {
            int asked = step.bytes();
            int taken = full ? step.sendSleeping(wire) : step.send(wire);
            if (!account(taken)) {
                return false;
            }
            full = wire.canTry() && taken < asked && taken != -Errno.EINTR;
            if (full && !mayWait()) {
                return false;
            }
            if (little && !isLow()) {
                startWriter();
                return false;
            }
        }
        return true;
    }

    /// Makes the next step of what is queued.
    ///
    /// @param full whether the socket has no room
    /// @return false when there is nothing to send: nobody sends any more
    private synchronized boolean prepare(boolean full) {
        if (last == null || dead || connection.isFailing()) {
            become(Sender.NOBODY);
            return false;
        }
        step.begin(last, full);
        return true;
    }

    /// Accounts for a step.
    ///
    /// @return false when it has failed: nobody sends any more
    private boolean account(int sent) {
        if (sent < 0 && sent != -Errno.EAGAIN && sent != -Errno.EINTR) {
            endSending();
            connection.fail(new ErrnoException(-sent, "send", wire.fd()));
            return false;
        }
        if (sent > 0) {
            boolean fell;
            synchronized (this) {
                last = SegmentChain.drop(segments, last, sent);
                bytes -= sent;
                taken += sent;
                fell = marks.hasFallen(bytes) && last != null;
                if (sender == Sender.SLEEPING) {
                    lastTaken = System.nanoTime();
                }
            }
            connection.took(sent);
            if (fell) {
                connection.sent();
            }
        }
        return true;
    }

    private synchronized void endSending() {
        become(Sender.NOBODY);
    }

    /// From here on nothing is appended.
    synchronized void close() {
        closed = true;
    }

    /// Waits until nobody sends, and forgets everything.
    synchronized void end() {
        closed = true;
        dead = true;
        // The sender ends soon: the wire was reset, or all is sent.
        if (sender != Sender.NOBODY) {
            Uninterrupted.await(() -> {
                while (sender != Sender.NOBODY) {
                    wait();
                }
            });
        }
        SegmentChain.clear(segments, last);
        last = null;
        bytes = 0;
    }
}
