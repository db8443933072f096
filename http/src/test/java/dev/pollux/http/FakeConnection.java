package dev.pollux.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pollux.engines.Limits;
import dev.pollux.engines.Protocol;
import dev.pollux.engines.SharedBytes;
import dev.pollux.engines.Transport;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/// One connection of an engine without an engine: the test is the peer, and turns the clock. It
/// keeps the promises of `Protocol` and `Transport`, and fails when the protocol breaks its own.
final class FakeConnection implements Transport {
    /// A timer under way.
    private record Alarm(long at, Runnable task) {}

    private static final Limits LIMITS = Limits.DEFAULT;

    /// What bytes are received into, as in a loop.
    private static final ByteBuffer BUFFER = ByteBuffer.allocateDirect(LIMITS.receiveBufferBytes());

    private final FakeClock clock;
    private final Protocol protocol;
    private final List<Alarm> alarms = new ArrayList<>();

    /// Sent by the peer and not yet received.
    private byte[] incoming = {};

    /// Received and left unread.
    private byte[] unread = {};

    /// Written and not yet taken by the peer.
    private final ByteArrayOutputStream queued = new ByteArrayOutputStream();

    /// Taken by the peer.
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    private boolean high;
    private boolean paused;
    private boolean resumed;
    private boolean over;

    /// Whether the peer takes what is written.
    boolean peerReads = true;

    boolean closed;
    boolean aborted;

    /// Calls of `write`.
    int writes;

    /// The most that was ever queued.
    int queuedMax;

    FakeConnection(Supplier<Protocol> service) {
        this(service, new FakeClock());
    }

    FakeConnection(Supplier<Protocol> service, FakeClock clock) {
        this.clock = clock;
        this.protocol = service.get();
        protocol.connected(this);
    }

    /// {@return everything that a server answers to some bytes}
    static String transcript(Supplier<Protocol> service, String bytes) {
        var connection = new FakeConnection(service);
        connection.send(bytes);
        return connection.output();
    }

    FakeConnection send(String bytes) {
        return send(bytes.getBytes(ISO_8859_1));
    }

    /// The peer sends bytes, which arrive at once.
    FakeConnection send(byte[] bytes) {
        incoming = concat(incoming, bytes);
        turn();
        return this;
    }

    /// The peer finishes sending.
    void finish() {
        if (isOpen() && !paused) {
            unread = new byte[0];
            if (!protocol.eof() && !closed) {
                close();
            }
            turn();
        }
    }

    void stop() {
        if (isOpen() && !protocol.stopping()) {
            close();
        }
        turn();
    }

    /// The connection breaks.
    void breakOff() {
        aborted = true;
        turn();
    }

    /// The peer takes what was written, up to a number of bytes.
    void take(int count) {
        byte[] bytes = queued.toByteArray();
        int part = Math.min(count, bytes.length);
        taken.write(bytes, 0, part);
        queued.reset();
        queued.write(bytes, part, bytes.length - part);
        turn();
    }

    /// Time passes, and alarms go off.
    void pass(Duration time) {
        long end = clock.nanos + time.toNanos();
        while (true) {
            var next = alarms.stream().min(Comparator.comparingLong(a -> a.at - end)).orElse(null);
            if (next == null || next.at - end > 0) {
                break;
            }
            alarms.remove(next);
            clock.nanos = next.at;
            next.task.run();
            turn();
        }
        clock.nanos = end;
    }

    int alarms() {
        return alarms.size();
    }

    boolean isPaused() {
        return paused;
    }

    /// {@return what the peer has taken, byte for byte}
    String output() {
        return taken.toString(ISO_8859_1);
    }

    /// {@return what the peer has taken, as UTF-8}
    String text() {
        return taken.toString(UTF_8);
    }

    byte[] outputBytes() {
        return taken.toByteArray();
    }

    private void turn() {
        boolean again = true;
        while (again && !over) {
            again = deliver() | flush();
            if (aborted || (closed && queued.size() == 0)) {
                over = true;
                alarms.clear();
                protocol.disconnected(null);
            }
        }
    }

    private boolean deliver() {
        boolean wanted = incoming.length > 0 || (resumed && unread.length > 0);
        if (!wanted || paused || closed || aborted) {
            return false;
        }
        resumed = false;
        int room = Math.min(incoming.length, LIMITS.receiveBufferBytes() - unread.length);
        ByteBuffer buffer = BUFFER.clear().put(unread).put(incoming, 0, room).flip();
        incoming = slice(incoming, room);
        protocol.received(buffer);
        unread = new byte[buffer.remaining()];
        buffer.get(unread);
        if (unread.length > LIMITS.inputBytesMax()) {
            throw new AssertionError("left " + unread.length + " bytes unread");
        }
        return true;
    }

    private boolean flush() {
        if (peerReads && queued.size() > 0) {
            taken.writeBytes(queued.toByteArray());
            queued.reset();
        }
        if (high && queued.size() < LIMITS.outboundLowMark() && !closed && !aborted) {
            high = false;
            protocol.writable();
            return true;
        }
        return incoming.length > 0 && !paused && !closed && !aborted;
    }

    private static byte[] concat(byte[] a, byte[] b) {
        return ByteBuffer.allocate(a.length + b.length).put(a).put(b).array();
    }

    private static byte[] slice(byte[] bytes, int from) {
        return java.util.Arrays.copyOfRange(bytes, from, bytes.length);
    }

    @Override
    public void write(SharedBytes bytes) {
        write(bytes.view());
    }

    @Override
    public void write(ByteBuffer bytes) {
        writes++;
        var copy = new byte[bytes.remaining()];
        bytes.get(copy);
        if (isOpen()) {
            queued.writeBytes(copy);
            queuedMax = Math.max(queuedMax, queued.size());
            high |= queued.size() > LIMITS.outboundHighMark();
            if (queued.size() > LIMITS.outboundBytesMax()) {
                throw new AssertionError(queued.size() + " bytes are queued");
            }
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public void abort() {
        aborted = true;
        queued.reset();
    }

    @Override
    public void pauseReading() {
        paused = true;
    }

    @Override
    public void resumeReading() {
        resumed = paused;
        paused = false;
    }

    @Override
    public long queuedBytes() {
        return queued.size();
    }

    @Override
    public boolean isWritable() {
        return queued.size() <= LIMITS.outboundHighMark();
    }

    @Override
    public SocketAddress peer() {
        return new InetSocketAddress("127.0.0.1", 49152);
    }

    @Override
    public boolean isOpen() {
        return !closed && !aborted;
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        var alarm = new Alarm(clock.nanos + delay.toNanos(), task);
        alarms.add(alarm);
        return () -> alarms.remove(alarm);
    }
}
