package dev.pollux.engines.blocking;

import dev.pollux.engines.DisconnectedException;
import dev.pollux.engines.Limits;
import dev.pollux.engines.Protocol;
import dev.pollux.engines.SharedBytes;
import dev.pollux.engines.Transport;
import dev.pollux.engines.io.BlockingWire;
import dev.pollux.engines.io.CountedBytes;
import dev.pollux.engines.shared.Ending;
import dev.pollux.engines.shared.Recipient;
import dev.pollux.engines.shared.Stage;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One connection of a blocking engine: a thread of its own sleeps until bytes come and gives them
/// to the protocol.
///
/// The protocol is called by one thread at a time, the one that has the [Strand]: the connection's
/// own for what comes in, the engine's errand thread for tasks, timers and what else happens while
/// that one is asleep. The methods of [Transport] never wait for the turn.
///
/// Only its own thread ends it: it closes the wire when nobody else is inside any more.
final class BlockingConnection implements Transport, Recipient, Runnable {
    /// In its turn, but for the last two.
    private static final Ending<BlockingConnection> ENDING =
            new Ending<>(
                    List.of(
                            connection -> connection.strand.take(),
                            connection -> connection.queue.end(),
                            connection -> connection.engine.closing(connection.wire),
                            connection -> connection.lifecycle.end(),
                            connection -> connection.receiver.free(),
                            connection -> connection.groups.leaveAll(),
                            BlockingConnection::tellDisconnected,
                            connection -> connection.strand.giveBack(),
                            connection -> connection.timers.end(),
                            connection -> connection.engine.closed(connection)));

    private final BlockingEngine engine;
    private final BlockingWire wire;
    private final Protocol protocol;
    private final Lifecycle lifecycle;
    private final Strand strand;
    private final BlockingSendQueue queue;
    private final BlockingReceiver receiver;
    private final BlockingTimers timers;
    private final Thread thread = Thread.currentThread();

    private final BlockingMemberships groups = new BlockingMemberships(this);

    /// Whose list it was put on last, and has not been flushed since: a hint, to be listed once.
    private volatile @Nullable Cork listedIn;

    /// Makes one, on its own thread.
    BlockingConnection(BlockingEngine engine, BlockingWire wire, Protocol protocol) {
        this.engine = engine;
        this.wire = wire;
        this.protocol = protocol;
        this.lifecycle = new Lifecycle(wire);
        this.strand = new Strand(engine.threads()::errand, this::failed);
        Limits limits = engine.limits();
        this.queue = new BlockingSendQueue(this, wire, engine.segments(), limits);
        this.receiver = new BlockingReceiver(this, wire, lifecycle, strand, limits);
        this.timers = new BlockingTimers(this, engine.threads(), limits);
    }

    BlockingEngine engine() {
        return engine;
    }

    /// {@return whether its descriptor was adopted}
    boolean isAdopted() {
        return wire instanceof PolledDescriptor;
    }

    /// Serves it to its end, also when something throws that should not, as the JDK's own classes
    /// do where there is no descriptor or memory for them: a stop would wait for it for ever.
    /// Throws nothing.
    @Override
    public void run() {
        try {
            strand.run(this::open);
            receiver.run();
        } catch (Throwable e) {
            failed("a connection's thread failed, it is reset", e);
        }
        ENDING.run(this, engine.troubles());
    }

    private void open() {
        engine.opened(this);
        timers.limitIdle();
        tell(() -> protocol.connected(this));
        if (engine.isStopping()) {
            tellStopping();
        }
    }

    /// Calls the protocol; one that throws loses its connection, nobody else notices.
    private void tell(Runnable callback) {
        Recipient.call(this, callback);
    }

    /// The peer has finished sending.
    void tellEof() {
        tell(() -> {
            if (!protocol.eof()) {
                close();
            }
        });
    }

    @Override
    public Protocol protocol() {
        return protocol;
    }

    /// Something threw that the engine does for this connection. Throws nothing.
    void failed(Throwable e) {
        failed("a connection failed, it is reset", e);
    }

    @Override
    public void failed(String what, Throwable e) {
        try {
            fail(DisconnectedException.of(DisconnectedException.Reason.ABORTED));
        } catch (Throwable _) {
            // It is marked, and ends all the same.
        }
        engine.troubles().tell(what, e);
    }

    @Override
    public void write(ByteBuffer bytes) {
        appended(queue.append(bytes));
        written();
    }

    @Override
    public void write(SharedBytes bytes) {
        appended(queue.append(bytes.counted()));
        written();
    }

    /// Queues a group's bytes, which leave with [#writtenByGroup()]: it is judged there, when
    /// nothing is locked. Throws nothing, as the other members are to get them.
    void queueForGroup(CountedBytes bytes) {
        try {
            var _ = queue.append(bytes);
        } catch (Throwable e) {
            failed(e);
        }
    }

    private void appended(boolean withinBounds) {
        if (!withinBounds) {
            queue.relieve();
        }
        engine.holdings().check();
    }

    /// Sends what a group has queued: like any write, but at once when it is much, so that it shows
    /// who falls behind. Throws nothing.
    void writtenByGroup() {
        try {
            if (queue.isBeyond() || queue.isHigh()) {
                queue.relieve();
            } else {
                written();
            }
        } catch (Throwable e) {
            failed(e);
        }
    }

    /// Sends what is queued: at the end of the callback the thread is in, or else at once.
    void written() {
        Cork mine = Cork.current();
        if (mine == null || !mine.isOpen()) {
            queue.flush();
        } else if (listedIn != mine) {
            listedIn = mine;
            mine.add(this);
        }
    }

    /// {@return what it holds: in its queue, and unread}
    long heldBytes() {
        return queue.cost() + receiver.unread();
    }

    /// The callback in which it was written to has returned.
    void flushListed() {
        listedIn = null;
        try {
            queue.flush();
        } catch (Throwable e) {
            failed(e);
        }
    }

    /// {@return whether the calling thread may sleep for this connection's peer}
    @SuppressWarnings("ReferenceEquality") // a thread is only ever itself
    boolean maySleep() {
        return Thread.currentThread() == thread && !Cork.mine().isOpen();
    }

    /// A sender that may have to sleep begins.
    void stalls() {
        timers.limitStall();
    }

    long stalledNanos() {
        return queue.stalledNanos();
    }

    /// {@return how much of what was sent the peer has not taken yet; or `-errno` when that is not
    /// known}
    int untaken() {
        return lifecycle.untaken();
    }

    /// {@return whether its socket has room by now}
    boolean hasRoom() {
        return lifecycle.hasRoom();
    }

    /// The peer has taken something of what was sent.
    void peerTook() {
        queue.peerTook();
    }

    /// More than the high mark waits, and the peer has no room.
    void fellBehind() {
        if (groups.waitFor()) {
            timers.limitLag();
        }
        if (!queue.isHigh()) { // It has caught up meanwhile.
            groups.waitNoMore();
            timers.endLag();
        }
    }

    /// {@return how many bytes the peer has taken}
    long taken() {
        return queue.taken();
    }

    /// Has a thread send what is queued.
    ///
    /// @throws OutOfMemoryError when the system has no thread to give
    void startWriter(Runnable writer) {
        engine.threads().write(writer, wire.canTry());
    }

    /// Input has come, or is over.
    void inputCame(int bytes) {
        engine.counters().woke();
        engine.counters().received(bytes);
        timers.inputCame(bytes);
    }

    /// Sends what is queued, if nobody does; never sleeps.
    void flush() {
        queue.flush();
    }

    /// The kernel has taken something.
    void took(int bytes) {
        engine.counters().sent(bytes);
    }

    /// A sender has come to an end, or to a mark.
    void sent() {
        if ((lifecycle.isOpen() || lifecycle.isToBeShut()) && queue.hasNews()) {
            strand.post(this::settle);
        }
    }

    private void settle() {
        if (lifecycle.isOpen() && queue.fellBelowLowMark()) {
            groups.waitNoMore();
            timers.endLag();
            tell(protocol::writable);
        }
        if (lifecycle.isToBeShut() && queue.isFinished()) {
            groups.leaveAll();
            tellDisconnected();
            if (lifecycle.shut()) {
                timers.limitLinger();
            }
        }
    }

    @Override
    public void close() {
        if (lifecycle.close()) {
            queue.close();
            written();
        }
    }

    @Override
    public void abort() {
        if (!isTold()) {
            fail(new DisconnectedException(DisconnectedException.Reason.ABORTED));
        }
    }

    boolean isFailing() {
        return lifecycle.is(Stage.FAILING);
    }

    /// Marks it for its end; its thread does the rest.
    void fail(IOException reason) {
        if (lifecycle.fail(reason)) {
            queue.close();
        }
    }

    /// Ends it, with no reason to tell.
    void giveUp() {
        lifecycle.fail(null);
    }

    /// The engine stops.
    void stopping() {
        strand.post(this::tellStopping);
    }

    private void tellStopping() {
        if (lifecycle.isOpen() && lifecycle.note(Lifecycle.STOPPING)) {
            tell(() -> {
                if (!protocol.stopping()) {
                    close();
                }
            });
        }
    }

    private void tellDisconnected() {
        if (lifecycle.note(Stage.TOLD)) {
            IOException cause = lifecycle.cause();
            engine.disconnected(cause);
            Recipient.tellDisconnected(this, cause);
        }
    }

    /// {@return the groups it is in}
    BlockingMemberships groups() {
        return groups;
    }

    @Override
    public void pauseReading() {
        strand.inOrder(this::pause);
    }

    private void pause() {
        if (lifecycle.isOpen()) {
            lifecycle.note(Lifecycle.PAUSED);
        }
    }

    @Override
    public void resumeReading() {
        strand.inOrder(this::resume);
    }

    private void resume() {
        if (lifecycle.isOpen() && lifecycle.resume()) {
            strand.post(receiver::offerUnread);
        }
    }

    @Override
    public long queuedBytes() {
        return queue.bytes();
    }

    @Override
    public boolean isWritable() {
        return queue.bytes() <= engine.limits().outboundHighMark();
    }

    @Override
    public SocketAddress peer() {
        return wire.peer();
    }

    @Override
    public boolean isOpen() {
        return lifecycle.isOpen();
    }

    /// {@return whether the protocol has been told of the end: it hears nothing any more}
    boolean isTold() {
        return lifecycle.is(Stage.TOLD);
    }

    @Override
    public void execute(Runnable task) {
        strand.post(() -> {
            if (!isTold()) {
                tell(task);
            }
        });
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        return timers.schedule(delay, task);
    }
}
