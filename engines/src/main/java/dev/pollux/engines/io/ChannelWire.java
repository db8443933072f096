package dev.pollux.engines.io;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// A socket of the JDK's, for the models that know no descriptors. In a loop it is non-blocking; in
/// a blocking engine every call waits for at least one byte, and a virtual thread that waits parks,
/// while its carrier does something else: a call of the C library would hold the carrier.
///
/// The JDK throws where the kernel returns an errno; whatever it threw counts as a reset: the
/// causes are not told apart.
public final class ChannelWire implements Wire, BlockingWire {
    private final SocketChannel channel;
    private final SocketAddress peer;

    /// A view of the memory that was last received into: as a rule it is the same again.
    private ByteBuffer view = ByteBuffer.allocate(0);

    private long viewed;

    /// Takes over an accepted channel.
    ///
    /// @param blocking whether its calls wait
    /// @throws ErrnoException ECONNABORTED when it has been reset already; it is closed then
    public ChannelWire(SocketChannel channel, boolean blocking) throws ErrnoException {
        this.channel = channel;
        try {
            channel.configureBlocking(blocking);
            SocketAddress remote = channel.getRemoteAddress();
            this.peer = remote == null ? PeerAddress.NOBODY : remote;
            if (!isUnix()) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            }
        } catch (IOException _) {
            ChannelCalls.attempt(channel::close);
            throw new ErrnoException(Errno.ECONNABORTED, "accept", -1);
        } catch (Throwable e) {
            ChannelCalls.attempt(channel::close);
            throw e;
        }
    }

    private boolean isUnix() {
        return peer instanceof UnixDomainSocketAddress;
    }

    @Override
    public Object fileobj() {
        return channel;
    }

    @Override
    public int fd() {
        return -1;
    }

    @Override
    public int receive(long address, int size) {
        try {
            int received = channel.read(at(address, size));
            return received > 0 ? received : received == 0 ? -Errno.EAGAIN : 0;
        } catch (IOException _) {
            return -Errno.ECONNRESET;
        }
    }

    /// A channel that waits does so in the same call.
    @Override
    public int receiveSleeping(long address, int size) {
        return receive(address, size);
    }

    @Override
    public boolean canTry() {
        return false;
    }

    /// Less may fit than the last time, but seldom more.
    private ByteBuffer at(long address, int size) {
        if (viewed != address || view.capacity() < size) {
            view = Memory.buffer(address, size);
            viewed = address;
        }
        return view.clear().limit(size);
    }

    @Override
    public int send(long address, int size) {
        try {
            return taken(channel.write(Memory.buffer(address, size)));
        } catch (IOException _) {
            return -Errno.EPIPE;
        }
    }

    @Override
    public int sendGathered(long iov, int count) {
        ByteBuffer[] parts = new ByteBuffer[count];
        for (int i = 0; i < count; i++) {
            long entry = iov + (long) i * Descriptors.IOVEC_BYTES;
            int size = (int) Memory.getLong(entry + Long.BYTES);
            parts[i] = Memory.buffer(Memory.getLong(entry), size);
        }
        try {
            return taken(channel.write(parts));
        } catch (IOException _) {
            return -Errno.EPIPE;
        }
    }

    /// A channel that waits does so in the same call.
    @Override
    public int sendSleeping(long address, int size) {
        return send(address, size);
    }

    private static int taken(long written) {
        return written > 0 ? (int) written : -Errno.EAGAIN;
    }

    @Override
    public boolean shutdownOutput() {
        return ChannelCalls.attempt(channel::shutdownOutput);
    }

    @Override
    public void wake() {
        ChannelCalls.attempt(channel::shutdownInput);
    }

    /// Closing wakes all sleepers, and does not happen under them: the JDK sees to that.
    @Override
    public void reset() {
        resetOnClose();
        close();
    }

    @Override
    public void resetOnClose() {
        if (!isUnix()) {
            ChannelCalls.attempt(() -> channel.setOption(StandardSocketOptions.SO_LINGER, 0));
        }
    }

    @Override
    public void close() {
        ChannelCalls.attempt(channel::close);
    }

    @Override
    public SocketAddress peer() {
        return peer;
    }
}
