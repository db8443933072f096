package dev.pollux.engines.loop;

import dev.pollux.engines.DisconnectedException;
import dev.pollux.engines.DisconnectedException.Reason;
import dev.pollux.engines.Limits;
import dev.pollux.engines.Protocol;
import dev.pollux.engines.io.SegmentPool;
import dev.pollux.engines.io.Wire;
import dev.pollux.engines.shared.Clock;
import dev.pollux.engines.shared.Durations;
import dev.pollux.engines.shared.Ending;
import dev.pollux.engines.shared.Troubles;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.SystemCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One thread that serves many connections, as its [Driver] tells it of them.
///
/// A turn: wait; serve what is ready; run the timers that are due; run what other threads handed
/// over; receive again where an edge-triggered budget was used up; send the groups' broadcasts;
/// settle the connections that were touched (flush, change interest, end). What is written in a
/// turn therefore leaves together at its end, broadcasts first; in a turn of many events, what
/// connections write leaves every now and then.
///
/// What fails while one connection is served costs that connection ([Connection#failed]). What
/// fails elsewhere ends the loop, and with it the engine ([LoopEngine#fail]).
public final class Loop implements Runnable {
    /// How long a loop pauses when another one has not caught up with what it was handed.
    private static final long CONGESTION_NANOS = 200_000;

    /// How long a loop that ends before its time waits for sends that are under way.
    private static final long FINISH_NANOS = 1_000_000_000;

    /// The doors close first, so that nobody comes any more. After a failure connections are left.
    private static final Ending<Loop> ENDING =
            new Ending<>(
                    List.of(
                            loop -> loop.engine.closeDoors(loop),
                            loop -> loop.tasks.close(),
                            Loop::cutOff,
                            Loop::finish,
                            loop -> loop.connections.forEach(Connection::leave),
                            Loop::release));

    private static final Ending<Loop> RELEASE =
            new Ending<>(
                    List.of(
                            loop -> loop.driver.close(),
                            loop -> loop.segments.close(),
                            loop -> loop.receiveBuffer.free()));

    private final LoopEngine engine;
    private final int number;
    private final Driver driver;
    private final Limits limits;
    private final Thread thread;
    private final Clock clock;
    private final TimerWheel wheel;
    private final SegmentPool segments = new SegmentPool();
    private final TaskQueue tasks;
    private final Holdings holdings;

    private final ReceiveBuffer receiveBuffer;

    private final Connections connections = new Connections();

    private final SettleList listed = new SettleList();

    /// Those to receive from in the next turn, reported or not.
    private ArrayList<Receiver> deferred = new ArrayList<>();

    /// The other of the two lists, empty between turns.
    private ArrayList<Receiver> served = new ArrayList<>();

    /// Group parts with broadcasts of this turn.
    private final ArrayList<GroupPart> talking = new ArrayList<>();

    /// The clock has not been read since the wait.
    private boolean clockStale;

    private boolean stopping;

    /// The deadline of the stop has passed.
    private boolean cutOff;

    /// There is no driver any more.
    private boolean released;

    /// Of this loop's thread, once it runs.
    private volatile @Nullable SystemCalls calls;

    private final LoopCounters counters = new LoopCounters();

    /// Makes a loop, which does not run yet.
    ///
    /// @param number its place in [Loops]
    /// @throws IOException when there is no descriptor or memory left for its driver
    Loop(LoopEngine engine, LoopModel model, Limits limits, int number) throws IOException {
        this.engine = engine;
        this.number = number;
        this.limits = limits;
        this.clock = model.clock();
        this.wheel = new TimerWheel(clock::nanoTime);
        this.tasks = new TaskQueue(limits.memoryBytesMax(), engine::fail, clock);
        this.holdings = new Holdings(this, engine::budget, segments, tasks);
        this.thread =
                Thread.ofPlatform()
                        .name("pollux-" + model.name() + "-" + number)
                        .daemon(false) // Whoever opens the engine may be one.
                        .unstarted(this);
        this.receiveBuffer = new ReceiveBuffer(limits);
        boolean opened = false;
        try {
            this.driver = model.driver(this);
            opened = true;
        } finally {
            if (!opened) {
                segments.close();
                receiveBuffer.free();
            }
        }
    }

    /// Gives back what the loop holds, at its end, or when it is not even started.
    void release() {
        released = true;
        RELEASE.run(this, engine.troubles());
    }

    Thread thread() {
        return thread;
    }

    void join() throws InterruptedException {
        thread.join();
    }

    @SuppressWarnings("ReferenceEquality") // a thread is only ever itself
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    int number() {
        return number;
    }

    public Limits limits() {
        return limits;
    }

    Clock clock() {
        return clock;
    }

    public TimerWheel wheel() {
        return wheel;
    }

    public SegmentPool segments() {
        return segments;
    }

    public Holdings holdings() {
        return holdings;
    }

    public Driver driver() {
        return driver;
    }

    ReceiveBuffer receiveBuffer() {
        return receiveBuffer;
    }

    @Override
    public void run() {
        try {
            calls = SystemCalls.current();
            driver.begin();
            while (!engine.hasFailed() && (!stopping || connections.size() > 0)) {
                turn();
            }
        } catch (Throwable e) {
            engine.fail(e);
        } finally {
            ENDING.run(this, engine.troubles());
        }
    }

    /// Ends the wait that is going on, or the next one; any thread.
    void wakeup() {
        driver.wakeup();
    }

    private void turn() throws ErrnoException {
        if (engine.loops().isCongested(this)) {
            driver.sendPending(); // What it sends leaves all the same.
            clock.pause(CONGESTION_NANOS);
        } else {
            clockStale = true;
            driver.await(waitNanos());
            tasks.awake();
        }
        counters.turns++;
        if (!wheel.isEmpty()) {
            wheel.advance();
        }
        tasks.run();
        serveDeferred();
        sendBroadcasts();
        listed.settle();
        holdings.check(connections);
    }

    /// {@return how long the next wait may be}
    private long waitNanos() {
        long timeout = timeout();
        return timeout == 0 || tasks.fallAsleep() ? timeout : 0;
    }

    private long timeout() {
        boolean busy = !listed.isEmpty() || !deferred.isEmpty() || !talking.isEmpty();
        return busy ? 0 : wheel.nextDelay();
    }

    /// The driver has something to serve: the clock is read at the first event of a wait.
    public void eventCame() {
        if (clockStale) {
            clockStale = false;
            if (!wheel.isEmpty()) {
                wheel.readClock();
            }
        }
        counters.events++;
    }

    /// An event has been served; its driver is not in the middle of anything.
    public void eventServed() {
        if (listed.isDue()) {
            listed.settle();
        }
    }

    private void serveDeferred() {
        if (deferred.isEmpty()) {
            return;
        }
        ArrayList<Receiver> now = deferred;
        deferred = served;
        served = now;
        for (Receiver receiver : now) {
            try {
                receiver.again();
            } catch (Throwable e) {
                receiver.connection().failed(e);
            }
        }
        now.clear();
    }

    private void sendBroadcasts() {
        for (int i = 0; i < talking.size(); i++) {
            talking.get(i).flush();
        }
        talking.clear();
    }

    /// Settles the connections that are listed now.
    public void settle() {
        listed.settle();
    }

    void list(Connection connection) {
        listed.add(connection);
    }

    void defer(Receiver receiver) {
        deferred.add(receiver);
    }

    void talks(GroupPart part) {
        talking.add(part);
    }

    /// Runs a task on the loop's thread.
    ///
    /// @param task what to run
    /// @param bytes how many bytes it carries
    /// @return false when the loop has ended, and the task will not run
    public boolean hand(Runnable task, int bytes) {
        if (!tasks.offer(task, bytes)) {
            return false;
        }
        if (tasks.sleeps() && !isCurrent()) {
            driver.wakeup();
        }
        return true;
    }

    /// Takes a new connection. What is thrown says that it was not taken.
    ///
    /// @param wire its socket
    /// @param protocol its protocol
    /// @param edge whether it is served edge-triggered
    void open(Wire wire, Protocol protocol, boolean edge) {
        Connection connection = new Connection(this, wire, protocol, edge);
        connections.reserve();
        driver.opened(connection);
        connections.add(connection);
        try {
            connection.open();
            if (stopping) {
                connection.stopping();
            }
            if (cutOff) {
                connection.fail(DisconnectedException.of(Reason.STOPPED));
            }
        } catch (Throwable e) {
            connection.failed(e);
        }
    }

    void remove(Connection connection) {
        connections.remove(connection);
        engine.admission().left(connection.wire());
    }

    /// Begins to stop: every protocol is told, and the deadline is set.
    void stop(Duration deadline) {
        if (stopping) {
            return;
        }
        stopping = true;
        connections.forEach(Connection::stopping);
        long nanos = Durations.nanos(deadline);
        wheel.add(new TimerWheel.Entry(this::cutOff), nanos);
    }

    private void cutOff() {
        cutOff = true;
        connections.forEach(each -> each.fail(DisconnectedException.of(Reason.STOPPED)));
    }

    /// Ends those that were cut off; a send that is under way is decided first, or is never.
    private void finish() throws ErrnoException {
        if (released) {
            return; // Taken once more, when there is nothing to finish with.
        }
        listed.settle();
        driver.sendPending();
        listed.settle();
        long begin = clock.nanoTime();
        while (connections.size() > 0 && clock.nanoTime() - begin < FINISH_NANOS) {
            driver.await(FINISH_NANOS);
            listed.settle();
        }
    }

    void received(int bytes) {
        counters.bytesReceived += bytes;
    }

    void sent(int bytes) {
        counters.bytesSent += bytes;
    }

    void disconnected(@Nullable IOException cause) {
        counters.disconnected(cause);
    }

    /// {@return a number that grows with every byte moved and every connection accepted}
    public long progress() {
        return counters.bytesReceived + counters.bytesSent + engine.admission().acceptedSoFar();
    }

    /// Adds what this loop has done, from any thread.
    void addTo(LoopCounters sum, Map<String, Long> systemCalls) {
        counters.addTo(sum);
        sum.overflows += driver.overflows();
        SystemCalls made = calls;
        if (made != null) {
            made.snapshot().forEach((name, count) -> systemCalls.merge(name, count, Long::sum));
        }
    }

    public Troubles troubles() {
        return engine.troubles();
    }
}
