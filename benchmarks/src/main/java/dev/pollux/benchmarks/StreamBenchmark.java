package dev.pollux.benchmarks;

import dev.pollux.descriptors.ListeningSocket;
import dev.pollux.descriptors.Pair;
import dev.pollux.descriptors.StreamSocket;
import dev.pollux.libc.Memory;
import dev.pollux.libc.Sockets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What one write and the read behind it cost in one thread, by calls that do not wait.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
public class StreamBenchmark {
    @Param({"unix", "tcp"})
    private String family = "";

    @Param({"1", "4096"})
    private int bytes;

    @SuppressWarnings("NullAway.Init") // JMH calls open() first.
    private Pair<StreamSocket> ours;

    private SocketChannel[] theirs = {};
    private ByteBuffer direct = ByteBuffer.allocate(0);
    private ByteBuffer heap = ByteBuffer.allocate(0);
    private long address;
    private int from;
    private int to;

    /// For JMH.
    public StreamBenchmark() {}

    /// Opens two connections, one of ours and one of the JDK's.
    ///
    /// @throws IOException when descriptors run out
    @Setup
    public void open() throws IOException {
        boolean unix = family.equals("unix");
        ours = unix ? StreamSocket.pair() : tcp();
        theirs = unix ? unixChannels() : tcpChannels();
        ours.first().setBlocking(false);
        ours.second().setBlocking(false);
        from = ours.first().fd();
        to = ours.second().fd();
        direct = ByteBuffer.allocateDirect(bytes);
        heap = ByteBuffer.allocate(bytes);
        address = Memory.address(direct);
    }

    private static InetSocketAddress any() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static Pair<StreamSocket> tcp() throws IOException {
        try (ListeningSocket door = ListeningSocket.open(any())) {
            StreamSocket client = StreamSocket.open(door.localAddress());
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            return new Pair<>(client, Objects.requireNonNull(door.accept()));
        }
    }

    private static SocketChannel[] tcpChannels() throws IOException {
        try (ServerSocketChannel door = ServerSocketChannel.open().bind(any())) {
            SocketChannel client = SocketChannel.open(door.getLocalAddress());
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            return nonBlocking(client, door.accept());
        }
    }

    private static SocketChannel[] unixChannels() throws IOException {
        Path folder = Files.createTempDirectory("pollux");
        Path path = folder.resolve("door");
        try (ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            door.bind(UnixDomainSocketAddress.of(path));
            SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path));
            return nonBlocking(client, door.accept());
        } finally {
            Files.deleteIfExists(path);
            Files.delete(folder);
        }
    }

    private static SocketChannel[] nonBlocking(SocketChannel client, SocketChannel server)
            throws IOException {
        client.configureBlocking(false);
        server.configureBlocking(false);
        return new SocketChannel[] {client, server};
    }

    /// Closes all.
    ///
    /// @throws IOException when the kernel reports an error of before
    @TearDown
    public void close() throws IOException {
        ours.close();
        for (SocketChannel each : theirs) {
            each.close();
        }
    }

    /// The calls of libc, and nothing else.
    ///
    /// @return how many bytes were received
    @Benchmark
    public int bare() {
        int sent = Sockets.send(from, address, bytes);
        return sent + Sockets.recv(to, address, bytes);
    }

    /// Ours, with a direct buffer.
    ///
    /// @return how many bytes were moved
    /// @throws IOException when the kernel refuses it
    @Benchmark
    public int oursDirect() throws IOException {
        return ours.first().write(direct.clear()) + ours.second().read(direct.clear());
    }

    /// Ours, with a buffer of the heap.
    ///
    /// @return how many bytes were moved
    /// @throws IOException when the kernel refuses it
    @Benchmark
    public int oursHeap() throws IOException {
        return ours.first().write(heap.clear()) + ours.second().read(heap.clear());
    }

    /// The JDK's, with a direct buffer.
    ///
    /// @return how many bytes were moved
    /// @throws IOException when the kernel refuses it
    @Benchmark
    public int jdkDirect() throws IOException {
        return theirs[0].write(direct.clear()) + theirs[1].read(direct.clear());
    }

    /// The JDK's, with a buffer of the heap.
    ///
    /// @return how many bytes were moved
    /// @throws IOException when the kernel refuses it
    @Benchmark
    public int jdkHeap() throws IOException {
        return theirs[0].write(heap.clear()) + theirs[1].read(heap.clear());
    }
}
