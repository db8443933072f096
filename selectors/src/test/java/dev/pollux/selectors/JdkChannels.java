package dev.pollux.selectors;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;

/// Run in a JVM of its own that tells the descriptors of its channels: each kind on each mechanism.
final class JdkChannels {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final InetSocketAddress ANY =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private JdkChannels() {}

    public static void main(String[] arguments) throws Exception {
        for (Mechanism mechanism : List.of(Mechanism.SELECT, Mechanism.POLL, Mechanism.EPOLL)) {
            watch(mechanism);
        }
    }

    private static void watch(Mechanism mechanism) throws Exception {
        try (Selector<String> selector = mechanism.open();
                ServerSocketChannel door = ServerSocketChannel.open().bind(ANY);
                DatagramChannel datagrams = DatagramChannel.open().bind(ANY)) {
            Pipe pipe = Pipe.open();
            selector.register(door, Selector.READ, "door");
            selector.register(datagrams, Selector.READ, "datagrams");
            selector.register(pipe.source(), Selector.READ, "pipe");
            say(mechanism, selector.select(Duration.ZERO));
            SocketChannel client = SocketChannel.open(door.getLocalAddress());
            say(mechanism, selector.select(SOON));
            SocketChannel server = door.accept();
            pipe.sink().write(ByteBuffer.allocate(1));
            say(mechanism, selector.select(SOON));
            pipe.source().read(ByteBuffer.allocate(1));
            datagrams.send(ByteBuffer.allocate(1), datagrams.getLocalAddress());
            say(mechanism, selector.select(SOON));
            datagrams.receive(ByteBuffer.allocate(1));
            closeBehindItsBack(mechanism, selector, server, client);
            pipe.sink().close();
            pipe.source().close();
        }
    }

    /// Another channel gets the number, and is known as itself.
    private static void closeBehindItsBack(
            Mechanism mechanism,
            Selector<String> selector,
            SocketChannel server,
            SocketChannel client)
            throws Exception {
        int fd = selector.register(server, Selector.READ, "server").fd();
        server.close();
        SelectableChannel next = SocketChannel.open();
        boolean reused = fd == ChannelNumbers.fd(next);
        selector.unregister(server);
        SelectorKey<String> key = selector.register(next, Selector.WRITE, "next");
        System.out.println(mechanism + " closed: " + reused + " " + (key.fileobj() == next));
        selector.unregister(next);
        next.close();
        client.close();
    }

    private static void say(Mechanism mechanism, List<Ready<String>> ready) {
        System.out.println(
                mechanism + ": " + ready.stream().map(each -> each.key().data()).toList());
    }
}
