package dev.pollux.engines.nio2;

import dev.pollux.engines.io.ChannelCalls;
import dev.pollux.engines.io.NativeBuffer;
import dev.pollux.engines.io.Wire;
import dev.pollux.engines.loop.Connection;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.Memory;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// The sending half of a [Nio2Socket]: at most one write under way.
///
/// Every write is asked for as a [Future]: only then does the JDK try it at once when the caller is
/// no thread of the group, and as a rule the socket takes it. A future that is not done waits for
/// the peer to make room. Nobody is called when that happens, so a virtual thread waits for it.
///
/// The JDK offers no future for a write from several places: small pieces are gathered in one
/// buffer, lent by the loop, large ones are written one by one.
///
/// Belongs to the loop's thread.
final class Nio2Output {
    /// Pieces of at least so many bytes are not copied.
    private static final int LARGE_BYTES = 16 * 1024;

    private final Nio2Driver driver;
    private final AsynchronousSocketChannel channel;
    private final Connection connection;

    /// How many bytes of the send at hand have been taken.
    private int taken;

    /// The write that waits for the peer, null when none does.
    private @Nullable Future<Integer> waiting;

    /// What had been taken of its send before it.
    private int takenBefore;

    /// What a write under way was gathered in.
    private @Nullable NativeBuffer lent;

    Nio2Output(Nio2Driver driver, AsynchronousSocketChannel channel, Connection connection) {
        this.driver = driver;
        this.channel = channel;
        this.connection = connection;
    }

    /// Sends from one place: see [Wire#send].
    int send(long address, int size) {
        taken = 0;
        int result = write(Memory.buffer(address, size));
        return result < 0 ? result : taken;
    }

    /// Sends from several places: see [Wire#sendGathered].
    int sendGathered(long iov, int count) {
        taken = 0;
        NativeBuffer area = driver.lend();
        int result;
        try {
            result = writeAll(iov, count, area);
        } catch (Throwable e) {
            ChannelCalls.attempt(channel::close); // So that nobody sends from it any more.
            driver.giveBack(area);
            throw e;
        }
        if (result == Wire.WAITING) {
            lent = area;
            count(area.view().capacity());
            return result;
        }
        driver.giveBack(area);
        return result < 0 ? result : taken;
    }

    private int writeAll(long iov, int count, NativeBuffer area) {
        ByteBuffer gathered = area.view().clear();
        for (int i = 0; i < count; i++) {
            long entry = iov + (long) i * Descriptors.IOVEC_BYTES;
            long address = Memory.getLong(entry);
            int size = (int) Memory.getLong(entry + Long.BYTES);
            boolean large = size >= LARGE_BYTES;
            int result = large || size > gathered.remaining() ? flush(gathered) : 0;
            if (result == 0 && large) {
                result = write(Memory.buffer(address, size));
            }
            if (result != 0) {
                return result;
            }
            if (!large) {
                int end = gathered.position();
                Memory.copy(address, area.address() + end, size);
                gathered.position(end + size);
            }
        }
        return flush(gathered);
    }

    private int flush(ByteBuffer gathered) {
        int result = write(gathered.flip());
        if (result == 0) {
            gathered.clear(); // Else it is not ours.
        }
        return result;
    }

    /// Writes until all of it is taken: a short write is no proof that there is no room.
    ///
    /// @return 0 when all is taken, [Wire#WAITING], or `-errno`
    private int write(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            int before = bytes.position();
            Future<Integer> written = channel.write(bytes);
            switch (written.state()) {
                case RUNNING -> {
                    await(written);
                    return Wire.WAITING;
                }
                case SUCCESS -> taken += bytes.position() - before;
                default -> {
                    return -Errno.EPIPE;
                }
            }
        }
        return 0;
    }

    private void await(Future<Integer> written) {
        driver.start(() -> {
            awaitDone(written);
            driver.completed(() -> {
                driver.over();
                decided(written);
            });
        });
        driver.begun(); // Completions wait for this thread.
        waiting = written;
        takenBefore = taken;
    }

    private static void awaitDone(Future<Integer> written) {
        try {
            written.get();
        } catch (ExecutionException _) {
            // It is done.
        } catch (InterruptedException e) {
            throw new AssertionError("nobody knows this thread", e);
        }
    }

    /// Decides a write that has been done though nobody has told it yet: see [Wire#decideSend].
    void decide() {
        Future<Integer> written = waiting;
        if (written != null && written.isDone()) {
            decided(written);
        }
    }

    private void count(int bytes) {
        connection.loop().segments().count(bytes);
    }

    /// A write is done, for once.
    @SuppressWarnings("ReferenceEquality") // a write is only ever itself
    private void decided(Future<Integer> written) {
        if (written != waiting) {
            return;
        }
        waiting = null;
        boolean isTaken = written.state() == Future.State.SUCCESS;
        int result = isTaken ? takenBefore + written.resultNow() : -Errno.EPIPE;
        if (lent != null) {
            driver.giveBack(lent);
            count(-lent.view().capacity());
            lent = null;
        }
        try {
            connection.sendQueue().completed(result);
        } catch (Throwable e) {
            connection.failed(e);
        }
    }
}
