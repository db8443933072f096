package dev.pollux.engines.uring;

import dev.pollux.engines.loop.Loop;
import dev.pollux.engines.loop.TimerWheel;
import dev.pollux.engines.shared.AcceptTrouble;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import dev.pollux.libc.SocketAddresses;
import dev.pollux.libc.Sqe;
import dev.pollux.libc.UringRequests;
import dev.pollux.libc.UringSockets;

/// One loop's share of a door: accepts that wait in the loop's [Ring], each with a place for the
/// peer's address, and that make direct descriptors. The kernel hands a new connection to the
/// accept that has waited longest, so the loops of an engine take turns.
///
/// Single accepts, not one that goes on and on: that one could not tell the peers' addresses, and
/// knows no limit. There are never more than there are free places in the ring's table. Without any
/// place the gate is *dry*, and says so.
///
/// Belongs to its loop's thread.
final class UringGate implements RingSource {
    /// Accepts that wait at a time.
    private static final int ACCEPTS = 16;

    /// Operations are the numbers of the accepts from here on.
    private static final int FIRST_ACCEPT = 16;

    /// For each accept the peer's address, and behind it its length.
    private static final int PEER_BYTES = SocketAddresses.BYTES + Long.BYTES;

    private final UringAcceptor acceptor;
    private final Loop loop;
    private final UringDriver driver;
    private final long peers = Memory.allocate((long) ACCEPTS * PEER_BYTES);
    private final long identity;
    private final AcceptTrouble trouble;
    private final TimerWheel.Entry rest = new TimerWheel.Entry(this::accept);

    /// One bit for each accept that is under way.
    private int waiting;

    /// The ring's table is full.
    private boolean dry;

    private boolean done;

    UringGate(UringAcceptor acceptor, Loop loop, UringDriver driver) {
        this.acceptor = acceptor;
        this.loop = loop;
        this.driver = driver;
        this.trouble = new AcceptTrouble(loop.troubles());
        this.identity = driver.sources().add(this);
        driver.gates().add(this);
    }

    Loop loop() {
        return loop;
    }

    /// Accepts, as far as there is room.
    void accept() {
        for (int i = 0; i < ACCEPTS; i++) {
            accept(i);
        }
        judgeRoom();
    }

    private boolean mayAccept() {
        return !done && !rest.isWaiting() && !acceptor.isHolding();
    }

    private void accept(int i) {
        if (!mayAccept() || (waiting & 1 << i) != 0 || !driver.takeSlot()) {
            return;
        }
        waiting |= 1 << i;
        long peer = peer(i);
        long length = peer + SocketAddresses.BYTES;
        Memory.putInt(length, SocketAddresses.BYTES);
        long request = driver.ring().request();
        long mark = RingSources.mark(identity, FIRST_ACCEPT + i);
        UringSockets.accept(request, acceptor.fd(), peer, length, 0, mark);
        Sqe.intoSlot(request, Sqe.IORING_FILE_INDEX_ALLOC);
    }

    private void judgeRoom() {
        if (waiting != 0) {
            if (dry) {
                dry = false;
                acceptor.flows(this);
            }
        } else if (mayAccept()) {
            dry = true;
            tellDry();
        }
    }

    private void tellDry() {
        try {
            acceptor.ranDry(this);
        } catch (Throwable e) {
            rest("cannot serve more connections for now", e);
        }
    }

    private long peer(int i) {
        return peers + (long) i * PEER_BYTES;
    }

    @Override
    public void completed(int operation, int result, int flags) {
        int i = operation - FIRST_ACCEPT;
        waiting &= ~(1 << i);
        try {
            take(i, result);
        } catch (Throwable e) {
            rest("cannot accept, trying again soon", e);
        }
        accept(i);
        judgeRoom();
        goneWhenDone();
    }

    private void take(int i, int result) {
        if (result < 0) {
            driver.slotFreed();
            failed(-result);
            return;
        }
        trouble.over();
        UringSocket socket = socket(i, result);
        boolean taken = false;
        try {
            if (!done) {
                acceptor.accepted(this, socket);
                taken = true;
            }
        } finally {
            if (!taken) {
                socket.close();
            }
        }
    }

    private UringSocket socket(int i, int slot) {
        int length = Memory.getInt(peer(i) + SocketAddresses.BYTES);
        try {
            return new UringSocket(driver, slot, peer(i), length);
        } catch (Throwable e) {
            UringRequests.closeSlot(driver.ring().request(), slot, 0);
            driver.slotFreed();
            throw e;
        }
    }

    private void failed(int errno) {
        ErrnoException e = new ErrnoException(errno, "accept", acceptor.fd());
        if (errno != Errno.ECANCELED && !trouble.passesOver(e)) {
            rest("cannot accept, trying again soon", e);
        }
    }

    @Override
    public void failed(Throwable e) {
        rest("cannot accept, trying again soon", e);
    }

    private void rest(String what, Throwable cause) {
        if (!done) {
            loop.wheel().add(rest, AcceptTrouble.REST_NANOS);
            trouble.rests(what, cause);
        }
    }

    @Override
    public void lost() {
        goneWhenDone();
    }

    @Override
    public void end() {
        if (done) {
            return;
        }
        done = true;
        loop.wheel().remove(rest);
        acceptor.dropAside(this);
        if (waiting != 0) {
            UringRequests.cancelFd(driver.ring().request(), acceptor.fd(), 0, 0);
        }
        goneWhenDone();
    }

    private void goneWhenDone() {
        if (done && (waiting == 0 || driver.isBroken())) {
            driver.sources().remove(identity);
            driver.gates().remove(this);
            if (waiting == 0) {
                Memory.free(peers);
            } // Else the kernel may still write there.
            acceptor.closed(this);
        }
    }
}
