package dev.pollux.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.Executors;

/// An echo server on the JDK's asynchronous channels, the fastest way they can be used: one thread
/// in the group, and every handler does its work there.
public final class Nio2Echo {
    private static final int CHUNK = 64 * 1024;

    private Nio2Echo() {}

    /// Serves until the process is ended.
    ///
    /// @param arguments the port; none or 0 takes a free one
    /// @throws IOException when the port cannot be opened
    public static void main(String[] arguments) throws IOException {
        AsynchronousChannelGroup group =
                AsynchronousChannelGroup.withFixedThreadPool(1, Executors.defaultThreadFactory());
        AsynchronousServerSocketChannel listener = AsynchronousServerSocketChannel.open(group);
        listener.bind(Doors.address(arguments), Doors.BACKLOG);
        listener.accept(listener, new Accepting());
        Doors.announce(((InetSocketAddress) listener.getLocalAddress()).getPort());
    }

    private static final class Accepting
            implements CompletionHandler<
                    AsynchronousSocketChannel, AsynchronousServerSocketChannel> {
        @Override
        public void completed(
                AsynchronousSocketChannel channel, AsynchronousServerSocketChannel listener) {
            try {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                new Echoing(channel).read();
            } catch (IOException _) {
                close(channel);
            }
            listener.accept(listener, this);
        }

        @Override
        public void failed(Throwable e, AsynchronousServerSocketChannel listener) {
            throw new IllegalStateException("cannot accept", e);
        }
    }

    /// One connection: reads, writes all of that, and reads again.
    private static final class Echoing implements CompletionHandler<Integer, Boolean> {
        private final AsynchronousSocketChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);

        Echoing(AsynchronousSocketChannel channel) {
            this.channel = channel;
        }

        void read() {
            channel.read(buffer.clear(), true, this);
        }

        @Override
        public void completed(Integer count, Boolean read) {
            if (count < 0) {
                close(channel);
            } else if (read) {
                channel.write(buffer.flip(), false, this);
            } else if (buffer.hasRemaining()) {
                channel.write(buffer, false, this);
            } else {
                read();
            }
        }

        @Override
        public void failed(Throwable e, Boolean read) {
            close(channel); // A peer that went away is forgotten, as in the other servers.
        }
    }

    private static void close(AsynchronousSocketChannel channel) {
        try {
            channel.close();
        } catch (IOException _) {
            // The descriptor is released either way.
        }
    }
}
