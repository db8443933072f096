package dev.pollux.engines.loop;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.Memory;
import dev.pollux.selectors.Selector;
import org.jspecify.annotations.Nullable;

/// A connected socket in the simulated kernel, with what is on its way in both directions. The
/// peer's bytes are numbered, so that none need be kept; ours are kept as they are.
public final class SimulatedSocket implements SimulatedPoller.Watched {
    private final Simulation world;
    public final int number;

    /// What is on its way to us at most, and to the peer.
    private final int windowIn;

    private final byte[] out;
    private int outStart;
    private int outSize;

    private final byte[] scratch = new byte[64 * 1024];

    /// How many bytes the peer has sent, and we have received.
    private long sentByPeer;

    private long received;

    /// How many bytes were taken of ours.
    private long taken;

    private boolean finishedByPeer;
    private boolean leftByPeer;
    private boolean reset;
    private boolean resetTold;
    private boolean shut;
    private boolean closed;
    private boolean resetByUs;

    /// A send has found too little room since there was some.
    private boolean shortOfRoom;

    private SimulatedPoller.@Nullable Watch watch;

    SimulatedSocket(Simulation world, int number) {
        this.world = world;
        this.number = number;
        int window = world.chance().oneOf(512, 4096, 20_000);
        this.windowIn = world.kind().flooded() ? 20_000 : window;
        this.out = new byte[world.chance().oneOf(256, 2048, 16_384, 65_536)];
    }

    /// {@return the byte that a peer sends at a place}
    static byte byteAt(int socket, long place) {
        return (byte) (place * 31 + (place >> 8) * 7 + socket * 17L);
    }

    // What the engine sees.

    public int receive(long address, int size) {
        world.require(!closed, "a socket is received from after its end");
        Chance chance = world.chance();
        if (chance.strikes(Fault.RESET)) {
            resetByPeer();
        }
        if (reset) {
            return told();
        }
        if (chance.strikes(Fault.INTERRUPTED)) {
            return -Errno.EINTR;
        }
        long there = sentByPeer - received;
        if (there == 0) {
            return finishedByPeer ? 0 : -Errno.EAGAIN;
        }
        if (chance.strikes(Fault.SPURIOUS)) {
            changed(); // As it is with what comes a moment later.
            return -Errno.EAGAIN;
        }
        int count = (int) Math.min(size, there);
        if (chance.strikes(Fault.SHORT_RECEIVE)) {
            count = 1 + chance.below(count);
            changed();
        }
        bring(address, count);
        return count;
    }

    private void bring(long address, int count) {
        for (int i = 0; i < count; i++) {
            scratch[i] = byteAt(number, received + i);
        }
        Memory.copy(scratch, 0, address, count);
        received += count;
    }

    /// {@return what says that it was reset: once, and then the end}
    private int told() {
        if (resetTold) {
            return 0;
        }
        resetTold = true;
        return -Errno.ECONNRESET;
    }

    /// Sends from one place.
    public int send(long address, int size) {
        int result = admit(size);
        if (result > 0) {
            keep(address, result);
        }
        return result;
    }

    /// Sends from several places.
    public int sendGathered(long iov, int count) {
        int result = admit(size(iov, count));
        for (int i = 0, left = result; left > 0; i++) {
            int part = Math.min(left, sizeAt(iov, i));
            keep(Memory.getLong(iov + (long) i * Descriptors.IOVEC_BYTES), part);
            left -= part;
        }
        return result;
    }

    /// {@return how many bytes are in several places}
    static int size(long iov, int count) {
        int size = 0;
        for (int i = 0; i < count; i++) {
            size += sizeAt(iov, i);
        }
        return size;
    }

    private static int sizeAt(long iov, int place) {
        return (int) Memory.getLong(iov + (long) place * Descriptors.IOVEC_BYTES + Long.BYTES);
    }

    /// {@return how much of what is sent there is room for, or `-errno`}
    private int admit(int size) {
        world.require(!closed && !shut, "a socket is sent to after its end");
        Chance chance = world.chance();
        if (chance.strikes(Fault.RESET)) {
            resetByPeer();
        }
        if (reset || leftByPeer) {
            return -Errno.EPIPE;
        }
        if (chance.strikes(Fault.INTERRUPTED)) {
            return -Errno.EINTR;
        }
        int count = Math.min(size, out.length - outSize);
        if (count > 0 && chance.strikes(Fault.SHORT_SEND)) {
            count = chance.below(count);
        }
        if (count < size) {
            shortOfRoom = true;
            if (hasRoom(outSize + count)) {
                changed(); // As it is where the peer has read meanwhile.
            }
        }
        return count == 0 ? -Errno.EAGAIN : count;
    }

    private void keep(long address, int count) {
        Memory.copy(address, scratch, 0, count);
        for (int i = 0; i < count; i++) {
            out[(outStart + outSize + i) % out.length] = scratch[i];
        }
        outSize += count;
        taken += count;
    }

    public boolean shutdownOutput() {
        world.require(!closed, "a socket is shut after its end");
        if (reset) {
            return false;
        }
        shut = true;
        changed();
        return true;
    }

    public void resetOnClose() {
        resetByUs = true;
    }

    public void close() {
        world.require(!closed, "a socket is closed twice");
        closed = true;
        if (resetByUs) {
            outSize = 0;
        }
        watch = null;
    }

    /// {@return how many bytes the peer has not read}
    public int untaken() {
        return outSize;
    }

    /// {@return how many bytes were taken from us}
    long taken() {
        return taken;
    }

    @Override
    public int ready() {
        int ready = 0;
        if (sentByPeer > received || finishedByPeer || reset) {
            ready |= Selector.READ;
        }
        if (reset || leftByPeer || hasRoom(outSize)) {
            ready |= Selector.WRITE;
        }
        if (finishedByPeer) {
            ready |= Selector.READ_CLOSED;
        }
        if (reset || (finishedByPeer && shut)) {
            ready |= Selector.HANGUP;
        }
        return reset ? ready | Selector.ERROR : ready;
    }

    @Override
    public void watchedBy(SimulatedPoller.@Nullable Watch watched) {
        watch = watched;
    }

    /// {@return whether a poll tells of room}
    public boolean hasRoom() {
        return (ready() & Selector.WRITE) != 0;
    }

    /// {@return whether it is worth telling that there is room}
    private boolean hasRoom(int waiting) {
        return out.length - waiting > out.length / 3;
    }

    private void changed() {
        if (watch != null) {
            watch.changed();
        }
    }

    // What the peer does.

    /// {@return how many bytes it could send}
    int room() {
        return closed || reset ? 0 : (int) (windowIn - (sentByPeer - received));
    }

    void sendByPeer(int count) {
        sentByPeer += count;
        changed();
    }

    /// Reads what we have sent.
    ///
    /// @return how many bytes
    int readByPeer(byte[] to, int most) {
        int count = Math.min(most, outSize);
        for (int i = 0; i < count; i++) {
            to[i] = out[(outStart + i) % out.length];
        }
        outStart = (outStart + count) % out.length;
        outSize -= count;
        if (shortOfRoom && hasRoom(outSize)) {
            shortOfRoom = false;
            changed();
        }
        return count;
    }

    void finishByPeer() {
        finishedByPeer = true;
        changed();
    }

    /// The peer closes: what it has sent is still there, and what it is sent is refused.
    void leaveByPeer() {
        finishedByPeer = true;
        leftByPeer = true;
        outSize = 0;
        changed();
    }

    void resetByPeer() {
        reset = true;
        sentByPeer = received;
        outSize = 0;
        changed();
    }

    boolean isFinishedByPeer() {
        return finishedByPeer;
    }

    /// {@return whether the peer will be told something when it reads}
    boolean hasNewsForPeer() {
        return outSize > 0 || isEnded();
    }

    /// {@return whether nothing more comes from us}
    boolean isEnded() {
        return outSize == 0 && (shut || closed || reset);
    }

    boolean isReset() {
        return reset || resetByUs;
    }

    boolean isResetByPeer() {
        return reset;
    }

    boolean isLeftByPeer() {
        return leftByPeer;
    }

    public boolean isClosed() {
        return closed;
    }

    public boolean hasInput() {
        return sentByPeer > received || finishedByPeer || reset;
    }

    long receivedSoFar() {
        return received;
    }

    @Override
    public String toString() {
        return "socket " + number;
    }
}
