package dev.pollux.engines.loop;

import dev.pollux.engines.DisconnectedException;
import dev.pollux.engines.Protocol;
import dev.pollux.engines.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A protocol that does anything it may, by lot, in every callback; and sees to it that what it is
/// told is what it should be. What it does, other threads do with it as well ([#anything()]).
final class RandomProtocol implements Protocol {
    /// What it throws on purpose.
    static final class Thrown extends RuntimeException {
        private static final long serialVersionUID = 1;

        Thrown() {
            super("on purpose");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    /// A timer may be so much later than it should: two ticks, and some turns.
    private static final long LATE_NANOS = 400_000_000;

    /// Every pause is over by then, by far.
    private static final long PAUSE_MOST_NANOS = 2_000_000_000;

    private final Simulation world;
    private final Chance chance;
    private @Nullable Connection connection;
    private @Nullable SimulatedSocket socket;
    private @Nullable Correspondence correspondence;

    /// How many of the peer's bytes have been consumed, and offered.
    private long consumed;

    private long offered;

    private boolean sawEnd;
    private boolean toldToStop;
    private boolean over;
    private @Nullable IOException cause;

    /// Since when it has been told of no input though there is some; -1 when there is none.
    private long hungrySince = -1;

    /// What had been offered then.
    private long offeredBefore;

    /// Pauses after each piece of input, for a moment.
    private final boolean nervous;

    /// It was told that it will be told when it may write.
    private boolean promised;

    /// Others have written to it, which the promise does not cover.
    private boolean writtenByOthers;

    /// What had not been sent when the socket was closed; -1 where that cannot be told.
    private long costAtEnd = -1;

    /// Others have ever written to it.
    private boolean hasOthers;

    /// Since when it is over, and only the end of the peer is waited for; -1 when it is not.
    private long lingersSince = -1;

    /// Waits in a group until it has caught up; null when it does not.
    private @Nullable RandomGroup waitsFor;

    private final ArrayList<Transport.Timer> timers = new ArrayList<>();

    /// How many tasks were handed over by each thread, and have run.
    private final Map<Integer, int[]> tasks = new HashMap<>();

    RandomProtocol(Simulation world) {
        this.world = world;
        this.chance = world.chance();
        this.nervous = chance.oneIn(3) || world.kind().flooded();
    }

    Connection connection() {
        return java.util.Objects.requireNonNull(connection);
    }

    SimulatedSocket socket() {
        return java.util.Objects.requireNonNull(socket);
    }

    Correspondence correspondence() {
        return java.util.Objects.requireNonNull(correspondence);
    }

    boolean endedInOrder() {
        return over && cause == null;
    }

    /// {@return whether it has not been told for long of input that there is: nobody pauses so
    /// long}
    boolean starves(long now) {
        SimulatedSocket from = socket();
        boolean hungry =
                connection().isOpen()
                        && (offered < from.receivedSoFar() || (from.isFinishedByPeer() && !sawEnd));
        if (!hungry) {
            hungrySince = -1;
        } else if (hungrySince < 0 || offered != offeredBefore) {
            hungrySince = now;
            offeredBefore = offered;
        }
        return hungry && now - hungrySince > PAUSE_MOST_NANOS;
    }

    /// {@return whether the end of the peer is waited for longer than may be}
    boolean lingersTooLong(long now) {
        if (!over || socket().isClosed()) {
            lingersSince = -1;
        } else if (lingersSince < 0) {
            lingersSince = now;
        }
        long most = world.limits().lingerTimeout().toNanos() + LATE_NANOS;
        return lingersSince >= 0 && now - lingersSince > most;
    }

    /// The socket is about to be closed. A member of a group may be cut off in the middle of a
    /// write, of which some is sent all the same.
    void closes() {
        costAtEnd = connection().memberships == null ? connection().sendQueue().cost() : -1;
    }

    /// {@return whether it was cut off as too slow though no more was waiting than may}
    private boolean isWronged(@Nullable IOException reason) {
        boolean slow =
                reason instanceof DisconnectedException told
                        && told.reason() == DisconnectedException.Reason.SLOW_RECEIVER;
        boolean plenty = world.limits().memoryBytesMax() >= WorldKind.PLENTY_BYTES;
        boolean judged = costAtEnd >= 0 && !hasOthers && plenty;
        return slow && judged && costAtEnd <= world.limits().outboundBytesMax();
    }

    boolean isToldToStop() {
        return toldToStop;
    }

    boolean isPromised() {
        return promised && !writtenByOthers;
    }

    @Nullable RandomGroup waitsFor() {
        return waitsFor;
    }

    @Override
    public void connected(Transport transport) {
        Connection begun = (Connection) transport;
        connection = begun;
        SimulatedSocket mine = world.socketOf(begun.wire());
        socket = mine;
        correspondence = new Correspondence(world, begun.loop().number());
        world.began(this);
        note("connected", mine.number);
        act();
    }

    @Override
    public void received(ByteBuffer bytes) {
        int size = bytes.remaining();
        SimulatedSocket from = socket();
        for (int i = 0; i < size; i++) {
            world.require(
                    bytes.get(i) == SimulatedSocket.byteAt(from.number, consumed + i),
                    "a byte is not the one that the peer has sent");
        }
        world.require(consumed + size <= from.receivedSoFar(), "more is offered than has come");
        offered = consumed + size;
        note("received", size);
        int taken = chance.oneIn(4) ? chance.below(size + 1) : size;
        bytes.position(taken);
        consumed += taken;
        world.require(
                connection().receiver().keptBytes() <= world.keptMost(),
                "more input is kept than may be");
        if (nervous) {
            pause();
            if (chance.oneIn(2)) {
                connection().execute(this::resume);
            } else {
                world.sleeps(this);
            }
        }
        act();
    }

    @Override
    public boolean eof() {
        note("eof", offered);
        world.require(
                offered == socket().receivedSoFar(), "the end comes before all that is before it");
        sawEnd = true;
        boolean stays = chance.oneIn(3);
        if (stays) {
            connection().schedule(someTime(), connection()::close);
        }
        act();
        return stays;
    }

    @Override
    public void writable() {
        world.require(!connection().sendQueue().isHigh(), "it may write again, and it may not");
        note("writable", connection().queuedBytes());
        promised = false;
        act();
    }

    @Override
    public boolean stopping() {
        note("stopping", 0);
        toldToStop = true;
        act();
        return chance.oneIn(4);
    }

    @Override
    public void disconnected(@Nullable IOException reason) {
        note(reason == null ? "disconnected" : "disconnected: " + reason.getMessage(), 0);
        over = true;
        cause = reason;
        world.require(!isWronged(reason), "a peer is cut off as slow that was not");
        world.require(
                reason != null || connection().sendQueue().isEmpty(),
                "a connection ends in order before all is sent");
        world.ended(this);
        world.baton().pass();
        throwSomething();
    }

    private void note(String callback, long number) {
        world.note(this, callback, number);
    }

    /// What follows in each callback.
    private void act() {
        world.baton().pass();
        world.wakeSleepers();
        for (int i = chance.below(3); i > 0; i--) {
            (chance.oneIn(6) ? world.somebody(this) : this).anything();
        }
        throwSomething();
    }

    private void throwSomething() {
        if (chance.strikes(Fault.THROWS)) {
            throw new Thrown();
        }
        if (chance.strikes(Fault.NO_HEAP)) {
            throw new OutOfMemoryError("on purpose");
        }
    }

    /// Does one thing, on any thread.
    void anything() {
        switch (chance.below(20)) {
            case 0, 1, 2, 3, 4 -> write();
            case 5 -> pause();
            case 6 -> resume();
            case 7 -> end();
            case 8, 9 -> world.group().join(this);
            case 10 -> world.group().leave(this);
            case 11, 12, 13 -> world.group().broadcast(this);
            case 14 -> schedule();
            case 15 -> cancel();
            case 16 -> execute();
            case 17, 18 -> world.bystander().give(() -> world.somebody(this).anything());
            default -> awaitCaughtUp();
        }
        world.baton().pass();
    }

    private void write() {
        Connection to = connection();
        boolean isOwn = to.loop().isCurrent();
        Frame frame = world.write(null);
        correspondence().wrote(frame, isOwn && to.isOpen());
        if (chance.oneIn(3)) {
            to.write(world.shared(frame));
        } else {
            ByteBuffer bytes = bytesOf(frame);
            to.write(bytes);
            world.require(!bytes.hasRemaining(), "a write leaves something");
            bytes.clear().put(new byte[frame.size()]); // It has been copied, or sent.
        }
        if (!isOwn) {
            writtenByOthers = true;
            hasOthers = true;
        } else if (to.isOpen() && !to.isWritable()) {
            promised = true;
        }
    }

    /// {@return every other frame as memory outside the heap, which may be sent without a copy}
    private static ByteBuffer bytesOf(Frame frame) {
        ByteBuffer bytes = ByteBuffer.wrap(frame.bytes());
        return frame.number() % 2 == 0
                ? bytes
                : ByteBuffer.allocateDirect(frame.size()).put(bytes).flip();
    }

    /// Each pause has an end of its own, as one may overtake another.
    private void pause() {
        connection().pauseReading();
        connection().schedule(someTime(), this::resume);
    }

    void resume() {
        connection().resumeReading();
    }

    private void end() {
        if (chance.oneIn(4)) {
            connection().close();
        } else if (chance.oneIn(8)) {
            connection().abort();
        }
    }

    private void schedule() {
        Duration delay = someTime();
        long due = world.baton().nanoTime() + delay.toNanos();
        boolean isOwn = connection().loop().isCurrent();
        timers.add(
                connection()
                        .schedule(
                                delay,
                                () -> {
                                    runs();
                                    long late = world.baton().nanoTime() - due;
                                    world.require(late >= 0, "a timer comes early");
                                    world.require(
                                            !isOwn || late < LATE_NANOS, "a timer comes late");
                                }));
    }

    private void runs() {
        world.require(!over, "something runs after the end");
        world.require(connection().loop().isCurrent(), "something runs on another thread");
        world.note(this, "runs", 0);
        world.baton().pass();
        if (chance.oneIn(2)) {
            anything();
        }
    }

    private void cancel() {
        if (!timers.isEmpty()) {
            timers.remove(chance.below(timers.size())).cancel();
        }
    }

    private void execute() {
        int[] order = tasks.computeIfAbsent(world.source(), _ -> new int[2]);
        int number = order[0]++;
        connection()
                .execute(() -> {
                    world.require(number == order[1]++, "tasks run in another order");
                    runs();
                });
    }

    private void awaitCaughtUp() {
        if (waitsFor == null && connection().loop().isCurrent() && !over) {
            RandomGroup group = world.group();
            waitsFor = group;
            group.group.whenCaughtUp(
                    connection(),
                    () -> {
                        waitsFor = null;
                        runs();
                    });
        }
    }

    private Duration someTime() {
        return Duration.ofNanos(chance.below(chance.oneOf(1, 1_000_000, 300_000_000)));
    }

    @Override
    public String toString() {
        return socket == null ? "a protocol" : "protocol " + socket().number;
    }
}
