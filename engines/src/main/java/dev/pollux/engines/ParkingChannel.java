package dev.pollux.engines;

import dev.pollux.libc.Errno;
import dev.pollux.libc.Memory;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// A blocking socket of the JDK's: a virtual thread that waits in it parks, and its carrier does
/// something else. A call of the C library would hold the carrier, so there is none here.
///
/// The JDK throws where the kernel returns an errno; whatever it threw counts as a reset, and is
/// told apart by nobody here.
final class ParkingChannel implements BlockingWire {
    private static final SocketAddress NOBODY = UnixDomainSocketAddress.of("");

    private final SocketChannel channel;
    private final SocketAddress peer;

    /// A view of the memory that was last received into; the connection receives into the same.
    private ByteBuffer view = ByteBuffer.allocate(0);

    private long viewed;

    /// Wraps a socket.
    ///
    /// @throws IOException when it has been reset already; it is closed then
    ParkingChannel(SocketChannel channel) throws IOException {
        this.channel = channel;
        try {
            SocketAddress remote = channel.getRemoteAddress();
            this.peer = remote == null ? NOBODY : remote;
            if (!(peer instanceof UnixDomainSocketAddress)) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public int fd() {
        return -1;
    }

    @Override
    public int receive(long address, int size) {
        try {
            return Math.max(channel.read(at(address, size)), 0);
        } catch (IOException _) {
            return -Errno.ECONNRESET;
        }
    }

    /// The room shrinks by what is left unread, so the view is as large as it ever was.
    private ByteBuffer at(long address, int size) {
        if (viewed != address || view.capacity() < size) {
            view = Memory.buffer(address, size);
            viewed = address;
        }
        return view.clear().limit(size);
    }

    @Override
    public boolean canTry() {
        return false;
    }

    @Override
    public int send(long address, int size) {
        try {
            return channel.write(Memory.buffer(address, size));
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
            return (int) channel.write(parts);
        } catch (IOException _) {
            return -Errno.EPIPE;
        }
    }

    @Override
    public int sendSleeping(long address, int size) {
        return send(address, size);
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
    public void wake() {
        try {
            channel.shutdownInput();
        } catch (IOException _) {
            // Reset, or closed: nobody sleeps in it any more.
        }
    }

    /// Closing wakes all sleepers, and does not happen under them: the JDK sees to that.
    @Override
    public void reset() {
        try {
            if (!(peer instanceof UnixDomainSocketAddress)) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException _) {
            // Reset already.
        }
        close();
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
