package dev.pollux.engines.blocking;

import dev.pollux.engines.io.BlockingWire;
import dev.pollux.libc.Errno;
import dev.pollux.libc.Memory;
import java.io.ByteArrayOutputStream;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// A blocking wire whose every call does what a test has said, and the usual when nothing was.
///
/// It keeps the rules of the real ones: [#wake()] and [#reset()] end all sleep, and a sleeping send
/// takes at least one byte or fails.
final class ScriptedBlockingWire implements BlockingWire {
    private static final int END = 0;

    private final boolean canTry;
    private @Nullable Error receiveFailure;
    private boolean interruptedAlways;
    private boolean resetThrows;
    private boolean closeThrows;
    private Runnable onSend = () -> {};
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final BlockingQueue<byte[]> input = new LinkedBlockingQueue<>();
    private final Deque<Integer> receives = new ArrayDeque<>();

    /// What the next sends return at most: bytes, or `-errno`.
    private final Deque<Integer> sends = new ArrayDeque<>();

    /// How many bytes there is room for; a sleeper waits for more.
    private int room = Integer.MAX_VALUE;

    private boolean woken;
    private boolean wasReset;
    private int closed;
    private int sleepers;
    private int insideAtClose;
    private int inside;

    ScriptedBlockingWire(boolean canTry) {
        this.canTry = canTry;
    }

    /// The next sends are answered so, one after the other.
    synchronized ScriptedBlockingWire sends(int... results) {
        for (int result : results) {
            sends.add(result);
        }
        return this;
    }

    /// The next receives fail so, before what came is received.
    synchronized ScriptedBlockingWire receives(int... results) {
        for (int result : results) {
            receives.add(result);
        }
        return this;
    }

    /// The next receive throws this.
    synchronized ScriptedBlockingWire receiveThrows(Error failure) {
        receiveFailure = failure;
        return this;
    }

    /// Every receive is ended by a signal.
    synchronized ScriptedBlockingWire isInterruptedAlways() {
        interruptedAlways = true;
        return this;
    }

    /// A reset does what it is to do, and throws.
    synchronized ScriptedBlockingWire resetThrows() {
        resetThrows = true;
        return this;
    }

    /// A close does what it is to do, and throws.
    synchronized ScriptedBlockingWire closeThrows() {
        closeThrows = true;
        return this;
    }

    /// Whoever sends does this first.
    synchronized ScriptedBlockingWire onSend(Runnable what) {
        onSend = what;
        return this;
    }

    /// From now on there is room for so many bytes.
    synchronized ScriptedBlockingWire room(int bytes) {
        room = bytes;
        notifyAll();
        return this;
    }

    void comes(byte[] bytes) {
        input.add(bytes);
    }

    synchronized byte[] taken() {
        return taken.toByteArray();
    }

    /// {@return whether all sends have been answered that were told how}
    synchronized boolean hasFollowedTheScript() {
        return sends.isEmpty();
    }

    synchronized boolean isAsleepInSend() {
        return sleepers > 0;
    }

    synchronized boolean wasReset() {
        return wasReset;
    }

    synchronized int closed() {
        return closed;
    }

    /// {@return how many threads were in a call when it was closed}
    synchronized int insideAtClose() {
        return insideAtClose;
    }

    @Override
    public int fd() {
        return 7;
    }

    @Override
    public int receiveSleeping(long address, int size) {
        synchronized (this) {
            if (receiveFailure != null) {
                throw receiveFailure;
            }
            Integer result = receives.poll();
            if (result != null) {
                return result;
            }
            if (interruptedAlways && !woken) {
                return -Errno.EINTR;
            }
            inside++;
        }
        try {
            byte[] bytes = input.take();
            synchronized (this) {
                if (bytes.length == END || woken) {
                    return wasReset ? -Errno.ECONNRESET : 0;
                }
            }
            Memory.copy(bytes, 0, address, bytes.length);
            return bytes.length;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            synchronized (this) {
                inside--;
            }
        }
    }

    @Override
    public synchronized boolean hasRoom() {
        return canTry && room > 0;
    }

    @Override
    public boolean canTry() {
        return canTry;
    }

    @Override
    public int send(long address, int size) {
        onSend.run();
        return sendNow(address, size);
    }

    private synchronized int sendNow(long address, int size) {
        awaitRoomUnlessItCanTry();
        return take(address, size);
    }

    private int take(long address, int size) {
        int count = decide(size);
        copy(address, count);
        return count;
    }

    /// {@return what the next send of so many bytes returns}
    private int decide(int size) {
        if (wasReset) {
            return -Errno.EPIPE;
        }
        Integer scripted = sends.poll();
        if (scripted != null && scripted < 0) {
            return scripted;
        }
        int count = Math.min(size, Math.min(room, scripted == null ? size : scripted));
        room -= room == Integer.MAX_VALUE ? 0 : count;
        return count == 0 ? -Errno.EAGAIN : count;
    }

    private void copy(long address, int count) {
        if (count > 0) {
            byte[] bytes = new byte[count];
            Memory.copy(address, bytes, 0, count);
            taken.writeBytes(bytes);
        }
    }

    @Override
    public int sendGathered(long iov, int count) {
        onSend.run();
        return sendGatheredNow(iov, count);
    }

    private synchronized int sendGatheredNow(long iov, int count) {
        int asked = 0;
        for (int i = 0; i < count; i++) {
            asked += (int) Memory.getLong(iov + 16L * i + 8);
        }
        awaitRoomUnlessItCanTry();
        int result = decide(asked);
        int left = result;
        for (int i = 0; i < count && left > 0; i++) {
            int part = Math.min(left, (int) Memory.getLong(iov + 16L * i + 8));
            copy(Memory.getLong(iov + 16L * i), part);
            left -= part;
        }
        return result;
    }

    @Override
    public synchronized int sendSleeping(long address, int size) {
        awaitRoom();
        return take(address, size);
    }

    private void awaitRoomUnlessItCanTry() {
        if (!canTry) {
            awaitRoom();
        }
    }

    private void awaitRoom() {
        sleepers++;
        inside++;
        try {
            while (room == 0 && !wasReset) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            sleepers--;
            inside--;
        }
    }

    @Override
    public boolean shutdownOutput() {
        return false;
    }

    @Override
    public synchronized void wake() {
        woken = true;
        input.add(new byte[END]);
    }

    @Override
    public synchronized void reset() {
        wasReset = true;
        wake();
        notifyAll();
        if (resetThrows) {
            throw new NoClassDefFoundError("no descriptor");
        }
    }

    @Override
    public synchronized void close() {
        closed++;
        insideAtClose += inside;
        if (closeThrows) {
            throw new NoClassDefFoundError("no descriptor");
        }
    }

    @Override
    public SocketAddress peer() {
        return UnixDomainSocketAddress.of("");
    }
}
