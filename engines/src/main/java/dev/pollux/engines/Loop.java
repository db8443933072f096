package dev.pollux.engines;

import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Memory;
import dev.pollux.libc.SystemCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One thread that serves many connections, as its [Driver] tells it of them.
///
/// A turn: wait; serve what is ready; run the timers that are due; run what other threads handed
/// over; receive again where an edge-triggered budget was used up; send the groups' broadcasts;
/// settle the connections that were touched (flush, change interest, end). What is written in a
/// turn therefore leaves together at its end, broadcasts first; in a turn of many events, what
/// connections write leaves every now and then.
final class Loop implements Runnable {
    /// What a loop has done.
    static final class Counters {
        long turns;
        long events;
        long bytesReceived;
        long bytesSent;
        long disconnectedSlow;
        long overflows;
    }

    /// Events after which the connections they touched are settled, before the turn goes on: by
    /// then the sockets and what goes out are still in the processor's caches, and little memory
    /// waits. With thousands of events in a turn a round trip otherwise costs a third more.
    private static final int SETTLE_EVENTS = 64;

    /// How long a loop pauses when another one has not caught up with what it was handed.
    private static final long CONGESTION_NANOS = 200_000;

    private final MultiplexedEngine engine;
    private final int number;
    private final Driver driver;
    private final Limits limits;
    private final Thread thread;
    private final TimerWheel wheel = new TimerWheel();
    private final SegmentPool segments = new SegmentPool();
    private final Inbox inbox = new Inbox();

    /// Where every connection of this loop receives; nobody keeps a part of it beyond a callback.
    private final long receiveAddress;

    private final ByteBuffer receiveBuffer;

    /// The connections, dense up to `open`; each knows its index.
    private @Nullable Connection[] connections = new @Nullable Connection[64];

    private int open;

    /// Connections to settle at the end of the turn.
    private @Nullable Connection[] listed = new @Nullable Connection[64];

    private int listedCount;

    /// Events served since connections were settled.
    private int unsettled;

    /// Those to receive from in the next turn, reported or not.
    private ArrayList<Intake> deferred = new ArrayList<>();

    /// The other of the two lists, empty between turns.
    private ArrayList<Intake> served = new ArrayList<>();

    /// Group parts with broadcasts of this turn.
    private final ArrayList<GroupPart> talking = new ArrayList<>();

    /// The clock has not been read since the wait.
    private boolean clockStale;

    private boolean stopping;

    /// Of this loop's thread, once it runs.
    private volatile @Nullable SystemCalls calls;

    /// Written by the loop alone; others may read it a little late.
    private final Counters counters = new Counters();

    /// Makes a loop, which does not run yet.
    ///
    /// @param number its place in [Loops]
    /// @throws IOException when there is no descriptor left for its driver
    Loop(MultiplexedEngine engine, Driver.Opening drivers, Limits limits, int number)
            throws IOException {
        this.engine = engine;
        this.number = number;
        this.limits = limits;
        try {
            this.driver = drivers.open(this);
        } catch (IOException e) {
            segments.close();
            throw e;
        }
        this.receiveAddress = Memory.allocatePages(areaBytes());
        this.receiveBuffer = Memory.buffer(receiveAddress, areaBytes());
        this.thread = new Thread(this, "pollux-" + engine.model().label() + "-" + number);
    }

    /// Gives back what the loop holds, at its end, or when it is not even started.
    void release() {
        driver.close();
        segments.close();
        Memory.freePages(receiveAddress, areaBytes());
    }

    void start() {
        thread.start();
    }

    void join() throws InterruptedException {
        thread.join();
    }

    @SuppressWarnings("ReferenceEquality") // a thread is only ever itself
    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    int number() {
        return number;
    }

    Limits limits() {
        return limits;
    }

    TimerWheel wheel() {
        return wheel;
    }

    SegmentPool segments() {
        return segments;
    }

    Driver driver() {
        return driver;
    }

    /// What was left unread, and a whole buffer that the kernel has received by itself.
    private int areaBytes() {
        return limits.inputBytesMax() + limits.receiveBufferBytes();
    }

    long receiveAddress() {
        return receiveAddress;
    }

    int receiveBytes() {
        return limits.receiveBufferBytes();
    }

    ByteBuffer receiveBuffer() {
        return receiveBuffer;
    }

    @Override
    public void run() {
        calls = SystemCalls.current();
        try {
            driver.begin();
            while (!stopping || open > 0) {
                turn();
            }
        } catch (ErrnoException e) {
            trouble("a loop failed and ends: " + e.getMessage(), e);
        } finally {
            end();
        }
    }

    private void turn() throws ErrnoException {
        if (engine.isCongested(this)) {
            Uninterrupted.pause(CONGESTION_NANOS);
        } else {
            await();
        }
        counters.turns++;
        if (!wheel.isEmpty()) {
            wheel.advance();
        }
        inbox.run();
        serveDeferred();
        sendBroadcasts();
        settle();
    }

    private void await() throws ErrnoException {
        clockStale = true;
        long timeout = timeout();
        if (timeout != 0 && !inbox.fallAsleep()) {
            timeout = 0;
        }
        driver.await(timeout);
        inbox.awake();
    }

    private long timeout() {
        boolean busy = listedCount > 0 || !deferred.isEmpty() || !talking.isEmpty();
        return busy ? 0 : wheel.nextDelay();
    }

    /// The driver has something to serve: the clock is read at the first event of a wait.
    void eventCame() {
        if (clockStale) {
            clockStale = false;
            if (!wheel.isEmpty()) {
                wheel.readClock();
            }
        }
        counters.events++;
    }

    /// An event has been served; its driver is not in the middle of anything.
    void eventServed() {
        if (++unsettled >= SETTLE_EVENTS) {
            settle();
        }
    }

    private void serveDeferred() {
        if (deferred.isEmpty()) {
            return;
        }
        ArrayList<Intake> now = deferred;
        deferred = served;
        served = now;
        for (Intake intake : now) {
            intake.again();
        }
        now.clear();
    }

    private void sendBroadcasts() {
        for (int i = 0; i < talking.size(); i++) {
            talking.get(i).flush();
        }
        talking.clear();
    }

    /// Settles those that are listed now; what settling lists again has its turn in the next turn,
    /// so that a fast reader of a long answer starves nobody.
    private void settle() {
        unsettled = 0;
        int count = listedCount;
        for (int i = 0; i < count; i++) {
            Objects.requireNonNull(listed[i]).settle();
        }
        int rest = listedCount - count;
        System.arraycopy(listed, count, listed, 0, rest);
        Arrays.fill(listed, rest, listedCount, null);
        listedCount = rest;
    }

    void list(Connection connection) {
        if (listedCount == listed.length) {
            listed = Arrays.copyOf(listed, 2 * listedCount);
        }
        listed[listedCount++] = connection;
    }

    void defer(Intake intake) {
        deferred.add(intake);
    }

    void talks(GroupPart part) {
        talking.add(part);
    }

    /// Runs a task on the loop's thread.
    ///
    /// @param task what to run
    /// @param bytes how many bytes it carries
    /// @return false when the loop has ended, and the task will not run
    boolean hand(Runnable task, int bytes) {
        if (!inbox.offer(task, bytes)) {
            return false;
        }
        if (inbox.sleeps() && !isCurrent()) {
            driver.wakeup();
        }
        return true;
    }

    /// Takes a new connection.
    ///
    /// @param wire its socket
    /// @param protocol its protocol
    /// @param edge whether it is served edge-triggered
    void open(Wire wire, Protocol protocol, boolean edge) {
        Connection connection = new Connection(this, wire, protocol, edge);
        if (open == connections.length) {
            connections = Arrays.copyOf(connections, 2 * open);
        }
        connection.index = open;
        connections[open++] = connection;
        driver.opened(connection);
        connection.open();
        if (stopping) {
            connection.stopping();
        }
    }

    void remove(Connection connection) {
        Connection last = Objects.requireNonNull(connections[--open]);
        connections[connection.index] = last;
        last.index = connection.index;
        connections[open] = null;
        connection.index = -1;
        engine.closed(connection.wire());
    }

    /// Begins to stop: every protocol is told, and the deadline is set.
    void stop(Duration deadline) {
        if (stopping) {
            return;
        }
        stopping = true;
        for (Connection connection : Arrays.copyOf(connections, open)) {
            Objects.requireNonNull(connection).stopping();
        }
        wheel.add(new TimerWheel.Entry(this::cutOff), deadline.toNanos());
    }

    private void cutOff() {
        for (Connection connection : Arrays.copyOf(connections, open)) {
            Objects.requireNonNull(connection)
                    .fail(new DisconnectedException(DisconnectedException.Reason.STOPPED));
        }
    }

    /// Gives everything back. After a failure of the driver itself connections may be left.
    private void end() {
        inbox.close();
        cutOff();
        settle();
        release();
    }

    void received(int bytes) {
        counters.bytesReceived += bytes;
    }

    void sent(int bytes) {
        counters.bytesSent += bytes;
    }

    void disconnected(@Nullable IOException cause) {
        if (cause instanceof DisconnectedException e
                && e.reason() == DisconnectedException.Reason.SLOW_RECEIVER) {
            counters.disconnectedSlow++;
        }
    }

    /// {@return a number that grows with every byte moved and every connection accepted}
    long progress() {
        return counters.bytesReceived + counters.bytesSent + engine.accepted();
    }

    boolean isCongested() {
        return inbox.isCongested();
    }

    /// Adds what this loop has done, from any thread.
    void addTo(Counters sum, Map<String, Long> systemCalls) {
        sum.turns += counters.turns;
        sum.events += counters.events;
        sum.bytesReceived += counters.bytesReceived;
        sum.bytesSent += counters.bytesSent;
        sum.disconnectedSlow += counters.disconnectedSlow;
        sum.overflows += driver.overflows();
        SystemCalls made = calls;
        if (made != null) {
            made.snapshot().forEach((name, count) -> systemCalls.merge(name, count, Long::sum));
        }
    }

    void trouble(String line, @Nullable Throwable cause) {
        engine.observer().trouble(line, cause);
    }
}
