package dev.pollux.engines.nio2;

import dev.pollux.engines.io.NativeBuffer;
import dev.pollux.engines.loop.Connection;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import org.jspecify.annotations.Nullable;

/// The receiving half of a [Nio2Socket]: at most one read under way, renewed when the protocol has
/// seen what the last one brought.
///
/// The JDK wants a buffer for as long as a read waits, so even an idle connection holds one:
/// [#SMALL_BYTES]. One that was filled is followed by a large one, lent by the loop, until a read
/// does not fill that: then the socket is empty, and the small one does again.
///
/// Belongs to the loop's thread, but for the completion handler's methods, which are called by a
/// thread of the group and only keep the result.
public final class Nio2Input implements CompletionHandler<Integer, @Nullable Void>, Runnable {
    /// What an idle connection holds.
    public static final int SMALL_BYTES = 2 * 1024;

    private final Nio2Driver driver;
    private final AsynchronousSocketChannel channel;
    private final Connection connection;
    private final NativeBuffer small;

    /// Where the read under way, or the next one, receives instead of in `small`.
    private @Nullable NativeBuffer lent;

    /// How many bytes the completed read has brought, 0 at the end of input, or `-errno`. Handed to
    /// the loop's thread by the completion queue.
    private int result;

    private boolean wanted;
    private boolean reading;
    private boolean closed;

    Nio2Input(Nio2Driver driver, AsynchronousSocketChannel channel, Connection connection) {
        this.driver = driver;
        this.channel = channel;
        this.connection = connection;
        this.small = NativeBuffer.allocate(Math.min(SMALL_BYTES, driver.receiveBytes()));
    }

    /// Changes whether input is wanted. What a read under way brings is kept by the `Receiver`.
    void want(boolean input) {
        wanted = input;
        read();
    }

    private void read() {
        if (wanted && !reading && !closed) {
            ByteBuffer view = buffer().view();
            view.limit(Math.min(view.capacity(), driver.receiveBytes())).position(0);
            reading = true;
            driver.begun();
            boolean asked = false;
            try {
                channel.read(view, null, this);
                asked = true;
            } finally {
                if (!asked) {
                    ended(); // The connection fails. Until the channel is closed it may receive.
                }
            }
        }
    }

    private void ended() {
        reading = false;
        driver.over();
    }

    private NativeBuffer buffer() {
        return lent == null ? small : lent;
    }

    @Override
    public void completed(Integer received, @Nullable Void none) {
        result = Math.max(received, 0); // The JDK's end of input is -1; no read brings nothing.
        driver.completed(this);
    }

    @Override
    public void failed(Throwable e, @Nullable Void none) {
        result = -Errno.ECONNRESET;
        driver.completed(this);
    }

    /// The loop's share of a completed read.
    @Override
    public void run() {
        if (!reading) {
            return; // The JDK threw when it was asked, and yet has begun.
        }
        ended();
        try {
            take();
        } catch (Throwable e) {
            connection.failed(e);
        }
    }

    private void take() {
        if (closed) {
            release();
        } else if (result > 0) {
            offer();
            read();
        } else {
            wanted = false;
            end(result);
        }
    }

    private void offer() {
        NativeBuffer buffer = buffer();
        boolean filled = !buffer.view().hasRemaining();
        connection.receiver().take(buffer.offered().limit(result).position(0), buffer.address());
        if (!filled) {
            shrink();
        } else if (lent == null) {
            lent = driver.lend();
        }
    }

    private void end(int errno) {
        shrink();
        if (errno == 0) {
            connection.receiver().takeEnd();
        } else {
            connection.fail(new ErrnoException(-errno, "recv", -1));
        }
    }

    private void shrink() {
        if (lent != null) {
            driver.giveBack(lent);
            lent = null;
        }
    }

    /// The channel is closed: memory is given back when nobody can receive into it any more. The
    /// JDK's threads receive only while they hold up the closing of the channel.
    void close() {
        closed = true;
        if (!reading) {
            release();
        }
    }

    private void release() {
        shrink();
        small.free();
    }
}
