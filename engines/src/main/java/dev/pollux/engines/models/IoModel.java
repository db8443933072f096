package dev.pollux.engines.models;

import dev.pollux.engines.Engine;
import dev.pollux.engines.EngineObserver;
import dev.pollux.engines.IdleStrategy;
import dev.pollux.engines.Limits;
import dev.pollux.engines.blocking.BlockingEngine;
import dev.pollux.engines.blocking.Serving;
import dev.pollux.engines.loop.LoopEngine;
import dev.pollux.engines.loop.LoopModel;
import dev.pollux.engines.nio2.Nio2Model;
import dev.pollux.engines.readiness.ReadinessModel;
import dev.pollux.engines.uring.UringModel;
import dev.pollux.engines.uring.UringNeeds;
import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Platform;
import dev.pollux.libc.UringProbe;
import dev.pollux.selectors.Mechanism;
import dev.pollux.selectors.SigioPoller;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// The I/O models an [Engine] can run on, by the names used everywhere: on the command line, in
/// metrics and in the documentation.
public enum IoModel {
    /// Blocking and iterative: one connection at a time, the rest wait in the backlog.
    BLOCKING("blocking", "recv", "1 for each door", Threading.FIXED, Serving.BY_ACCEPTOR),
    /// Blocking: a thread for each connection.
    BLOCKING_THREADS(
            "blocking-threads",
            "recv",
            "1 for each connection",
            Threading.FIXED,
            Serving.BY_THREAD),
    /// Blocking: a fixed number of threads, and a queue of connections that wait for one.
    BLOCKING_POOL("blocking-pool", "recv", "N workers", Threading.WORKERS, Serving.BY_WORKER),
    /// Blocking: a virtual thread for each connection, on the JDK's sockets.
    BLOCKING_VIRTUAL(
            "blocking-virtual",
            "JDK sockets",
            "1 virtual for each connection",
            Threading.FIXED,
            Serving.BY_VIRTUAL_THREAD),
    /// Non-blocking: every descriptor is asked again and again; see [IdleStrategy].
    NONBLOCKING(
            "nonblocking",
            "non-blocking",
            "EAGAIN",
            "N loops",
            Platform::whyUnknown,
            wanted -> ReadinessModel.polling("nonblocking", wanted.idle())) {
        @Override
        public boolean waits() {
            return false;
        }
    },
    /// Multiplexing with `select(2)`.
    SELECT("select", Mechanism.SELECT, false),
    /// Multiplexing with `poll(2)`.
    POLL("poll", Mechanism.POLL, false),
    /// Multiplexing with `epoll(7)`, level-triggered.
    EPOLL("epoll", Mechanism.EPOLL, false),
    /// Multiplexing with `epoll(7)`, edge-triggered.
    EPOLL_ET("epoll-et", Mechanism.EPOLL, true),
    /// Multiplexing with `kqueue(2)`.
    KQUEUE("kqueue", Mechanism.KQUEUE, false),
    /// Multiplexing with `/dev/poll`.
    DEVPOLL("devpoll", Mechanism.DEVPOLL, false),
    /// Multiplexing with the JDK's own `java.nio` selector, on any platform.
    NIO("nio", Mechanism.NIO, false),
    /// Signal-driven: each socket sends a real-time signal when it is ready.
    SIGIO(
            "sigio",
            "signal-driven",
            "F_SETSIG",
            "N loops",
            () -> Platform.whyUnknown().or(SigioPoller::whyNot),
            _ -> ReadinessModel.signalled("sigio")),
    /// Asynchronous with `io_uring(7)`: the kernel receives and sends, and tells when it has.
    IO_URING(
            "io_uring",
            "asynchronous",
            "io_uring",
            "N loops, or more",
            () -> Platform.whyUnknown().or(UringNeeds::whyNot),
            _ -> new UringModel()) {
        @Override
        public int connectionsMost() {
            return Integer.MAX_VALUE; // They take none of the process's descriptors.
        }

        @Override
        public List<String> findings() {
            return UringProbe.run().lines();
        }
    },
    /// Asynchronous with the JDK's `AsynchronousSocketChannel`, on any platform: threads of the JDK
    /// receive, and tell when they have. On Linux they wait with `epoll(7)` for that, one shot at a
    /// time, so it costs more than [#EPOLL] and [#NIO] do.
    NIO2(
            "nio2",
            "asynchronous",
            "AsynchronousSocketChannel",
            "N loops, N of the JDK",
            Optional::empty,
            wanted -> new Nio2Model(wanted.threads(), wanted.starter()));

    /// What an engine is to be like.
    private record Wanted(
            Limits limits,
            int threads,
            IdleStrategy idle,
            EngineObserver observer,
            Consumer<Thread> starter) {}

    /// Opens an engine of a model.
    @FunctionalInterface
    private interface Opening {
        Engine open(Wanted wanted) throws IOException;
    }

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
    private final String threads;
    private final Threading threading;

    @SuppressWarnings("ImmutableEnumChecker") // a question to the machine: it keeps nothing
    private final Supplier<Optional<String>> obstacle;

    @SuppressWarnings("ImmutableEnumChecker") // makes something new each time
    private final Opening opening;

    /// One of the blocking family.
    IoModel(String label, String sleepsIn, String threads, Threading threading, Serving serving) {
        this(
                label,
                "blocking",
                sleepsIn,
                threads,
                threading,
                serving.parks() ? Optional::empty : IoModel::whyNoBlocking,
                wanted ->
                        new BlockingEngine(
                                label,
                                serving,
                                wanted.limits(),
                                wanted.threads(),
                                wanted.observer(),
                                wanted.starter()));
    }

    /// Loops that wait in a selector.
    IoModel(String label, Mechanism mechanism, boolean edges) {
        this(
                label,
                "multiplexing",
                mechanism.name().toLowerCase(Locale.ROOT),
                "N loops",
                mechanism::whyNot,
                _ -> ReadinessModel.selecting(label, mechanism, edges));
    }

    /// A model with loops.
    IoModel(
            String label,
            String family,
            String waitsWith,
            String threads,
            Supplier<Optional<String>> obstacle,
            Function<Wanted, LoopModel> model) {
        this(
                label,
                family,
                waitsWith,
                threads,
                Threading.LOOPS,
                obstacle,
                wanted ->
                        new LoopEngine(
                                model.apply(wanted),
                                wanted.limits(),
                                wanted.threads(),
                                wanted.observer(),
                                wanted.starter()));
    }

    IoModel(
            String label,
            String family,
            String waitsWith,
            String threads,
            Threading threading,
            Supplier<Optional<String>> obstacle,
            Opening opening) {
        this.label = label;
        this.family = family;
        this.waitsWith = waitsWith;
        this.threads = threads;
        this.threading = threading;
        this.obstacle = obstacle;
        this.opening = opening;
    }

    private static Optional<String> whyNoBlocking() {
        return Platform.detect().filter(Platform::isLinux).isPresent()
                ? Optional.empty()
                : Optional.of("only Linux wakes who sleeps in accept(2)");
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
        return threads;
    }

    /// {@return how many connections an engine of this model can hold here at most, as far as that
    /// is known beforehand: where each takes one of the process's descriptors, as many as those
    /// (`ulimit -n`) without 100 for the process itself, but at least half of them}
    public int connectionsMost() {
        if (Platform.detect().isEmpty()) {
            return Integer.MAX_VALUE;
        }
        long descriptors = Descriptors.nofileSoft();
        long most = Math.max(descriptors - OTHER_DESCRIPTORS, descriptors / 2);
        return Math.clamp(most, 1, Integer.MAX_VALUE);
    }

    /// {@return what the number of threads means that an engine of this model is opened with}
    public Threading threading() {
        return threading;
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
        return obstacle.get().map(why -> why.startsWith(name) ? why.substring(name.length()) : why);
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
            return opening.open(new Wanted(limits, threads, idle, observer, starter));
        } catch (OutOfMemoryError e) {
            throw new IOException("model " + label + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /// {@return whether its loops wait until something is ready; otherwise they try everything,
    /// again and again, and have an [IdleStrategy]}
    public boolean waits() {
        return true;
    }

    /// {@return what was found out about this machine for this model, one fact a line, for people;
    /// nothing where [#whyNot()] says it all}
    public List<String> findings() {
        return List.of();
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
