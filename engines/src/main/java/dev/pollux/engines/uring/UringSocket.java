package dev.pollux.engines.uring;

import dev.pollux.engines.io.PeerAddress;
import dev.pollux.engines.io.Wire;
import dev.pollux.engines.loop.Connection;
import dev.pollux.engines.loop.SendQueue;
import dev.pollux.libc.Cqe;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.PollCalls;
import dev.pollux.libc.Sockets;
import dev.pollux.libc.Sqe;
import dev.pollux.libc.UringRequests;
import dev.pollux.libc.UringSockets;
import dev.pollux.selectors.Selector;
import java.net.SocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A stream socket that exists in a [Ring] only: a direct descriptor, which costs no place in the
/// process's table.
///
/// **Receiving** is one request that completes with every piece of input, in a buffer the kernel
/// picks ([RingBuffers]): a small one, or a large one where input fills those and is not paused.
/// **Sending** never waits in the kernel (`MSG_DONTWAIT`), so it is decided before the loop's next
/// events, or at once; a send that finds the peer's window full asks for one poll, which says when
/// there is room again. **Closing** cancels what is under way, waits for the last completion, and
/// only then closes.
///
/// Belongs to the loop's thread.
final class UringSocket implements Wire, RingSource {
    private static final int RECEIVE = 1;

    /// No other source has an operation of this number.
    static final int SEND = 2;

    private static final int POLL = 3;
    private static final int SHUTDOWN = 4;
    private static final int DISCONNECT = 5;
    private static final int CLOSE = 6;
    private static final int UNTAKEN = 7;
    private static final int RECEIVE_LARGE = 8;

    /// Input is wanted.
    private static final int WANTED = 1;

    /// The receive request is under way.
    private static final int RECEIVING = 1 << 1;

    /// Its cancellation as well.
    private static final int CANCELLING = 1 << 2;

    /// Its connection is over.
    private static final int CLOSED = 1 << 3;

    /// The end is to be a reset.
    private static final int RESET = 1 << 4;

    /// The receive request has found no buffer, and waits for its turn to be made anew.
    private static final int STARVED = 1 << 5;

    /// A poll for room to send is under way: one at a time, and it completes once.
    private static final int POLLING = 1 << 6;

    /// Its input asks for large buffers.
    private static final int LARGE = 1 << 7;

    /// The bits from here on count inputs in a row that have not needed their large buffers.
    private static final int COUNT_SHIFT = 8;

    /// After so many, small ones will do.
    private static final int SMALL_INPUTS = 16;

    private final UringDriver driver;

    /// Its place in the ring's table of files.
    private final int slot;

    private final long identity;

    /// See [PeerAddress#compact].
    private final long inet4;

    private final @Nullable SocketAddress peer;
    private @Nullable Connection connection;

    /// The constants above, and the count.
    private int flags;

    /// Requests under way.
    private int pending;

    /// Takes over an accepted socket.
    ///
    /// @param slot its place in the table of files
    /// @param peer its peer's `struct sockaddr`
    /// @param length of that
    UringSocket(UringDriver driver, int slot, long peer, int length) {
        this.driver = driver;
        this.slot = slot;
        this.inet4 = PeerAddress.compact(peer);
        this.peer = inet4 != 0 ? null : PeerAddress.of(peer, length);
        this.identity = driver.sources().add(this);
    }

    private long mark(int operation) {
        return RingSources.mark(identity, operation);
    }

    private void begun(long request) {
        Sqe.addFlags(request, Sqe.IOSQE_FIXED_FILE);
        pending++;
    }

    /// Its connection begins.
    void opened(Connection connection) {
        this.connection = connection;
    }

    /// Changes what its connection wants.
    ///
    /// @param wanted `Selector.READ` for input; it need not ask for room for output
    void watch(int wanted) {
        if ((wanted & Selector.READ) == 0) {
            // Not cancelled at once: most pauses end before there is input.
            flags &= ~WANTED;
        } else {
            flags |= WANTED;
            receive();
        }
    }

    private void receive() {
        if ((flags & (WANTED | RECEIVING | CLOSED | STARVED)) == WANTED) {
            flags |= RECEIVING;
            int operation = (flags & LARGE) == 0 ? RECEIVE : RECEIVE_LARGE;
            long request = driver.ring().request();
            int group = buffersOf(operation).group();
            UringSockets.recvMultishot(request, slot, group, mark(operation));
            Sqe.addPriority(request, Sqe.IORING_RECVSEND_POLL_FIRST);
            begun(request);
        }
    }

    private RingBuffers buffersOf(int operation) {
        return operation == RECEIVE ? driver.buffers() : driver.largeBuffers();
    }

    /// There are buffers again.
    void fed() {
        flags &= ~STARVED;
        receive();
    }

    /// Its connection wants nothing any more.
    void forget() {
        flags &= ~WANTED;
    }

    @Override
    public void completed(int operation, int result, int completion) {
        if (operation == RECEIVE || operation == RECEIVE_LARGE) {
            received(operation, result, completion);
        } else {
            pending--;
            switch (operation) {
                case SEND -> sent(result);
                case POLL -> hasRoom();
                case SHUTDOWN -> isShut(result);
                case UNTAKEN -> untaken(result);
                case DISCONNECT -> {} // A socket that has no reset is just closed.
                default -> {
                    gone();
                    return;
                }
            }
        }
        if (pending == 0 && (flags & CLOSED) != 0) {
            closeSlot();
        }
    }

    @Override
    public void failed(Throwable e) {
        if (connection != null) {
            connection.failed(e);
        }
    }

    private Connection connection() {
        return Objects.requireNonNull(connection);
    }

    private void received(int operation, int result, int completion) {
        if ((completion & Cqe.IORING_CQE_F_MORE) == 0) {
            flags &= ~(RECEIVING | CANCELLING);
            pending--;
        }
        RingBuffers buffers = buffersOf(operation);
        if ((flags & CLOSED) != 0) {
            buffers.drop(completion);
            return;
        }
        if (result > 0) {
            chooseSize(operation, result);
            buffers.offer(connection().receiver(), result, completion);
        } else if (result == -Errno.ENOBUFS) {
            flags |= STARVED;
            buffers.starved(this);
        } else {
            buffers.drop(completion);
            ended(result);
        }
        boolean misfit = (operation == RECEIVE) == ((flags & LARGE) != 0);
        if ((flags & RECEIVING) == 0) {
            receive();
        } else if (misfit || (flags & WANTED) == 0) {
            cancelReceive(operation);
        }
    }

    /// Large buffers are for input that fills small ones, and is wanted: what comes nevertheless is
    /// kept, and there can be many pieces of it.
    private void chooseSize(int operation, int size) {
        boolean isLarge = size >= driver.buffers().bytes();
        if (isLarge && connection().receiver().isWanted()) {
            flags = forgetCount() | LARGE;
        } else if (isLarge) {
            flags &= ~LARGE;
        } else if (operation == RECEIVE_LARGE) {
            flags += 1 << COUNT_SHIFT;
            if (flags >>> COUNT_SHIFT >= SMALL_INPUTS) {
                flags = forgetCount() & ~LARGE;
            }
        }
    }

    private int forgetCount() {
        return flags & ((1 << COUNT_SHIFT) - 1);
    }

    private void ended(int result) {
        if (result == 0) {
            flags &= ~WANTED;
            connection().receiver().takeEnd();
        } else if (!isPassing(-result)) {
            flags &= ~WANTED;
            connection().fail(new ErrnoException(-result, "recv", -1));
        }
    }

    /// Errors after which the request is made anew, if it is still wanted.
    private static boolean isPassing(int errno) {
        return errno == Errno.ECANCELED || errno == Errno.EAGAIN || errno == Errno.EINTR;
    }

    /// Input comes that is not wanted, so let the peer wait; or it is wanted otherwise.
    private void cancelReceive(int operation) {
        if ((flags & CANCELLING) == 0) {
            flags |= CANCELLING;
            long request = driver.ring().request();
            UringRequests.cancel(request, mark(operation), 0, 0);
        }
    }

    private void sent(int result) {
        if ((flags & CLOSED) == 0) {
            SendQueue sendQueue = connection().sendQueue();
            sendQueue.completed(result);
            if (sendQueue.isBlocked()) {
                poll();
            }
        }
    }

    private void poll() {
        if ((flags & POLLING) == 0) {
            flags |= POLLING;
            long request = driver.ring().request();
            UringRequests.poll(request, slot, PollCalls.POLLOUT, 0, mark(POLL));
            begun(request);
        }
    }

    private void hasRoom() {
        flags &= ~POLLING;
        if ((flags & CLOSED) == 0) {
            connection().ready(Selector.WRITE);
        }
    }

    private void isShut(int result) {
        if (result < 0 && (flags & CLOSED) == 0) {
            connection().giveUp();
        }
    }

    private void untaken(int result) {
        if ((flags & CLOSED) == 0) {
            connection().deadlines().untaken(result);
        }
    }

    /// Nothing was taken of what was to be sent.
    @Override
    public void lost() {
        if (connection != null && connection.sendQueue().isSending()) {
            connection.sendQueue().completed(-Errno.EINTR);
        }
    }

    @Override
    public boolean sendsLater() {
        return true;
    }

    @Override
    public int send(long address, int size) {
        long request = driver.ring().request();
        int options = Sockets.MSG_DONTWAIT | Sockets.MSG_NOSIGNAL;
        UringSockets.send(request, slot, address, size, options, mark(SEND));
        begun(request);
        return PENDING;
    }

    @Override
    public boolean canSendNow(int size) {
        return size > driver.buffers().bytes() && driver.canDecide();
    }

    @Override
    public int sendNow(long address, int size) {
        send(address, size);
        int result = driver.decide(mark(SEND));
        if (result == PENDING) {
            return -Errno.EIO; // Nobody will ever look at the memory.
        }
        pending--;
        if (result < size && (result >= 0 || result == -Errno.EAGAIN)) {
            poll();
        }
        return result;
    }

    @Override
    public int sendGathered(long iov, int count) {
        long message = driver.message(iov, count);
        long request = driver.ring().request();
        int options = Sockets.MSG_DONTWAIT | Sockets.MSG_NOSIGNAL;
        UringSockets.sendmsg(request, slot, message, options, mark(SEND));
        begun(request);
        return PENDING;
    }

    @Override
    public int untaken() {
        long request = driver.ring().request();
        UringSockets.untaken(request, slot, mark(UNTAKEN));
        begun(request);
        return PENDING;
    }

    @Override
    public boolean shutdownOutput() {
        long request = driver.ring().request();
        UringSockets.shutdown(request, slot, Sockets.SHUT_WR, mark(SHUTDOWN));
        begun(request);
        return true;
    }

    @Override
    public void resetOnClose() {
        flags |= RESET;
    }

    @Override
    public void close() {
        flags = (flags | CLOSED) & ~WANTED;
        connection = null;
        if (pending == 0) {
            closeSlot();
        } else {
            long request = driver.ring().request();
            int fixed = UringRequests.IORING_ASYNC_CANCEL_FD_FIXED;
            UringRequests.cancelFd(request, slot, fixed, 0);
        }
    }

    /// Nothing is under way any more. A reset comes first, and is waited for: two requests are done
    /// in their order only where they are linked and submitted together, which a full queue keeps
    /// them from.
    private void closeSlot() {
        long request = driver.ring().request();
        if ((flags & RESET) != 0) {
            flags &= ~RESET;
            driver.reset(request, slot, mark(DISCONNECT));
            begun(request);
        } else {
            UringRequests.closeSlot(request, slot, mark(CLOSE));
            pending++;
        }
    }

    private void gone() {
        driver.sources().remove(identity);
        driver.slotFreed();
    }

    @Override
    public void end() {
        if ((flags & CLOSED) == 0) {
            close();
        }
    }

    @Override
    public Object fileobj() {
        return this;
    }

    /// It has none.
    @Override
    public int fd() {
        return -1;
    }

    @Override
    public SocketAddress peer() {
        return peer != null ? peer : PeerAddress.of(inet4);
    }
}
