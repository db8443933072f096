package dev.pollux.engines.loop;

import dev.pollux.engines.DisconnectedException;
import dev.pollux.engines.Protocol;
import dev.pollux.engines.SharedBytes;
import dev.pollux.engines.Transport;
import dev.pollux.engines.io.CountedBytes;
import dev.pollux.engines.io.Wire;
import dev.pollux.engines.shared.Durations;
import dev.pollux.engines.shared.Ending;
import dev.pollux.engines.shared.Recipient;
import dev.pollux.engines.shared.Stage;
import dev.pollux.libc.ErrnoException;
import dev.pollux.selectors.Selector;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One connection: joins a [Wire], a [Protocol], an [Receiver] and an [SendQueue], and knows the
/// [Stage] of its life.
///
/// **Nothing ends in the middle of a callback.** A failure only marks the connection; [#settle()],
/// at the end of the turn, sends what was written, changes the interest and ends what is to end.
///
/// Belongs to the loop's thread; the methods of [Transport] hand themselves over to it.
public final class Connection implements Transport, ReadySource, Recipient {
    /// On the loop's list of connections to settle.
    private static final int LISTED = 1 << 5;

    private static final int INTEREST_SHIFT = 16;

    /// How other threads read the flags: late perhaps, but not never.
    private static final VarHandle FLAGS;

    static {
        try {
            FLAGS = MethodHandles.lookup().findVarHandle(Connection.class, "flags", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final Ending<Connection> ENDING =
            new Ending<>(
                    List.of(
                            Connection::unwatch,
                            connection -> connection.wire.close(connection.cause != null),
                            Membership::leaveAll,
                            connection -> connection.sendQueue.clear(),
                            connection -> connection.receiver.forget(),
                            connection -> Deadlines.cancelAll(connection.deadlines),
                            Connection::leave));

    private final Loop loop;
    private final Wire wire;
    private final Protocol protocol;
    private final Receiver receiver;
    private final SendQueue sendQueue;

    /// Of [Stage], and the one above; in the upper half what the driver has been told to watch for,
    /// 0 when it does not know this connection. Other threads read it as a hint only.
    private int flags;

    /// What other threads have written that has not reached the send queue costs so many bytes;
    /// changed by [OutsideWrite] only, below 0 once it was too much.
    volatile int handedOver;

    /// The groups it is in, null for none.
    @Nullable Membership memberships;

    /// Its place in the loop's table, -1 when it is in none.
    int index = -1;

    /// Behind it on the loop's list of connections to settle.
    @Nullable Connection nextListed;

    /// Its timers, null while it has had none.
    private @Nullable Deadlines deadlines;

    /// Why it failed; null for an orderly end.
    private @Nullable IOException cause;

    Connection(Loop loop, Wire wire, Protocol protocol, boolean edge) {
        this.loop = loop;
        this.wire = wire;
        this.protocol = protocol;
        this.receiver = new Receiver(this, edge);
        this.sendQueue = new SendQueue(this);
    }

    public Loop loop() {
        return loop;
    }

    public Wire wire() {
        return wire;
    }

    public SendQueue sendQueue() {
        return sendQueue;
    }

    public Receiver receiver() {
        return receiver;
    }

    boolean isFailing() {
        return (flags & Stage.FAILING) != 0;
    }

    public Deadlines deadlines() {
        if (deadlines == null) {
            deadlines = new Deadlines(this);
        }
        return deadlines;
    }

    /// Begins: tells the protocol, then receives.
    void open() {
        if (!loop.limits().idleTimeout().isZero()) {
            deadlines().limitIdle(Durations.nanos(loop.limits().idleTimeout()));
        }
        tell(() -> protocol.connected(this));
        list();
    }

    @Override
    public void ready(int events) {
        if ((events & Selector.WRITE) != 0 && sendQueue.isBlocked()) {
            sendQueue.unblock();
            list();
        }
        if ((events & ~Selector.WRITE) != 0) {
            receiver.ready((events & ReadySource.ENDING) != 0);
        }
    }

    /// Calls the protocol, unless it has been told of the end; one that throws loses its
    /// connection, nobody else notices.
    private void tell(Runnable callback) {
        if (!isTold()) {
            Recipient.call(this, callback);
        }
    }

    @Override
    public Protocol protocol() {
        return protocol;
    }

    /// Something threw that the loop does for this connection.
    @Override
    public void failed(Throwable e) {
        failed("a connection failed, it is reset", e);
    }

    @Override
    public void failed(String what, Throwable e) {
        fail(DisconnectedException.of(DisconnectedException.Reason.ABORTED));
        loop.troubles().tell(what, e);
    }

    private void tellDisconnected() {
        if (!isTold()) {
            flags |= Stage.TOLD;
            loop.disconnected(cause);
            Recipient.tellDisconnected(this, cause);
        }
    }

    void inputCame() {
        if (deadlines != null) {
            deadlines.inputCame();
        }
    }

    void peerEnded() {
        if ((flags & Stage.LINGERING) != 0) {
            flags |= Stage.FAILING;
        } else if (isOpen()) { // Else what came before the end was thrown away.
            tell(() -> {
                if (!protocol.eof()) {
                    close();
                }
            });
        }
        list();
    }

    /// The peer has taken something.
    void sent(int bytes) {
        loop.sent(bytes);
        if (deadlines != null) {
            deadlines.outputTaken(bytes);
        }
    }

    /// The peer's window is full; it has just filled up, or is full again or still.
    void blocked(boolean justFilled) {
        if (!loop.limits().writeTimeout().isZero()) {
            deadlines().limitStall(Durations.nanos(loop.limits().writeTimeout()), justFilled);
        }
        list();
    }

    /// Less is queued than the low mark, again.
    void caughtUp() {
        if (deadlines != null) {
            deadlines.caughtUp();
        }
    }

    @Override
    public void write(ByteBuffer bytes) {
        if (!loop.isCurrent()) {
            OutsideWrite.hand(this, bytes);
        } else if (!isOpen()) {
            bytes.position(bytes.limit());
        } else {
            Membership.catchUp(memberships);
            sendQueue.append(bytes);
            list();
        }
    }

    @Override
    public void write(SharedBytes shared) {
        if (loop.isCurrent()) {
            append(shared.counted());
        } else {
            OutsideWrite.hand(this, shared.counted());
        }
    }

    /// Queues bytes, if it is open; on the loop's thread.
    void append(CountedBytes bytes) {
        if (isOpen()) {
            Membership.catchUp(memberships);
            sendQueue.append(bytes);
            list();
        }
    }

    /// The end of the turn for this connection.
    void settle() {
        flags &= ~LISTED;
        if ((flags & Stage.OVER) != 0) {
            return; // Listed once more by what has ended it.
        }
        if (!isFailing()) {
            sendQueue.endTurn();
        }
        if (isOpen() && sendQueue.fellBelowLowMark()) {
            tell(protocol::writable);
        }
        if ((flags & (Stage.CLOSING | Stage.LINGERING | Stage.FAILING)) == Stage.CLOSING
                && sendQueue.isEmpty()) {
            finishSending();
        }
        if (!isFailing()) {
            updateInterest();
        }
        if (isFailing() && sendQueue.letGo()) {
            ENDING.run(this, loop.troubles());
        }
    }

    private void finishSending() {
        Membership.leaveAll(this);
        tellDisconnected();
        if (receiver.hasEnded() || !wire.shutdownOutput()) {
            flags |= Stage.FAILING;
            return;
        }
        flags |= Stage.LINGERING;
        receiver.discard();
        if (receiver.isEdge()) {
            receiver.defer();
        }
        deadlines().limitLinger(Durations.nanos(loop.limits().lingerTimeout()));
    }

    /// Ends it, with no reason to tell.
    public void giveUp() {
        flags |= Stage.FAILING;
        list();
    }

    /// Tells the driver what is wanted now.
    private void updateInterest() {
        int reads = receiver.isWanted() ? Selector.READ : 0;
        int wanted = sendQueue.isBlocked() ? reads | Selector.WRITE : reads;
        int known = interest();
        if (wanted == known || (receiver.isEdge() && known != 0)) {
            return;
        }
        try {
            loop.driver().watch(this, known, wanted, receiver.isEdge());
            nowWatchedFor(wanted);
        } catch (ErrnoException e) {
            nowWatchedFor(0);
            fail(e);
        }
    }

    private int interest() {
        return flags >>> INTEREST_SHIFT;
    }

    private void nowWatchedFor(int events) {
        flags = (flags & ~(-1 << INTEREST_SHIFT)) | (events << INTEREST_SHIFT);
    }

    /// Has something done on the loop's thread; what it throws is this connection's failure.
    void hand(Runnable change) {
        Runnable task =
                () -> {
                    try {
                        change.run();
                    } catch (Throwable e) {
                        failed(e);
                    }
                };
        loop.hand(task, 0);
    }

    @Override
    public void close() {
        if (!loop.isCurrent()) {
            hand(this::close);
        } else if (isOpen()) {
            Membership.catchUp(memberships);
            flags |= Stage.CLOSING;
            receiver.forget();
            list();
        }
    }

    @Override
    public void abort() {
        if (!loop.isCurrent()) {
            hand(this::abort);
        } else if (!isTold()) {
            fail(DisconnectedException.of(DisconnectedException.Reason.ABORTED));
        }
    }

    /// Marks it for its end; the first reason counts, and none does once the protocol was told.
    public void fail(IOException reason) {
        if ((flags & (Stage.FAILING | Stage.OVER)) == 0) {
            cause = isTold() ? null : reason;
            giveUp();
        }
    }

    /// The engine stops.
    void stopping() {
        if (isOpen()) {
            tell(() -> {
                if (!protocol.stopping()) {
                    close();
                }
            });
        }
    }

    private void unwatch() {
        flags |= Stage.OVER;
        if (interest() != 0) {
            loop.driver().forget(this);
        }
    }

    /// Is over, and gives nothing back, as a driver that has failed may still use it.
    void leave() {
        flags |= Stage.OVER;
        loop.remove(this);
        tellDisconnected();
    }

    /// Sees to it that [#settle()] is called at the end of the turn.
    void list() {
        if ((flags & (LISTED | Stage.OVER)) == 0) {
            flags |= LISTED;
            loop.list(this);
        }
    }

    @Override
    public void pauseReading() {
        if (!loop.isCurrent()) {
            hand(this::pauseReading);
        } else if (isOpen()) {
            receiver.pause();
            list();
        }
    }

    @Override
    public void resumeReading() {
        if (!loop.isCurrent()) {
            hand(this::resumeReading);
        } else if (isOpen()) {
            receiver.resume();
            list();
        }
    }

    @Override
    public long queuedBytes() {
        return sendQueue.bytes() + Math.max(handedOver, 0);
    }

    @Override
    public boolean isWritable() {
        return handedOver >= 0 && queuedBytes() <= loop.limits().outboundHighMark();
    }

    @Override
    public SocketAddress peer() {
        return wire.peer();
    }

    @Override
    public boolean isOpen() {
        return Stage.isOpen((int) FLAGS.getOpaque(this));
    }

    @Override
    public void execute(Runnable task) {
        loop.hand(() -> tell(task), 0);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        return Deadlines.schedule(this, () -> tell(task), delay);
    }

    boolean isTold() {
        return (flags & Stage.TOLD) != 0;
    }
}
