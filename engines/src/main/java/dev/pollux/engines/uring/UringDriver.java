package dev.pollux.engines.uring;

import dev.pollux.engines.Limits;
import dev.pollux.engines.io.Wire;
import dev.pollux.engines.loop.Connection;
import dev.pollux.engines.loop.Driver;
import dev.pollux.engines.loop.Loop;
import dev.pollux.engines.shared.Rollback;
import dev.pollux.libc.Cqe;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import dev.pollux.libc.MessageHeader;
import dev.pollux.libc.UringRegister;
import dev.pollux.libc.UringSockets;
import java.util.ArrayList;
import java.util.List;

/// Asynchronous: the kernel receives and sends by itself and tells when it has, through one [Ring]
/// per loop. A turn is one system call at least: it hands over all that the turn before wants
/// (receives, sends, closes), and waits for completions. Another one is made where the result is
/// needed at once: for a large piece that is sent as it is written, and before a slow receiver is
/// judged.
///
/// The ring has its own table of files, so connections take no place in the process's: they are
/// [UringSocket]s, accepted by [UringGate]s into [RingBuffers].
///
/// Why it is made so: `docs/mechanisms.md`, "io_uring".
public final class UringDriver implements Driver {
    /// For what has to stay until requests are handed over: `struct msghdr` and `struct iovec`s.
    private static final int MESSAGE_AREA_BYTES = 64 * 1024;

    /// The two groups of buffers.
    private static final int BUFFERS = 0;

    private static final int LARGE_BUFFERS = 1;

    private static final int NOBODY_BYTES = 16;

    /// Places of the table beyond what [Limits#connectionsMax()] needs: for accepts that wait, and
    /// for sockets that are being closed.
    private static final int SPARE_SLOTS = 1024;

    /// How long the end of the loop waits for the kernel to complete what was cancelled.
    private static final long DRAIN_NANOS = 10_000_000_000L;

    private final Loop loop;
    private final Ring ring;
    private final RingBuffers buffers;
    private final RingBuffers largeBuffers;
    private final RingSources sources = new RingSources();
    private final UringWakeup wakeup;
    private final List<UringGate> gates = new ArrayList<>();

    /// Descriptors that only are watched.
    private final List<UringWatch> watches = new ArrayList<>();

    /// A `struct sockaddr` of the family `AF_UNSPEC`: nobody.
    private final long nobody;

    private final long messages;
    private int messageBytes;

    /// Free places in the ring's table of files that no accept waits for.
    private int freeSlots;

    /// A gate would have liked a place.
    private boolean slotMissed;

    /// The ring has failed.
    private boolean broken;

    /// Opens a ring.
    ///
    /// @throws ErrnoException when there is no descriptor or memory for it
    public UringDriver(Loop loop, RingSizes sizes) throws ErrnoException {
        this(loop, sizes, RingEntry.KERNEL);
    }

    /// The same, with a ring that is entered another way.
    UringDriver(Loop loop, RingSizes sizes, RingEntry kernel) throws ErrnoException {
        this.loop = loop;
        try (Rollback opened = new Rollback()) {
            this.ring = Ring.open(sizes.requests(), sizes.completions(), kernel);
            opened.add(ring::close);
            this.freeSlots = slots(loop.limits(), sizes);
            int result = UringRegister.filesSparse(ring.fd(), freeSlots);
            ErrnoException.check(result, "io_uring_register", ring.fd());
            this.nobody = Memory.allocateZeroed(NOBODY_BYTES);
            opened.add(() -> Memory.free(nobody));
            this.messages = Memory.allocate(MESSAGE_AREA_BYTES);
            opened.add(() -> Memory.free(messages));
            this.wakeup = new UringWakeup(this);
            opened.add(wakeup::close);
            this.buffers = buffers(BUFFERS, sizes.buffers(), sizes.bufferBytes());
            opened.add(buffers::free);
            this.largeBuffers =
                    buffers(LARGE_BUFFERS, sizes.largeBuffers(), sizes.largeBufferBytes());
            opened.keep();
        }
    }

    private RingBuffers buffers(int group, int count, int bytes) throws ErrnoException {
        int most = loop.limits().receiveBufferBytes();
        return new RingBuffers(ring, group, count, Math.min(bytes, most));
    }

    /// The table may be as long as the process may have descriptors.
    private static int slots(Limits limits, RingSizes sizes) {
        long allowed = Math.min(Descriptors.nofileSoft(), sizes.slotsMax());
        return (int) Math.min(allowed, (long) limits.connectionsMax() + SPARE_SLOTS);
    }

    Ring ring() {
        return ring;
    }

    RingBuffers buffers() {
        return buffers;
    }

    /// {@return those for connections whose input is more than the others hold}
    RingBuffers largeBuffers() {
        return largeBuffers;
    }

    RingSources sources() {
        return sources;
    }

    List<UringGate> gates() {
        return gates;
    }

    boolean isBroken() {
        return broken;
    }

    @Override
    public void begin() throws ErrnoException {
        ring.enable();
        wakeup.begin();
    }

    @Override
    public void await(long timeoutNanos) throws ErrnoException {
        buffers.publish();
        largeBuffers.publish();
        buffers.feed();
        largeBuffers.feed();
        skipServed();
        try {
            ring.await(isStarved() ? 0 : timeoutNanos);
        } catch (ErrnoException e) {
            broken = true;
            sources.loseAll();
            throw e;
        }
        dispatch();
    }

    private boolean isStarved() {
        return buffers.isAskedForAgain() || largeBuffers.isAskedForAgain();
    }

    /// Goes past completions that were taken before their turn: the next wait would not wait.
    private void skipServed() {
        while (ring.hasCompletion() && Cqe.userData(ring.completion()) == 0) {
            ring.release();
        }
    }

    /// Serves the completions that are there now; those that serving them brings wait.
    private void dispatch() {
        for (int left = ring.completions(); left > 0; left--) {
            long completion = ring.completion();
            long mark = Cqe.userData(completion);
            int result = Cqe.result(completion);
            int flags = Cqe.flags(completion);
            ring.release();
            complete(mark, result, flags);
        }
    }

    private void complete(long mark, int result, int flags) {
        RingSource source = mark == 0 ? null : sources.find(mark);
        if (source != null) {
            loop.eventCame();
            try {
                source.completed(RingSources.operation(mark), result, flags);
            } catch (Throwable e) {
                source.failed(e);
            }
        }
    }

    /// Submits, and serves the completed sends before everything else: they call nobody's protocol.
    @Override
    public void sendPending() {
        ring.submit();
        for (int i = 0; i < ring.completions(); i++) {
            long completion = ring.completion(i);
            long mark = Cqe.userData(completion);
            if (RingSources.operation(mark) == UringSocket.SEND) {
                Cqe.setUserData(completion, 0);
                complete(mark, Cqe.result(completion), Cqe.flags(completion));
            }
        }
    }

    /// {@return whether [#decide] finds room for the completion}
    boolean canDecide() {
        return ring.hasRoom();
    }

    /// Submits the request that was written last, which the kernel decides at once, and takes its
    /// completion before its turn.
    ///
    /// @param mark the request's
    /// @return its result, or [Wire#PENDING] when there is none, as the ring has failed
    int decide(long mark) {
        ring.submit();
        for (int i = ring.completions() - 1; i >= 0; i--) {
            long completion = ring.completion(i);
            if (Cqe.userData(completion) == mark) {
                Cqe.setUserData(completion, 0);
                return Cqe.result(completion);
            }
        }
        return Wire.PENDING;
    }

    @Override
    public void wakeup() {
        wakeup.wakeup();
    }

    @Override
    public void opened(Connection connection) {
        if (connection.wire() instanceof UringSocket socket) {
            socket.opened(connection);
        }
    }

    @Override
    public void watch(Connection connection, int known, int wanted, boolean edge)
            throws ErrnoException {
        if (connection.wire() instanceof UringSocket socket) {
            socket.watch(wanted);
        } else if (known == 0) {
            addWatch(connection, wanted);
        } else if (wanted == 0) {
            forget(connection);
        } else {
            watchOf(connection.wire().fd()).watch(wanted);
        }
    }

    private void addWatch(Connection connection, int wanted) throws ErrnoException {
        int fd = connection.wire().fd();
        for (UringWatch watch : watches) {
            if (watch.fd() == fd) {
                throw new ErrnoException(Errno.EEXIST, "poll", fd);
            }
        }
        UringWatch watch = new UringWatch(this, connection, fd);
        watches.add(watch);
        watch.watch(wanted);
    }

    private UringWatch watchOf(int fd) {
        for (UringWatch watch : watches) {
            if (watch.fd() == fd) {
                return watch;
            }
        }
        throw new IllegalStateException("not watched: descriptor " + fd);
    }

    @Override
    public void forget(Connection connection) {
        if (connection.wire() instanceof UringSocket socket) {
            socket.forget();
        } else {
            UringWatch watch = watchOf(connection.wire().fd());
            watches.remove(watch);
            watch.end();
        }
    }

    /// {@return the address of a `struct msghdr` that stays until the requests are handed over}
    ///
    /// @param iov an array of `struct iovec`, copied
    /// @param count how many of them
    long message(long iov, int count) {
        int vectors = count * Descriptors.IOVEC_BYTES;
        int bytes = MessageHeader.BYTES + vectors;
        if (messageBytes + bytes > MESSAGE_AREA_BYTES) {
            ring.submit();
            messageBytes = 0;
        }
        long message = messages + messageBytes;
        messageBytes += (bytes + Long.BYTES - 1) & -Long.BYTES;
        Memory.copy(iov, message + MessageHeader.BYTES, vectors);
        MessageHeader.put(message, message + MessageHeader.BYTES, count);
        return message;
    }

    /// Writes the request that resets a connection: it is connected with nobody, `connect(2)`,
    /// "AF_UNSPEC". A socket without an own number has no other way: setting `SO_LINGER` takes
    /// Linux 6.7.
    void reset(long request, int slot, long mark) {
        UringSockets.connect(request, slot, nobody, NOBODY_BYTES, mark);
    }

    /// Sets a place of the table aside for an accept.
    ///
    /// @return false when there is none; the gates are told when there is one again
    boolean takeSlot() {
        if (freeSlots == 0) {
            slotMissed = true;
            return false;
        }
        freeSlots--;
        return true;
    }

    /// A place of the table is free again.
    void slotFreed() {
        freeSlots++;
        if (slotMissed) {
            slotMissed = false;
            gates.forEach(UringGate::accept);
        }
    }

    @Override
    public void close() {
        boolean drained = drain();
        wakeup.close();
        ring.close();
        Memory.free(nobody);
        Memory.free(messages);
        if (drained) {
            buffers.free();
            largeBuffers.free();
        }
        // Else the kernel may still write into them.
    }

    /// Ends what is under way, and waits until the kernel is through with it.
    private boolean drain() {
        long deadline = System.nanoTime() + DRAIN_NANOS;
        sources.endAll();
        while (sources.size() > 0 && !broken && System.nanoTime() < deadline) {
            try {
                await(DRAIN_NANOS);
            } catch (ErrnoException e) {
                loop.troubles().tell("a ring failed and is given up", e);
            }
        }
        return sources.size() == 0;
    }
}
