package dev.pollux.engines.uring;

import dev.pollux.engines.loop.Baton;
import dev.pollux.engines.loop.Chance;
import dev.pollux.engines.loop.Fault;
import dev.pollux.engines.loop.SimulatedDoor;
import dev.pollux.engines.loop.SimulatedSocket;
import dev.pollux.engines.loop.Simulation;
import dev.pollux.libc.BufferRing;
import dev.pollux.libc.Cqe;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.EventfdCalls;
import dev.pollux.libc.Memory;
import dev.pollux.libc.UringMemory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The simulated kernel's side of a [Ring]: reads requests where the ring has written them, and
/// writes completions; late, and in any order but that of each request's own.
final class SimulatedRing implements RingEntry {
    /// The longest that a completion is late.
    private static final int LATE_NANOS = 2_000_000;

    private static final int SPINS_MOST = 500;

    /// Pieces of input in a row.
    private static final int PIECES = 3;

    /// A `struct sockaddr_in` of the loopback address.
    private static final int SOCKADDR_BYTES = 16;

    private static final short AF_INET = 2;
    private static final int LOOPBACK = 0x0100007F;

    /// A completion, not yet in the queue.
    private record Completion(long mark, int result, int flags, long due) {}

    private final Simulation world;
    private final String name;
    private @Nullable UringMemory queues;
    private int requestsTaken;
    private int completionsMade;

    /// Waits in a row that neither waited nor brought anything.
    private int spins;

    /// A group of buffers, and how many of them were taken.
    private static final class Buffers {
        final long ring;
        final int count;
        int taken;

        Buffers(long ring, int count) {
            this.ring = ring;
            this.count = count;
        }

        boolean isEmpty() {
            return (short) taken == (short) BufferRing.tail(ring);
        }

        long next() {
            return ring + (long) (taken & count - 1) * BufferRing.ENTRY_BYTES;
        }
    }

    private final Map<Integer, Buffers> buffers = new HashMap<>();

    /// The table of direct descriptors.
    private final ArrayList<@Nullable SimulatedSocket> slots = new ArrayList<>();

    /// Requests that wait.
    private final ArrayList<RingRequest> waiting = new ArrayList<>();

    private final ArrayList<Completion> late = new ArrayList<>();

    /// For which the queue had no room.
    private final ArrayDeque<Completion> overflow = new ArrayDeque<>();

    /// Somebody wakes the loop.
    private boolean woken;

    SimulatedRing(Simulation world, String name) {
        this.world = world;
        this.name = name;
    }

    private UringMemory queues() {
        return Objects.requireNonNull(queues);
    }

    @Override
    public void opened(UringMemory memory) {
        queues = memory;
        world.loopOpened();
    }

    @Override
    public int giveBuffers(int ring, int group, long address, int count) {
        buffers.put(group, new Buffers(address, count));
        return 0;
    }

    /// The loop is at its end: its thread needs nothing of the simulation any more.
    @Override
    public void closing() {
        world.require(waiting.isEmpty(), "a request is left");
        world.require(late.stream().allMatch(one -> one.mark == 0), "a completion is left");
        world.late(-late.size());
        world.require(slots.stream().allMatch(Objects::isNull), "a direct descriptor is left");
        world.loopClosed();
        SimulatedDoor door = world.door();
        if (door != null && world.hasEnded()) {
            door.close(); // Its number is a real one's, which is closed by now.
        }
        world.baton().leave();
    }

    @Override
    public int submit(int ring, int toSubmit, int flags) {
        if (world.chance().strikes(Fault.INTERRUPTED)) {
            return -Errno.EINTR;
        }
        int taken = take(toSubmit);
        postOverflow();
        world.note(name, "submit", taken);
        world.baton().pass();
        return taken;
    }

    @Override
    public int submitAndWait(
            int ring, int toSubmit, int minComplete, int flags, long timeoutNanos) {
        Baton baton = world.baton();
        if (world.chance().strikes(Fault.INTERRUPTED)) {
            return -Errno.EINTR;
        }
        int taken = take(toSubmit);
        if (timeoutNanos == 0 || taken < toSubmit || hasCompletion()) {
            baton.pass();
        } else {
            long end = timeoutNanos < 0 ? Baton.NEVER : baton.nanoTime() + timeoutNanos;
            baton.await(this::hasNews, Math.min(end, nextDue()));
        }
        goOn();
        postDue();
        boolean idle = timeoutNanos == 0 && taken == 0 && !hasCompletion();
        spins = idle ? spins + 1 : 0;
        world.require(spins < SPINS_MOST, "a loop spins");
        world.note(name, "enter", taken);
        return taken > 0 || hasCompletion() ? taken : -Errno.ETIME;
    }

    private boolean hasCompletion() {
        return queues().cqTail() != queues().cqHead();
    }

    // Requests.

    private int take(int toSubmit) {
        int count = toSubmit;
        if (toSubmit > 0 && world.chance().strikes(Fault.SHORT_SUBMIT)) {
            count = world.chance().between(1, toSubmit);
        }
        for (int i = 0; i < count; i++) {
            begin(new RingRequest(queues().sqe(requestsTaken++)));
        }
        return count;
    }

    private void begin(RingRequest request) {
        switch (request.operation) {
            case ACCEPT -> waiting.add(request);
            case RECV -> {
                world.note(socket(request), "asks to receive", 0);
                waiting.add(request);
            }
            case POLL_ADD -> poll(request);
            case SEND -> {
                int sent = socket(request).send(request.address, request.length);
                post(request.mark, sent, 0);
            }
            case SENDMSG -> {
                long iov = Memory.getLong(request.address + RingRequest.MESSAGE_IOV);
                int count = (int) Memory.getLong(request.address + RingRequest.MESSAGE_COUNT);
                post(request.mark, socket(request).sendGathered(iov, count), 0);
            }
            case SHUTDOWN -> {
                boolean done = socket(request).shutdownOutput();
                complete(request.mark, done ? 0 : -Errno.ENOTCONN, 0);
            }
            case CONNECT -> {
                socket(request).resetOnClose();
                complete(request.mark, 0, 0);
            }
            case URING_CMD -> complete(request.mark, socket(request).untaken(), 0);
            case ASYNC_CANCEL -> cancel(request);
            case CLOSE -> {
                close(request.slotToClose());
                complete(request.mark, 0, 0);
            }
            default -> world.require(false, "nobody asks for " + request.operation);
        }
    }

    private SimulatedSocket socket(RingRequest request) {
        SimulatedSocket socket = request.fixed ? slots.get(request.fd) : null;
        world.require(socket != null, "a request is for no socket");
        return Objects.requireNonNull(socket);
    }

    private void close(int slot) {
        Objects.requireNonNull(slots.get(slot)).close();
        slots.set(slot, null);
    }

    private void poll(RingRequest request) {
        waiting.add(request);
        if (!request.fixed) {
            // The eventfd that wakes the loop: it is read here to see whether it was written.
            int _ = Descriptors.setNonBlocking(request.fd, true);
        }
    }

    private void cancel(RingRequest cancel) {
        int ended = 0;
        for (RingRequest request : new ArrayList<>(waiting)) {
            if (cancel.cancels(request)) {
                waiting.remove(request);
                world.note(name, "cancels", request.fd);
                complete(request.mark, -Errno.ECANCELED, 0);
                ended++;
            }
        }
        complete(cancel.mark, ended == 0 ? -Errno.ENOENT : 0, 0);
    }

    // What is waited for.

    private boolean hasNews() {
        if (!overflow.isEmpty() || nextDue() <= world.baton().nanoTime()) {
            return true;
        }
        for (int i = 0; i < waiting.size(); i++) {
            if (canGoOn(waiting.get(i))) {
                return true;
            }
        }
        return false;
    }

    private boolean canGoOn(RingRequest request) {
        return switch (request.operation) {
            case ACCEPT -> {
                SimulatedDoor door = world.door();
                yield door != null && !door.isEmpty();
            }
            case RECV -> socket(request).hasInput();
            default -> request.fixed ? socket(request).hasRoom() : isWoken(request);
        };
    }

    private boolean isWoken(RingRequest request) {
        woken |= EventfdCalls.read(request.fd) > 0;
        return woken;
    }

    private void goOn() {
        for (RingRequest request : new ArrayList<>(waiting)) {
            if (waiting.contains(request)
                    && canGoOn(request)
                    && !world.chance().strikes(Fault.LATE)) {
                switch (request.operation) {
                    case ACCEPT -> accept(request);
                    case RECV -> receive(request);
                    default -> ready(request);
                }
            }
        }
    }

    private void ready(RingRequest request) {
        if (request.fixed) {
            waiting.remove(request);
            complete(request.mark, RingRequest.POLLOUT, 0);
        } else {
            woken = false;
            complete(request.mark, 1, Cqe.IORING_CQE_F_MORE);
        }
    }

    private void accept(RingRequest request) {
        waiting.remove(request);
        SimulatedSocket socket;
        try {
            socket = Objects.requireNonNull(world.door()).next();
        } catch (ErrnoException e) {
            complete(request.mark, -e.errno(), 0);
            return;
        }
        if (socket == null) {
            waiting.add(request);
            return;
        }
        long peer = request.address;
        Memory.putShort(peer, AF_INET);
        Memory.putShort(peer + 2, Short.reverseBytes((short) (1 + socket.number)));
        Memory.putInt(peer + 4, LOOPBACK);
        Memory.putInt(request.offset, SOCKADDR_BYTES);
        int slot = slots.indexOf(null);
        if (slot < 0) {
            slot = slots.size();
            slots.add(socket);
        } else {
            slots.set(slot, socket);
        }
        world.note(name, "accept", socket.number);
        complete(request.mark, slot, 0);
    }

    private void receive(RingRequest request) {
        int pieces = world.chance().between(1, PIECES);
        for (int i = 0; i < pieces && waiting.contains(request); i++) {
            receivePiece(request);
        }
    }

    private void receivePiece(RingRequest request) {
        Buffers group = Objects.requireNonNull(buffers.get(request.bufferGroup));
        if (group.isEmpty()) {
            waiting.remove(request);
            world.note(socket(request), "recv", -Errno.ENOBUFS);
            complete(request.mark, -Errno.ENOBUFS, 0);
            return;
        }
        long entry = group.next();
        long address = Memory.getLong(entry);
        int size = Memory.getInt(entry + Long.BYTES);
        int id = Short.toUnsignedInt(Memory.getShort(entry + Long.BYTES + Integer.BYTES));
        int result = socket(request).receive(address, size);
        if (result == -Errno.EAGAIN) {
            return;
        }
        world.note(socket(request), "recv", result);
        if (result > 0) {
            group.taken++;
            int flags = Cqe.IORING_CQE_F_BUFFER | Cqe.IORING_CQE_F_MORE | id << 16;
            complete(request.mark, result, flags);
        } else {
            waiting.remove(request);
            complete(request.mark, result, 0);
        }
    }

    // Completions.

    /// Something is done, and told by and by.
    private void complete(long mark, int result, int flags) {
        Chance chance = world.chance();
        long due = world.baton().nanoTime();
        due += chance.strikes(Fault.LATE) ? chance.below(LATE_NANOS) : 0;
        for (Completion before : late) {
            if (before.mark == mark) {
                due = Math.max(due, before.due);
            }
        }
        late.add(new Completion(mark, result, flags, due));
        world.late(1);
    }

    private long nextDue() {
        long next = Baton.NEVER;
        for (Completion completion : late) {
            next = Math.min(next, completion.due);
        }
        return next;
    }

    private void postDue() {
        postOverflow();
        long now = world.baton().nanoTime();
        ArrayList<Completion> due = new ArrayList<>();
        for (Completion completion : late) {
            if (completion.due <= now) {
                due.add(completion);
            }
        }
        late.removeAll(due);
        world.late(-due.size());
        while (!due.isEmpty()) {
            long mark = due.get(world.chance().below(due.size())).mark;
            int first = 0;
            while (due.get(first).mark != mark) {
                first++;
            }
            Completion next = due.remove(first);
            post(next.mark, next.result, next.flags);
        }
    }

    private void post(long mark, int result, int flags) {
        overflow.add(new Completion(mark, result, flags, 0));
        postOverflow();
    }

    /// Writes completions as far as the queue has room.
    private void postOverflow() {
        UringMemory memory = queues();
        while (!overflow.isEmpty() && completionsMade - memory.cqHead() < memory.cqEntries()) {
            Completion next = overflow.remove();
            long cqe = memory.cqe(completionsMade++);
            Memory.putLong(cqe, next.mark);
            Memory.putInt(cqe + Long.BYTES, next.result);
            Memory.putInt(cqe + Long.BYTES + Integer.BYTES, next.flags);
            memory.publishCqTail(completionsMade);
        }
        memory.publishSqFlags(overflow.isEmpty() ? 0 : UringMemory.IORING_SQ_CQ_OVERFLOW);
    }
}
