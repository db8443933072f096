package dev.pollux.engines.loop;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Who is at the other end of a simulated socket: sends numbered bytes, reads at a pace of its own,
/// stops reading for a while, finishes, resets or vanishes, all by lot.
final class RemotePeer implements Baton.Actor {
    private static final int FLOOD_BYTES = 300_000;

    private final Simulation world;
    private final SimulatedSocket socket;

    /// How many bytes it still wants to send.
    private int toSend;

    private final int readsAtOnce;
    private final long paceNanos;

    /// What becomes of it.
    private final boolean resets;

    private final boolean vanishes;
    private final boolean leaves;

    private final byte[] input = new byte[16 * 1024];

    /// The frame that is being received.
    private final ByteBuffer head = ByteBuffer.allocate(Frame.HEAD);

    private @Nullable Frame frame;
    private int place;

    private long nextAct;
    private boolean sawEnd;
    private boolean gone;

    /// The connection at the other end, null until it has begun.
    private @Nullable RandomProtocol protocol;

    RemotePeer(Simulation world, SimulatedSocket socket) {
        this.world = world;
        this.socket = socket;
        Chance chance = world.chance();
        int some = chance.oneIn(4) ? 0 : chance.below(chance.oneOf(500, 20_000, 200_000));
        this.toSend = world.kind().flooded() ? FLOOD_BYTES : some;
        this.readsAtOnce = chance.oneOf(16, 500, 16 * 1024);
        long pace = chance.oneOf(0, 100_000, 5_000_000, 200_000_000);
        this.paceNanos = world.kind().flooded() ? 0 : pace;
        this.resets = chance.oneIn(10);
        this.vanishes = chance.oneIn(16);
        this.leaves = chance.oneIn(10);
        this.nextAct = world.baton().nanoTime();
    }

    void isTalkingTo(RandomProtocol other) {
        protocol = other;
    }

    /// The other end is about to close.
    void closes() {
        if (protocol != null) {
            protocol.closes();
        }
    }

    @Override
    public long readyAt() {
        if (gone) {
            return Baton.NEVER;
        }
        boolean canSend = toSend > 0 && socket.room() > 0;
        boolean canRead = !sawEnd && socket.hasNewsForPeer();
        boolean canFinish = toSend == 0 && !socket.isFinishedByPeer();
        return canSend || canRead || canFinish ? nextAct : Baton.NEVER;
    }

    @Override
    public void act() {
        Chance chance = world.chance();
        nextAct = world.baton().nanoTime() + (paceNanos == 0 ? 0 : chance.below((int) paceNanos));
        if (chance.oneIn(200)) {
            nextAct += 2_000_000_000L; // It stops for a while.
        }
        if (resets && chance.oneIn(40)) {
            socket.resetByPeer();
            end("resets");
        } else if (vanishes && chance.oneIn(40)) {
            end("vanishes");
        } else if (leaves && chance.oneIn(40)) {
            socket.leaveByPeer();
            end("leaves");
        } else if (chance.oneIn(2)) {
            read();
        } else {
            send();
        }
    }

    private void end(String how) {
        world.note(socket, how, 0);
        gone = true;
    }

    private void send() {
        int count = Math.min(toSend, socket.room());
        if (count > 0) {
            count = world.chance().size(count);
            toSend -= count;
            socket.sendByPeer(count);
            world.note(socket, "peer sends", count);
        } else if (toSend == 0 && !socket.isFinishedByPeer() && world.chance().oneIn(4)) {
            socket.finishByPeer();
            world.note(socket, "peer finishes", 0);
        }
    }

    private void read() {
        int count = socket.readByPeer(input, world.chance().size(readsAtOnce));
        if (count > 0) {
            world.note(socket, "peer reads", count);
            for (int i = 0; i < count; i++) {
                take(input[i]);
            }
        } else if (socket.isEnded() && !sawEnd) {
            sawEnd = true;
            world.note(socket, "peer sees the end", 0);
        }
    }

    private void take(byte next) {
        Frame current = frame;
        if (current == null) {
            head.put(next);
            if (!head.hasRemaining()) {
                begin();
            }
            return;
        }
        world.require(current.byteAt(place) == next, "a byte is not the one that was written");
        place++;
        completeIfDone(current);
    }

    private void begin() {
        head.flip();
        int number = head.getInt();
        int size = head.getInt();
        head.clear();
        Frame begun = world.frame(number);
        world.require(begun != null && begun.size() == size, "what comes is no frame");
        frame = begun;
        place = Frame.HEAD;
        if (begun != null) {
            completeIfDone(begun);
        }
    }

    private void completeIfDone(Frame current) {
        if (place == current.size()) {
            frame = null;
            RandomProtocol other = protocol;
            if (other != null) {
                other.correspondence().arrived(current);
            }
        }
    }

    /// At the end of the simulation: has it received what it was to?
    void judge() {
        RandomProtocol other = protocol;
        if (other != null && other.endedInOrder() && sawEnd && !gone && !socket.isReset()) {
            world.require(frame == null, "a connection ended in order in the middle of a frame");
            world.require(
                    other.correspondence().isComplete(),
                    "a connection ended in order, and not all has come that was written");
        }
    }
}
