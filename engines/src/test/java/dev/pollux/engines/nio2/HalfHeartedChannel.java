package dev.pollux.engines.nio2;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// A channel of the JDK's, which throws when it is asked to read, as for want of memory: before the
/// read has begun, or once it has.
final class HalfHeartedChannel extends AsynchronousSocketChannel {
    private final AsynchronousSocketChannel real;
    private final boolean begins;

    /// Makes one.
    ///
    /// @param real what everything else is left to
    /// @param begins whether it reads all the same
    HalfHeartedChannel(AsynchronousSocketChannel real, boolean begins) {
        super(real.provider());
        this.real = real;
        this.begins = begins;
    }

    @Override
    public <A> void read(
            ByteBuffer into,
            long timeout,
            TimeUnit unit,
            A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        if (begins) {
            real.read(into, timeout, unit, attachment, handler);
        }
        throw new OutOfMemoryError("no memory");
    }

    @Override
    public Future<Integer> read(ByteBuffer into) {
        return real.read(into);
    }

    @Override
    public <A> void read(
            ByteBuffer[] into,
            int offset,
            int length,
            long timeout,
            TimeUnit unit,
            A attachment,
            CompletionHandler<Long, ? super A> handler) {
        real.read(into, offset, length, timeout, unit, attachment, handler);
    }

    @Override
    public <A> void write(
            ByteBuffer from,
            long timeout,
            TimeUnit unit,
            A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        real.write(from, timeout, unit, attachment, handler);
    }

    @Override
    public Future<Integer> write(ByteBuffer from) {
        return real.write(from);
    }

    @Override
    public <A> void write(
            ByteBuffer[] from,
            int offset,
            int length,
            long timeout,
            TimeUnit unit,
            A attachment,
            CompletionHandler<Long, ? super A> handler) {
        real.write(from, offset, length, timeout, unit, attachment, handler);
    }

    @Override
    public <A> void connect(
            SocketAddress remote, A attachment, CompletionHandler<Void, ? super A> handler) {
        real.connect(remote, attachment, handler);
    }

    @Override
    public Future<Void> connect(SocketAddress remote) {
        return real.connect(remote);
    }

    @Override
    public AsynchronousSocketChannel bind(SocketAddress local) throws IOException {
        return real.bind(local);
    }

    @Override
    public <T> AsynchronousSocketChannel setOption(SocketOption<T> name, T value)
            throws IOException {
        return real.setOption(name, value);
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return real.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return real.supportedOptions();
    }

    @Override
    public AsynchronousSocketChannel shutdownInput() throws IOException {
        return real.shutdownInput();
    }

    @Override
    public AsynchronousSocketChannel shutdownOutput() throws IOException {
        return real.shutdownOutput();
    }

    @Override
    public SocketAddress getRemoteAddress() throws IOException {
        return real.getRemoteAddress();
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        return real.getLocalAddress();
    }

    @Override
    public boolean isOpen() {
        return real.isOpen();
    }

    @Override
    public void close() throws IOException {
        real.close();
    }
}
