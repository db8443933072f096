package dev.pollux.engines.loop;

import dev.pollux.engines.Limits;
import dev.pollux.engines.Protocol;
import dev.pollux.engines.Referee;
import dev.pollux.engines.SharedBytes;
import dev.pollux.engines.io.PeerAddress;
import dev.pollux.engines.io.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// One engine in a simulated world, which comes out of one seed: sockets, peers, the clock, and
/// which thread runs when. What runs there is the engine itself.
public final class Simulation {
    /// What the engine of a world stands on.
    @FunctionalInterface
    public interface Kernel {
        /// {@return the model over it}
        LoopModel model(Simulation world);
    }

    private static final int BYSTANDERS = 2;

    /// The number of the first of them among the threads.
    private static final int FIRST_BYSTANDER = 100;

    /// A descriptor that is open in the real process, as the engine sees to that.
    private static final int OPEN_DESCRIPTOR = 2;

    /// A world in which so much has happened after its end does not come to one.
    private static final long STEPS_TO_END = 300_000;

    /// A door rests no longer.
    private static final long DOOR_REST_NANOS = 150_000_000;

    private static final long NANOS_TO_END = 600_000_000_000L;

    private final Chance chance;
    private final Baton baton;
    private final Trace trace = new Trace();
    private final DescriptorTable descriptors = new DescriptorTable();
    private final Limits limits;
    private final LoopEngine engine;
    private final Vigil vigil;

    private final List<Frame> frames = new ArrayList<>();
    private final List<SharedBytes> shared = new ArrayList<>();
    private final List<SimulatedSocket> sockets = new ArrayList<>();
    private final List<RemotePeer> peers = new ArrayList<>();
    private final List<RandomProtocol> live = new ArrayList<>();
    private final List<RandomProtocol> begun = new ArrayList<>();
    private final ArrayDeque<RandomProtocol> sleepers = new ArrayDeque<>();
    private final List<RandomGroup> groups = new ArrayList<>();
    private final List<Referee> referees = new ArrayList<>();
    private final List<Bystander> bystanders = new ArrayList<>();
    private final List<Thread> bystanderThreads = new ArrayList<>();
    private int loopsOpen;
    private int late;
    private @Nullable SimulatedDoor door;
    private int toCome;
    private int early;
    private long doorsRestUntil;
    private boolean stopped;
    private boolean over;

    private final WorldKind kind;

    /// Every foul ends the simulation.
    private final ConcurrentLinkedQueue<String> fouls = new ConcurrentLinkedQueue<>();

    private Simulation(long seed, Kernel kernel) throws IOException {
        this.chance = new Chance(seed);
        this.kind = WorldKind.of(seed);
        this.vigil = new Vigil(this);
        this.baton = new Baton(chance, vigil::look);
        this.limits = kind.limits(chance);
        this.toCome = chance.between(1, 12);
        this.engine =
                new LoopEngine(
                        kernel.model(this),
                        limits,
                        chance.between(1, 3),
                        this::trouble,
                        baton::start);
        for (int i = chance.between(1, 2); i > 0; i--) {
            groups.add(new RandomGroup(this, engine.group()));
        }
    }

    /// What came of a run that has found nothing.
    ///
    /// @param steps how many there were
    /// @param fingerprint the same for the same steps
    public record Outcome(long steps, int fingerprint) {}

    /// Runs one over a kernel of whatever kind.
    ///
    /// @throws Violation what does not hold, with the seed and the last steps
    static Outcome run(long seed) throws IOException, InterruptedException {
        return run(seed, Simulation::anyKernel);
    }

    static LoopModel anyKernel(Simulation world) {
        boolean aspect = world.chance.oneIn(2);
        return world.chance.oneIn(2)
                ? new SimulatedModel(world, aspect)
                : new CompletionModel(world, aspect);
    }

    /// Runs one.
    ///
    /// @throws Violation what does not hold, with the seed and the last steps
    public static Outcome run(long seed, Kernel kernel) throws IOException, InterruptedException {
        Simulation world = new Simulation(seed, kernel);
        try {
            world.run();
        } catch (Violation e) {
            String where = "seed " + seed + ", step " + world.baton.steps() + ": ";
            Violation told = new Violation(where + e.getMessage() + world.trace);
            told.setStackTrace(e.getStackTrace());
            told.initCause(e.getCause());
            throw told;
        }
        return new Outcome(world.baton.steps(), world.trace.fingerprint());
    }

    private void run() throws IOException, InterruptedException {
        for (int i = 0; i < BYSTANDERS; i++) {
            Bystander bystander = new Bystander(baton, () -> over);
            Thread thread = new Thread(bystander, "bystander-" + i);
            bystanders.add(bystander);
            bystanderThreads.add(thread);
            baton.start(thread);
        }
        engine.loops().first().hand(this::listen, 0);
        baton.await(() -> door != null, Baton.NEVER);
        baton.add(new Arrivals());
        long budget = baton.steps() + chance.oneOf(300, 2000, 8000);
        baton.await(
                () -> baton.steps() > budget || (toCome == 0 && live.isEmpty()),
                baton.nanoTime() + NANOS_TO_END);
        note("main", "stop", live.size());
        stopped = true;
        engine.loops().first().hand(() -> engine.stop(limits.stopTimeout()), 0);
        long most = baton.steps() + STEPS_TO_END;
        baton.await(() -> loopsOpen == 0 || baton.steps() > most, Baton.NEVER);
        require(loopsOpen == 0, "the engine does not end");
        over = true;
        baton.await(() -> bystanders.stream().allMatch(Bystander::hasEnded), Baton.NEVER);
        engine.awaitStop();
        for (Thread thread : bystanderThreads) {
            thread.join();
        }
        referees.forEach(Referee::finalWhistle);
        requireNoFoul();
        peers.forEach(RemotePeer::judge);
        vigil.nothingIsLeft();
    }

    /// Peers come one after the other.
    private final class Arrivals implements Baton.Actor {
        private long next;

        @Override
        public long readyAt() {
            return toCome == 0 ? Baton.NEVER : next;
        }

        @Override
        public void act() {
            toCome--;
            next = baton.nanoTime() + chance.below(chance.oneOf(1, 1_000_000, 500_000_000));
            if (chance.oneIn(10)) {
                bystander().give(() -> engine.loops().first().hand(Simulation.this::adopt, 0));
                return;
            }
            SimulatedSocket socket = connect();
            SimulatedDoor entrance = door;
            if (entrance == null || !entrance.connect(socket)) {
                socket.resetByPeer();
            }
            note(socket, "connects", 0);
        }
    }

    /// {@return a new socket, whose peer is there}
    SimulatedSocket connect() {
        SimulatedSocket socket = new SimulatedSocket(this, sockets.size());
        RemotePeer peer = new RemotePeer(this, socket);
        sockets.add(socket);
        peers.add(peer);
        baton.add(peer);
        return socket;
    }

    private void listen() {
        try {
            engine.listen(PeerAddress.NOBODY, this::protocol);
        } catch (IOException _) {
            engine.loops().first().hand(this::listen, 0);
        }
    }

    private void adopt() {
        try {
            engine.adopt(OPEN_DESCRIPTOR, protocol());
        } catch (IOException | RuntimeException _) {
            // The engine has stopped, there is no protocol, or nothing is adopted here.
        }
    }

    private Protocol protocol() {
        if (chance.strikes(Fault.THROWS)) {
            throw new RandomProtocol.Thrown();
        }
        Referee referee = new Referee(new RandomProtocol(this), fouls, true);
        referees.add(referee);
        return referee;
    }

    /// The engine tells of what a protocol has thrown, and of what the kernel refuses; of nothing
    /// else.
    private void trouble(String line, @Nullable Throwable cause) {
        note("engine", line, 0);
        boolean planned =
                cause == null
                        || cause instanceof RandomProtocol.Thrown
                        || cause instanceof OutOfMemoryError
                        || cause instanceof IOException;
        if (!planned || engine.hasFailed()) {
            Violation told = new Violation("trouble: " + line);
            told.initCause(cause);
            baton.end(told);
        }
    }

    public void require(boolean holds, String otherwise) {
        if (!holds) {
            baton.end(new Violation(otherwise));
        }
    }

    private void requireNoFoul() {
        String foul = fouls.peek();
        if (foul != null) {
            baton.end(new Violation(foul));
        }
    }

    public void note(Object actor, String act, long result) {
        trace.note(actor.toString(), act, result, baton.nanoTime());
        requireNoFoul();
    }

    public Chance chance() {
        return chance;
    }

    public Baton baton() {
        return baton;
    }

    DescriptorTable descriptors() {
        return descriptors;
    }

    LoopEngine engine() {
        return engine;
    }

    int loops() {
        return engine.loops().count();
    }

    List<RandomProtocol> live() {
        return live;
    }

    /// {@return all protocols that have ever lived}
    List<RandomProtocol> begun() {
        return begun;
    }

    List<RandomGroup> groups() {
        return groups;
    }

    List<SharedBytes> sharedBytes() {
        return shared;
    }

    public @Nullable SimulatedDoor door() {
        return door;
    }

    public void loopOpened() {
        loopsOpen++;
    }

    public void loopClosed() {
        loopsOpen--;
    }

    public void opened(SimulatedDoor opened) {
        door = opened;
    }

    /// {@return the address by which a socket is known}
    public static InetSocketAddress addressOf(SimulatedSocket socket) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1 + socket.number);
    }

    SimulatedSocket socketOf(Wire wire) {
        return sockets.get(((InetSocketAddress) wire.peer()).getPort() - 1);
    }

    /// {@return how many bytes of input a loop receives at a time at most}
    public int receiveBytes() {
        return limits.receiveBufferBytes();
    }

    /// The kernel receives by itself.
    ///
    /// @param bytes how many at most before the loop has seen any of them
    public void receivesEarly(int bytes) {
        early = bytes;
    }

    /// {@return how much input may be kept for a connection: a buffer left unread, and twice what
    /// the kernel receives by itself}
    int keptMost() {
        return receiveBytes() + 2 * early;
    }

    /// {@return whether no loop is left}
    public boolean hasEnded() {
        return loopsOpen == 0;
    }

    WorldKind kind() {
        return kind;
    }

    Limits limits() {
        return limits;
    }

    /// A socket is about to be closed, and all that it would not take is still there.
    void closes(SimulatedSocket socket) {
        peers.get(socket.number).closes();
    }

    boolean isStopped() {
        return stopped;
    }

    /// The kernel has done something that the engine is told of later.
    ///
    /// @param more how much more, or less
    public void late(int more) {
        late += more;
    }

    boolean isLate() {
        return late > 0;
    }

    void began(RandomProtocol protocol) {
        live.add(protocol);
        begun.add(protocol);
        peers.get(protocol.socket().number).isTalkingTo(protocol);
    }

    void ended(RandomProtocol protocol) {
        live.remove(protocol);
    }

    /// An accept has failed: the door rests.
    void doorFailed() {
        doorsRestUntil = baton.nanoTime() + DOOR_REST_NANOS;
    }

    /// {@return whether something may wait in the wheel of a loop: for its connections, for a door
    /// that rests, or for the end of a stop}
    boolean mayHaveTimers(Loop loop) {
        if (stopped || baton.nanoTime() < doorsRestUntil) {
            return true;
        }
        for (RandomProtocol protocol : begun) {
            if (protocol.connection().loop() == loop && !protocol.socket().isClosed()) {
                return true;
            }
        }
        return false;
    }

    /// {@return some protocol that lives, or the one that asks}
    RandomProtocol somebody(RandomProtocol asking) {
        return live.isEmpty() ? asking : live.get(chance.below(live.size()));
    }

    /// A protocol has paused, and is resumed in the next callback of another on its loop.
    void sleeps(RandomProtocol protocol) {
        sleepers.add(protocol);
    }

    void wakeSleepers() {
        for (int i = sleepers.size(); i > 0; i--) {
            RandomProtocol sleeper = sleepers.remove();
            if (sleeper.connection().loop().isCurrent()) {
                sleeper.resume();
            } else {
                sleepers.add(sleeper);
            }
        }
    }

    RandomGroup group() {
        return groups.get(chance.below(groups.size()));
    }

    Bystander bystander() {
        return bystanders.get(chance.below(bystanders.size()));
    }

    /// {@return the number of the calling thread: that of its loop, or a higher one}
    int source() {
        for (Loop loop : engine.loops().all()) {
            if (loop.isCurrent()) {
                return loop.number();
            }
        }
        return FIRST_BYSTANDER + bystanderThreads.indexOf(Thread.currentThread());
    }

    /// A frame is about to be written.
    Frame write(@Nullable RandomGroup to) {
        int size = Frame.HEAD + chance.size(chance.oneOf(50, 600, 9000, 30_000));
        Frame frame = new Frame(frames.size(), size, source(), to);
        frames.add(frame);
        return frame;
    }

    @Nullable Frame frame(int number) {
        return number >= 0 && number < frames.size() ? frames.get(number) : null;
    }

    /// {@return a frame as shared bytes, which the simulation holds to its end}
    SharedBytes shared(Frame frame) {
        SharedBytes bytes = SharedBytes.copyOf(ByteBuffer.wrap(frame.bytes()));
        shared.add(bytes);
        return bytes;
    }

    /// Whoever is no loop waits before a broadcast, so that it need not in the middle of it.
    void awaitCaughtUp() {
        while (source() >= FIRST_BYSTANDER && engine.loops().isCongested(null)) {
            baton.pause(1_000_000);
        }
    }
}
