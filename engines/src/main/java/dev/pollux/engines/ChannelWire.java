package dev.pollux.engines;

import dev.pollux.libc.Errno;
import dev.pollux.libc.Memory;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// A socket of the JDK's, for the `nio` model, which knows no descriptors.
///
/// The JDK throws where the kernel returns an errno; whatever it threw counts as a reset, and is
/// told apart by nobody here.
final class ChannelWire implements Wire {
    private static final SocketAddress NOBODY = UnixDomainSocketAddress.of("");

    private final SocketChannel channel;
    private final SocketAddress peer;

    /// A view of the memory that was last received into; the loop always receives into the same.
    private ByteBuffer view = ByteBuffer.allocate(0);

    private long viewed;

    ChannelWire(SocketChannel channel) throws IOException {
        this.channel = channel;
        SocketAddress remote = channel.getRemoteAddress();
        this.peer = remote == null ? NOBODY : remote;
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

    @Override
    public int send(long address, int size) {
        try {
            int sent = channel.write(Memory.buffer(address, size));
            return sent > 0 ? sent : -Errno.EAGAIN;
        } catch (IOException _) {
            return -Errno.EPIPE;
        }
    }

    @Override
    public int sendGathered(long iov, int count) {
        ByteBuffer[] parts = new ByteBuffer[count];
        for (int i = 0; i < count; i++) {
            long place = iov + 16L * i;
            parts[i] = Memory.buffer(Memory.getLong(place), (int) Memory.getLong(place + 8));
        }
        try {
            long sent = channel.write(parts);
            return sent > 0 ? (int) sent : -Errno.EAGAIN;
        } catch (IOException _) {
            return -Errno.EPIPE;
        }
    }

    private ByteBuffer at(long address, int size) {
        if (viewed != address || view.capacity() != size) {
            view = Memory.buffer(address, size);
            viewed = address;
        }
        return view.clear();
    }

    @Override
    public boolean shutdownOutput() {
        try {
            channel.shutdownOutput();
            return true;
        } catch (IOException _) {
            return false; // The peer has reset it: there is no end to wait for.
        }
    }

    @Override
    public void resetOnClose() {
        try {
            if (peer instanceof UnixDomainSocketAddress) {
                return; // Has no reset.
            }
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException _) {
            // Reset already.
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // The descriptor is gone in any case.
        }
    }

    @Override
    public SocketAddress peer() {
        return peer;
    }
}
