package dev.pollux.benchmarks;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// `java.nio.channels.Selector`.
final class JdkSubject implements Subject {
    private final Selector selector = Selector.open();
    private final List<SocketChannel> channels = new ArrayList<>();
    private final Consumer<SelectionKey> counter = this::count;
    private final SocketChannel spare;
    private SelectionKey last;
    private int seen;

    JdkSubject(int registered, int ready) throws IOException {
        Path folder = Files.createTempDirectory("pollux");
        Path path = folder.resolve("door");
        try (var door = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            var address = UnixDomainSocketAddress.of(path);
            door.bind(address);
            spare = pair(door, address, false);
            last = watch(pair(door, address, ready > 0));
            for (int i = 1; i < registered; i++) {
                last = watch(pair(door, address, i < ready));
            }
        } finally {
            Files.delete(path);
            Files.delete(folder);
        }
    }

    private SocketChannel pair(
            ServerSocketChannel door, UnixDomainSocketAddress address, boolean ready)
            throws IOException {
        var near = SocketChannel.open(address);
        var far = door.accept();
        near.configureBlocking(false);
        if (ready) {
            far.write(ByteBuffer.allocate(1));
        }
        channels.add(near);
        channels.add(far);
        return near;
    }

    private SelectionKey watch(SocketChannel channel) throws IOException {
        return channel.register(selector, SelectionKey.OP_READ);
    }

    private void count(SelectionKey key) {
        seen += key.isReadable() || key.isWritable() ? 1 : 0;
    }

    @Override
    public int poll() throws IOException {
        seen = 0;
        selector.selectNow(counter);
        return seen;
    }

    @Override
    public void register() throws IOException {
        watch(spare);
    }

    @Override
    public void unregister() {
        spare.keyFor(selector).cancel();
    }

    @Override
    public void modify() {
        last.interestOps(last.interestOps() ^ SelectionKey.OP_WRITE);
    }

    @Override
    public void close() throws IOException {
        selector.close();
        for (var channel : channels) {
            channel.close();
        }
    }
}
