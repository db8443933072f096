package dev.pollux.engines.loop;

import dev.pollux.engines.io.Wire;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import dev.pollux.selectors.Selector;
import java.net.SocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A simulated socket that receives and sends by itself.
///
/// It sends in one of two ways: *pending*, as `io_uring(7)` does, where a send is decided a little
/// later and a full window is polled for; or *waiting*, as the JDK's channels do, where a send that
/// is not taken goes on by itself until something is.
final class CompletionWire implements Wire {
    /// Pieces of input that the kernel may receive before anybody has seen the first.
    static final int PIECES = 3;

    private final Simulation world;
    private final SimulatedSocket socket;
    private final boolean adopted;
    private final boolean waits;
    private final int fd;
    private @Nullable CompletionDriver driver;
    private @Nullable Connection connection;

    /// Input is wanted.
    private boolean wanted;

    /// Pieces of input that were received and not told of; -1 once it has ended.
    private int pieces;

    /// Where a send under way sends from, an array of `struct iovec`; 0 when none is under way.
    private long iov;

    private int vectors;

    /// How much of it was taken at once, where the rest waits.
    private int takenAtOnce;

    /// The rest waits.
    private boolean waiting;

    /// What became of it, once it does not wait any more.
    private int outcome;

    /// Counts sends.
    private int sends;

    /// It is to be told when there is room.
    private boolean polling;

    private boolean closed;

    CompletionWire(Simulation world, SimulatedSocket socket, boolean adopted, boolean waits) {
        this.world = world;
        this.socket = socket;
        this.adopted = adopted;
        this.waits = waits;
        this.fd = world.descriptors().open(socket);
    }

    private CompletionDriver driver() {
        return Objects.requireNonNull(driver);
    }

    private Connection connection() {
        return Objects.requireNonNull(connection);
    }

    void opened(CompletionDriver itsDriver, Connection itsConnection) {
        driver = itsDriver;
        connection = itsConnection;
    }

    void watch(int events) {
        wanted = (events & Selector.READ) != 0;
    }

    private int step(String call, int result) {
        world.note(socket, call, result);
        world.baton().pass();
        return result;
    }

    // The kernel's part.

    /// {@return whether the kernel has something to do}
    boolean canGoOn() {
        if (closed) {
            return false;
        }
        boolean room = (socket.ready() & Selector.WRITE) != 0;
        return canReceive() || (polling && room) || (waiting && room);
    }

    private boolean canReceive() {
        return wanted && pieces == 0 && socket.hasInput();
    }

    /// Does it, or a part of it.
    void goOn() {
        if (!canGoOn() || world.chance().strikes(Fault.LATE)) {
            return;
        }
        if (canReceive()) {
            for (int i = world.chance().between(1, PIECES); i > 0 && pieces >= 0; i--) {
                receive();
            }
        }
        boolean room = (socket.ready() & Selector.WRITE) != 0;
        if (polling && room) {
            polling = false;
            driver().completeLate(new Object(), this::hasRoom);
        }
        if (waiting && room) {
            goOnSending(true);
        }
    }

    /// Sends what waits, if there is room by now.
    ///
    /// @param late whether that is told later
    private void goOnSending(boolean late) {
        int result = socket.sendGathered(iov, vectors);
        if (result == -Errno.EAGAIN || result == -Errno.EINTR) {
            return;
        }
        waiting = false;
        int all = result < 0 ? result : takenAtOnce + result;
        if (late) {
            int number = sends;
            outcome = all;
            driver().completeLate(new Object(), () -> decided(number, all));
        } else {
            decided(sends, all);
        }
    }

    private void receive() {
        int most = driver().loop().limits().receiveBufferBytes();
        long address = Memory.allocate(most);
        int result = socket.receive(address, most);
        if (result == -Errno.EAGAIN || result == -Errno.EINTR) {
            Memory.free(address);
            return;
        }
        pieces = result > 0 ? pieces + 1 : -1;
        driver().completeLate(this, () -> received(address, result));
    }

    // What the loop does about it.

    private void received(long address, int result) {
        try {
            if (pieces > 0) {
                pieces--;
            }
            if (!closed) {
                world.note(socket, "received", result);
                world.baton().pass();
                take(address, result);
            }
        } catch (Throwable e) {
            connection().failed(e);
        } finally {
            Memory.free(address);
        }
    }

    private void take(long address, int result) {
        if (result > 0) {
            connection().receiver().take(Memory.buffer(address, result), address);
        } else if (result == 0) {
            connection().receiver().takeEnd();
        } else {
            connection().fail(new ErrnoException(-result, "recv", -1));
        }
    }

    private void hasRoom() {
        if (!closed) {
            world.note(socket, "has room", 0);
            connection().ready(Selector.WRITE);
        }
    }

    /// Sends what is [Wire#PENDING].
    ///
    /// @param later whether that is told with the next events
    void sendPending(boolean later) {
        int result = socket.sendGathered(iov, vectors);
        int number = sends;
        if (later) {
            driver().complete(() -> decided(number, result));
        } else {
            decided(number, result);
        }
    }

    /// A send is decided, for once.
    private void decided(int number, int result) {
        if (number != sends || iov == 0) {
            return;
        }
        endSend();
        world.note(socket, "sent", result);
        SendQueue sendQueue = connection().sendQueue();
        try {
            sendQueue.completed(result);
        } catch (Throwable e) {
            connection().failed(e);
        }
        polling |= sendQueue.isBlocked() && !waits;
    }

    private void endSend() {
        Memory.free(iov);
        iov = 0;
        waiting = false;
    }

    // What the connection does.

    @Override
    public boolean sendsLater() {
        return true;
    }

    @Override
    public int send(long address, int size) {
        long one = Memory.allocate(Descriptors.IOVEC_BYTES);
        Memory.putLong(one, address);
        Memory.putLong(one + Long.BYTES, size);
        return begin(one, 1);
    }

    @Override
    public int sendGathered(long places, int count) {
        int bytes = count * Descriptors.IOVEC_BYTES;
        long copy = Memory.allocate(bytes);
        Memory.copy(places, copy, bytes);
        return begin(copy, count);
    }

    private int begin(long places, int count) {
        world.require(iov == 0, "two sends are under way");
        iov = places;
        vectors = count;
        sends++;
        if (!waits) {
            driver().sends(this);
            return step("send later", PENDING);
        }
        int size = SimulatedSocket.size(places, count);
        int result = socket.sendGathered(places, count);
        boolean interrupted = result == -Errno.EINTR;
        if (result == size || (result < 0 && result != -Errno.EAGAIN && !interrupted)) {
            endSend();
            return step("send", result);
        }
        takenAtOnce = Math.max(result, 0);
        skip(takenAtOnce);
        waiting = true;
        return step("send waits", WAITING);
    }

    /// Goes on behind what was taken.
    private void skip(int bytes) {
        int left = bytes;
        for (int i = 0; left > 0; i++) {
            long entry = iov + (long) i * Descriptors.IOVEC_BYTES;
            int size = (int) Memory.getLong(entry + Long.BYTES);
            int part = Math.min(left, size);
            Memory.putLong(entry, Memory.getLong(entry) + part);
            Memory.putLong(entry + Long.BYTES, size - part);
            left -= part;
        }
    }

    @Override
    public void decideSend() {
        if (waiting) {
            goOnSending(false);
        } else if (iov != 0) {
            decided(sends, outcome);
        }
    }

    @Override
    public void cancelSend() {
        if (waiting) {
            waiting = false;
            int number = sends;
            driver().complete(() -> decided(number, -Errno.ECANCELED));
        }
    }

    @Override
    public int untaken() {
        if (waits) {
            return step("untaken", -Errno.EOPNOTSUPP);
        }
        int now = socket.untaken();
        driver().completeLate(
                        new Object(),
                        () -> {
                            if (!closed) {
                                connection().deadlines().untaken(now);
                            }
                        });
        return PENDING;
    }

    @Override
    public boolean shutdownOutput() {
        return socket.shutdownOutput();
    }

    @Override
    public void resetOnClose() {
        socket.resetOnClose();
    }

    @Override
    public void close() {
        world.require(iov == 0, "a wire is closed in the middle of a send");
        closed = true;
        if (!waits) {
            world.closes(socket);
        }
        socket.close();
        world.descriptors().close(fd);
        if (driver != null) {
            driver.gone(this);
        }
        step("close", 0);
    }

    @Override
    public boolean isAdopted() {
        return adopted;
    }

    @Override
    public Object fileobj() {
        return this;
    }

    @Override
    public int fd() {
        return -1;
    }

    @Override
    public int receive(long address, int size) {
        throw new UnsupportedOperationException("it receives by itself");
    }

    @Override
    public SocketAddress peer() {
        return Simulation.addressOf(socket);
    }
}
