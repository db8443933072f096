package dev.pollux.engines;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Platform;
import dev.pollux.libc.UringProbe;
import dev.pollux.selectors.Mechanism;
import dev.pollux.selectors.Selector;
import dev.pollux.selectors.SigioPoller;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The I/O models an [Engine] can run on, by the names used everywhere: on the command line, in
/// metrics and in the documentation.
public enum IoModel {
    /// Blocking and iterative: one connection at a time, the rest wait in the backlog.
    BLOCKING("blocking", "blocking", "recv", null),
    /// Blocking: a thread for each connection.
    BLOCKING_THREADS("blocking-threads", "blocking", "recv", null),
    /// Blocking: a fixed number of threads, and a queue of connections that wait for one.
    BLOCKING_POOL("blocking-pool", "blocking", "recv", null),
    /// Blocking: a virtual thread for each connection, on the JDK's sockets.
    BLOCKING_VIRTUAL("blocking-virtual", "blocking", "JDK sockets", null),
    /// Non-blocking: every descriptor is asked again and again; see [IdleStrategy].
    NONBLOCKING("nonblocking", "non-blocking", "EAGAIN", null),
    /// Multiplexing with `select(2)`.
    SELECT("select", Mechanism.SELECT),
    /// Multiplexing with `poll(2)`.
    POLL("poll", Mechanism.POLL),
    /// Multiplexing with `epoll(7)`, level-triggered.
    EPOLL("epoll", Mechanism.EPOLL),
    /// Multiplexing with `epoll(7)`, edge-triggered.
    EPOLL_ET("epoll-et", Mechanism.EPOLL),
    /// Multiplexing with `kqueue(2)`.
    KQUEUE("kqueue", Mechanism.KQUEUE),
    /// Multiplexing with `/dev/poll`.
    DEVPOLL("devpoll", Mechanism.DEVPOLL),
    /// Multiplexing with the JDK's own `java.nio` selector, on any platform.
    NIO("nio", Mechanism.NIO),
    /// Signal-driven: each socket sends a real-time signal when it is ready.
    SIGIO("sigio", "signal-driven", "F_SETSIG", null),
    /// Asynchronous with `io_uring(7)`: the kernel receives and sends, and tells when it has.
    IO_URING("io_uring", "asynchronous", "io_uring", null),
    /// Asynchronous with the JDK's `AsynchronousSocketChannel`, on any platform: threads of the JDK
    /// receive, and tell when they have. On Linux they wait with `epoll(7)` for that, one shot at a
    /// time, so it costs more than [#EPOLL] and [#NIO] do.
    NIO2("nio2", "asynchronous", "AsynchronousSocketChannel", null);

    /// A worker waits for its peer most of the time.
    private static final int WORKERS_PER_PROCESSOR = 2;

    /// Best first. Where the system is known, what it cannot have is none that was passed over.
    private static final List<IoModel> PREFERENCE =
            Platform.detect()
                    .map(system -> List.of(system.isLinux() ? EPOLL : KQUEUE, POLL, SELECT, NIO))
                    .orElse(List.of(KQUEUE, EPOLL, DEVPOLL, POLL, SELECT, NIO));

    /// What the process itself needs, at most half of what it may have: the JVM's files, doors,
    /// what loops wait with, files that are being served.
    private static final int OTHER_DESCRIPTORS = 100;

    private final String label;
    private final String family;
    private final String waitsWith;

    /// What the selector stands on; null where the model brings its own way to wait.
    private final @Nullable Mechanism mechanism;

    IoModel(String label, Mechanism mechanism) {
        this(label, "multiplexing", mechanism.name().toLowerCase(Locale.ROOT), mechanism);
    }

    IoModel(String label, String family, String waitsWith, @Nullable Mechanism mechanism) {
        this.label = label;
        this.family = family;
        this.waitsWith = waitsWith;
        this.mechanism = mechanism;
    }

    /// {@return the name on the command line}
    public String label() {
        return label;
    }

    /// {@return the name of the family of I/O models it belongs to}
    public String family() {
        return family;
    }

    /// {@return the name of what the kernel, or the JDK, does the waiting with}
    public String mechanism() {
        return waitsWith;
    }

    /// {@return which threads an engine of this model has}
    public String threads() {
        return switch (this) {
            case BLOCKING -> "1 for each door";
            case BLOCKING_THREADS -> "1 for each connection";
            case BLOCKING_POOL -> "N workers";
            case BLOCKING_VIRTUAL -> "1 virtual for each connection";
            case IO_URING -> "N loops, or more";
            case NIO2 -> "N loops, N of the JDK";
            default -> "N loops";
        };
    }

    /// {@return how many connections an engine of this model can hold here at most, as far as that
    /// is known beforehand: where each takes one of the process's descriptors, as many as those
    /// (`ulimit -n`) without 100 for the process itself, but at least half of them}
    public int connectionsMost() {
        if (this == IO_URING || Platform.detect().isEmpty()) {
            return Integer.MAX_VALUE;
        }
        long descriptors = Descriptors.nofileSoft();
        long most = Math.max(descriptors - OTHER_DESCRIPTORS, descriptors / 2);
        return Math.clamp(most, 1, Integer.MAX_VALUE);
    }

    /// {@return what the number of threads means that an engine of this model is opened with}
    public Threading threading() {
        return switch (this) {
            case BLOCKING, BLOCKING_THREADS, BLOCKING_VIRTUAL -> Threading.FIXED;
            case BLOCKING_POOL -> Threading.WORKERS;
            default -> Threading.LOOPS;
        };
    }

    /// {@return how many threads its engines get unless told otherwise: one loop, or two workers
    /// for each processor}
    public int threadsDefault() {
        return threading() == Threading.WORKERS
                ? WORKERS_PER_PROCESSOR * Runtime.getRuntime().availableProcessors()
                : 1;
    }

    /// {@return whether this machine offers it; really tried}
    public boolean isAvailable() {
        return whyNot().isEmpty();
    }

    /// {@return why this machine does not offer it; empty when it does}
    public Optional<String> whyNot() {
        String name = label + ": ";
        return obstacle().map(why -> why.startsWith(name) ? why.substring(name.length()) : why);
    }

    private Optional<String> obstacle() {
        return switch (this) {
            case NONBLOCKING -> Platform.whyUnknown();
            case SIGIO -> Platform.whyUnknown().or(SigioPoller::whyNot);
            case BLOCKING_VIRTUAL, NIO2 -> Optional.empty();
            case BLOCKING, BLOCKING_THREADS, BLOCKING_POOL ->
                    Platform.detect().filter(Platform::isLinux).isPresent()
                            ? Optional.empty()
                            : Optional.of("only Linux wakes who sleeps in accept(2)");
            case IO_URING -> Platform.whyUnknown().or(UringNeeds::whyNot);
            default -> Objects.requireNonNull(mechanism).whyNot();
        };
    }

    /// Opens an engine with [#threadsDefault()] threads that tells nobody of troubles.
    ///
    /// @param limits what it bounds
    /// @return a running engine
    /// @throws IOException when this model is not available, or gets no descriptor, memory or
    ///   thread
    public Engine open(Limits limits) throws IOException {
        return open(limits, threadsDefault(), EngineObserver.SILENT);
    }

    /// Opens an engine.
    ///
    /// @param limits what it bounds
    /// @param threads how many, 1 or more, see [#threading()]
    /// @param observer is told of troubles
    /// @return a running engine
    /// @throws IOException when this model is not available, or gets no descriptor, memory or
    ///   thread
    public Engine open(Limits limits, int threads, EngineObserver observer) throws IOException {
        return open(limits, threads, IdleStrategy.PARK, observer);
    }

    /// Opens an engine.
    ///
    /// @param limits what it bounds
    /// @param threads how many, 1 or more, see [#threading()]
    /// @param idle what a loop of [#NONBLOCKING] does when nothing happens; of no meaning elsewhere
    /// @param observer is told of troubles
    /// @return a running engine
    /// @throws IOException when this model is not available, or gets no descriptor, memory or
    ///   thread
    public Engine open(Limits limits, int threads, IdleStrategy idle, EngineObserver observer)
            throws IOException {
        return open(limits, threads, idle, observer, Thread::start);
    }

    /// The same, with threads that are started another way.
    ///
    /// @param starter starts a thread, or throws what says that the system gives none
    Engine open(
            Limits limits,
            int threads,
            IdleStrategy idle,
            EngineObserver observer,
            Consumer<Thread> starter)
            throws IOException {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be 1 or more, not " + threads);
        }
        Optional<String> whyNot = whyNot();
        if (whyNot.isPresent()) {
            throw new IOException("model " + label + " is not available here: " + whyNot.get());
        }
        try {
            return switch (this) {
                case BLOCKING, BLOCKING_THREADS, BLOCKING_POOL, BLOCKING_VIRTUAL ->
                        new BlockingEngine(this, limits, threads, observer, starter);
                case NIO2 -> {
                    var group = new Nio2Group(threads);
                    yield new MultiplexedEngine(this, limits, threads, group, observer, starter);
                }
                default -> {
                    Driver.Opening drivers = loop -> openDriver(loop, idle);
                    yield new MultiplexedEngine(this, limits, threads, drivers, observer, starter);
                }
            };
        } catch (OutOfMemoryError e) {
            throw new IOException("model " + label + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /// {@return whether its loops wait until something is ready; otherwise they try everything,
    /// again and again, and have an [IdleStrategy]}
    public boolean waits() {
        return this != NONBLOCKING;
    }

    /// {@return whether a connection is reported once per change, and served until nothing is left}
    boolean reportsEdges() {
        return this == EPOLL_ET || this == SIGIO;
    }

    /// {@return a new driver for one loop}
    private Driver openDriver(Loop loop, IdleStrategy idle) throws IOException {
        return switch (this) {
            case NONBLOCKING -> {
                PollingPoller poller = new PollingPoller(idle);
                poller.judgeBy(loop::progress);
                yield new ReadinessDriver(loop, Selector.over(poller));
            }
            case SIGIO -> new ReadinessDriver(loop, SigioPoller.open());
            case IO_URING -> new UringDriver(loop, RingSizes.DEFAULT);
            default -> new ReadinessDriver(loop, Objects.requireNonNull(mechanism).open());
        };
    }

    /// {@return what was found out about this machine for this model, one fact a line, for people;
    /// nothing where [#whyNot()] says it all}
    public List<String> findings() {
        return this == IO_URING ? UringProbe.run().lines() : List.of();
    }

    /// Finds a model by its name.
    ///
    /// @param label the name on the command line
    /// @return the model
    /// @throws IllegalArgumentException when there is none, with the names there are
    public static IoModel named(String label) {
        StringJoiner known = new StringJoiner(", ");
        for (IoModel model : values()) {
            if (model.label.equals(label)) {
                return model;
            }
            known.add(model.label);
        }
        throw new IllegalArgumentException(
                "unknown model " + label + "; there are: auto, " + known);
    }

    /// What [#choose()] has picked.
    ///
    /// @param model the best model this machine offers
    /// @param passedOver why each better one was not taken, as `name: reason`
    public record Choice(IoModel model, List<String> passedOver) {}

    /// Picks the best model this machine offers, by trying: epoll (on macOS kqueue), poll, select,
    /// nio.
    ///
    /// @return the model, and why the better ones were not taken
    public static Choice choose() {
        List<String> passedOver = new ArrayList<>();
        for (IoModel model : PREFERENCE) {
            Optional<String> whyNot = model.whyNot();
            if (whyNot.isEmpty()) {
                return new Choice(model, List.copyOf(passedOver));
            }
            passedOver.add(model.label + ": " + whyNot.get());
        }
        throw new IllegalStateException("not even java.nio works here: " + passedOver);
    }
}
