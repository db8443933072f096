package dev.pollux.engines;

import dev.pollux.libc.ErrnoException;
import dev.pollux.selectors.Selector;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One connection: joins a [Wire], a [Protocol], an [Intake] and an [Outbox], and knows how far its
/// life has gone.
///
/// **Life.** Open; then, by either side, *closing* (nothing more is written, what is queued is
/// flushed) and *lingering* (the sending half is shut, and the peer's last bytes are thrown away
/// until it ends too, so that no reset destroys what it has not read yet); or *failing* (everything
/// is dropped); and at last *over*.
///
/// **Nothing ends in the middle of a callback.** A failure only marks the connection; [#settle()],
/// at the end of the turn, sends what was written, changes the interest and ends what is to end.
///
/// Belongs to the loop's thread; the methods of [Transport] hand themselves over to it.
final class Connection implements Transport, ReadinessDriver.Source, Recipient {
    /// Nothing more may be written.
    private static final int CLOSING = 1;

    /// The sending half is shut; input is thrown away until the peer ends.
    private static final int LINGERING = 1 << 1;

    /// To be dropped when settled.
    private static final int FAILING = 1 << 2;

    /// Nothing happens any more.
    private static final int OVER = 1 << 3;

    /// On the loop's list of connections to settle.
    private static final int LISTED = 1 << 4;

    /// The protocol has been told of the end.
    private static final int TOLD = 1 << 5;

    private final Loop loop;
    private final Wire wire;
    private final Protocol protocol;
    private final Intake intake;
    private final Outbox outbox;

    /// The constants above. Other threads read it as a hint only.
    private int flags;

    /// What the driver has been told to watch for, 0 when it does not know this connection.
    private int interest;

    /// Bytes written by other threads that have not reached the outbox; changed by [OutsideWrite]
    /// only.
    volatile int handedOver;

    /// The groups it is in, null for none.
    @Nullable Membership memberships;

    /// Its place in the loop's table, -1 when it is in none.
    int index = -1;

    /// Its timers, null while it has had none.
    private @Nullable Deadlines deadlines;

    /// Why it failed; null for an orderly end.
    private @Nullable IOException cause;

    Connection(Loop loop, Wire wire, Protocol protocol, boolean edge) {
        this.loop = loop;
        this.wire = wire;
        this.protocol = protocol;
        this.intake = new Intake(this, edge);
        this.outbox = new Outbox(this);
    }

    Loop loop() {
        return loop;
    }

    Wire wire() {
        return wire;
    }

    Outbox outbox() {
        return outbox;
    }

    Intake intake() {
        return intake;
    }

    boolean isFailing() {
        return (flags & FAILING) != 0;
    }

    Deadlines deadlines() {
        if (deadlines == null) {
            deadlines = new Deadlines(this);
        }
        return deadlines;
    }

    /// Begins: tells the protocol, then receives.
    void open() {
        if (!loop.limits().idleTimeout().isZero()) {
            deadlines().limitIdle(loop.limits().idleTimeout().toNanos());
        }
        tell(() -> protocol.connected(this));
        list();
    }

    @Override
    public void ready(int events) {
        if ((events & Selector.WRITE) != 0 && outbox.isBlocked()) {
            outbox.unblock();
            list();
        }
        if ((events & ~Selector.WRITE) != 0) {
            intake.ready((events & ReadinessDriver.ENDING) != 0);
        }
    }

    /// Calls the protocol, unless it has been told of the end; one that throws loses its
    /// connection, nobody else notices.
    private void tell(Runnable callback) {
        if (isTold()) {
            return;
        }
        try {
            callback.run();
        } catch (RuntimeException | Error e) {
            protocolThrew(e);
        }
        Thread.interrupted();
    }

    @Override
    public Protocol protocol() {
        return protocol;
    }

    @Override
    public void protocolThrew(Throwable e) {
        loop.trouble("a protocol failed, its connection is reset: " + e, e);
        fail(new DisconnectedException(DisconnectedException.Reason.ABORTED));
    }

    private void tellDisconnected() {
        tell(() -> {
            flags |= TOLD;
            loop.disconnected(cause);
            protocol.disconnected(cause);
        });
    }

    void inputCame() {
        if (deadlines != null) {
            deadlines.inputCame();
        }
    }

    void peerEnded() {
        if ((flags & LINGERING) != 0) {
            flags |= FAILING;
        } else if ((flags & CLOSING) == 0) {
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
            deadlines.outputTaken();
        }
    }

    /// The peer's window is full; it has just filled up, or is full again or still.
    void blocked(boolean justFilled) {
        if (!loop.limits().writeTimeout().isZero()) {
            deadlines().limitStall(loop.limits().writeTimeout().toNanos(), justFilled);
        }
        list();
    }

    @Override
    public void write(ByteBuffer bytes) {
        if (!loop.isCurrent()) {
            OutsideWrite.hand(this, SharedBytes.copyOf(bytes));
        } else if (!isOpen()) {
            bytes.position(bytes.limit());
        } else {
            Membership.catchUp(memberships);
            outbox.append(bytes);
            list();
        }
    }

    @Override
    public void write(SharedBytes bytes) {
        if (!loop.isCurrent()) {
            OutsideWrite.hand(this, bytes.retain());
        } else if (isOpen()) {
            Membership.catchUp(memberships);
            outbox.append(bytes);
            list();
        }
    }

    /// The end of the turn for this connection.
    void settle() {
        flags &= ~LISTED;
        if ((flags & OVER) != 0) {
            return; // Listed once more by what has ended it.
        }
        if (!isFailing()) {
            outbox.flush();
        }
        if (isOpen() && outbox.fellBelowLowMark()) {
            tell(protocol::writable);
        }
        if ((flags & (CLOSING | LINGERING | FAILING)) == CLOSING && outbox.isEmpty()) {
            finishSending();
        }
        if (!isFailing()) {
            updateInterest();
        }
        if (isFailing() && outbox.letGo()) {
            end();
        }
    }

    private void finishSending() {
        Membership.leaveAll(this);
        tellDisconnected();
        if (intake.hasEnded() || !wire.shutdownOutput()) {
            flags |= FAILING;
            return;
        }
        flags |= LINGERING;
        intake.discard();
        if (intake.isEdge()) {
            intake.defer();
        }
        deadlines().limitLinger(loop.limits().lingerTimeout().toNanos());
    }

    /// Ends it, with no reason to tell.
    void giveUp() {
        flags |= FAILING;
        list();
    }

    /// Tells the driver what is wanted now.
    private void updateInterest() {
        int reads = intake.isWanted() ? Selector.READ : 0;
        int wanted = outbox.isBlocked() ? reads | Selector.WRITE : reads;
        if (wanted == interest || (intake.isEdge() && interest != 0)) {
            return;
        }
        try {
            loop.driver().watch(this, interest, wanted, intake.isEdge());
            interest = wanted;
        } catch (ErrnoException e) {
            interest = 0;
            fail(e);
        }
    }

    @Override
    public void close() {
        if (!loop.isCurrent()) {
            loop.hand(this::close, 0);
        } else if (isOpen()) {
            Membership.catchUp(memberships);
            flags |= CLOSING;
            intake.forget();
            list();
        }
    }

    @Override
    public void abort() {
        if (!loop.isCurrent()) {
            loop.hand(this::abort, 0);
        } else if (!isTold()) {
            fail(new DisconnectedException(DisconnectedException.Reason.ABORTED));
        }
    }

    /// Marks it for its end; the first reason counts, and none does once the protocol was told.
    void fail(IOException reason) {
        if ((flags & (FAILING | OVER)) == 0) {
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

    private void end() {
        flags |= OVER;
        if (interest != 0) {
            loop.driver().forget(this);
        }
        if (cause != null) {
            wire.resetOnClose();
        }
        wire.close();
        Membership.leaveAll(this);
        outbox.clear();
        intake.forget();
        if (deadlines != null) {
            deadlines.cancelAll();
        }
        loop.remove(this);
        tellDisconnected();
    }

    /// Sees to it that [#settle()] is called at the end of the turn.
    void list() {
        if ((flags & (LISTED | OVER)) == 0) {
            flags |= LISTED;
            loop.list(this);
        }
    }

    @Override
    public void pauseReading() {
        if (!loop.isCurrent()) {
            loop.hand(this::pauseReading, 0);
        } else if (isOpen()) {
            intake.pause();
            list();
        }
    }

    @Override
    public void resumeReading() {
        if (!loop.isCurrent()) {
            loop.hand(this::resumeReading, 0);
        } else if (isOpen()) {
            intake.resume();
            list();
        }
    }

    @Override
    public long queuedBytes() {
        return (long) outbox.bytes() + handedOver;
    }

    @Override
    public boolean isWritable() {
        return queuedBytes() <= loop.limits().outboundHighMark();
    }

    @Override
    public SocketAddress peer() {
        return wire.peer();
    }

    @Override
    public boolean isOpen() {
        return (flags & (CLOSING | FAILING | OVER)) == 0;
    }

    @Override
    public void execute(Runnable task) {
        loop.hand(() -> tell(task), 0);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        return new Alarm(this, () -> tell(task), delay);
    }

    /// {@return whether the protocol has been told of the end: it hears nothing any more}
    boolean isTold() {
        return (flags & TOLD) != 0;
    }
}
