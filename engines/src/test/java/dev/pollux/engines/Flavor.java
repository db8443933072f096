package dev.pollux.engines;

import dev.pollux.engines.loop.LoopEngine;
import dev.pollux.engines.models.IoModel;
import dev.pollux.engines.nio2.Nio2Input;
import dev.pollux.engines.uring.RingSizes;
import dev.pollux.engines.uring.UringDriver;
import dev.pollux.engines.uring.UringModel;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// What the contract is run for: a model of this machine, how many loops or workers of a pool, and
/// whether everything in its ring is as small as can be. With `-Dpollux.model=NAME,NAME` it is run
/// for these models alone.
public record Flavor(IoModel model, int threads, boolean tiny) {
    /// Full all the time: queues that overflow, buffers that run out and hold less than a line.
    public static final RingSizes TINY = new RingSizes(2, 4, 2, 48, 2, 96, 4096);

    private static final int WORKERS = 64;

    public Flavor(IoModel model, int threads) {
        this(model, threads, false);
    }

    /// {@return every model this machine offers, with one loop and with two}
    static Stream<Flavor> all() {
        Stream<Flavor> one = Stream.concat(alone(), tinyRings());
        Stream<IoModel> withLoops = available().filter(model -> !isBlocking(model));
        return Stream.concat(one, withLoops.map(model -> new Flavor(model, 2)));
    }

    private static Stream<Flavor> tinyRings() {
        return available()
                .filter(model -> model == IoModel.IO_URING)
                .map(model -> new Flavor(model, 1, true));
    }

    /// {@return how many bytes the first receive gives at most}
    ///
    /// @param limit [Limits#receiveBufferBytes()]
    int receiveBytes(int limit) {
        int most = tiny ? TINY.bufferBytes() : limit;
        return Math.min(limit, model == IoModel.NIO2 ? Nio2Input.SMALL_BYTES : most);
    }

    /// {@return a running engine of this flavor}
    Engine open(Limits limits, EngineObserver observer) throws IOException {
        return tiny
                ? new LoopEngine(
                        new UringModel(loop -> new UringDriver(loop, TINY)),
                        limits,
                        threads,
                        observer)
                : model.open(limits, threads, observer);
    }

    /// {@return every model this machine offers, with one loop}
    public static Stream<Flavor> alone() {
        return available()
                .map(model -> new Flavor(model, model == IoModel.BLOCKING_POOL ? WORKERS : 1));
    }

    /// {@return those that stand on descriptors}
    static Stream<Flavor> overDescriptors() {
        return all().filter(Flavor::hasDescriptors);
    }

    /// {@return those with a loop that stands on descriptors, with one loop}
    static Stream<Flavor> loopsOverDescriptors() {
        return alone().filter(Flavor::hasDescriptors).filter(flavor -> !flavor.isBlocking());
    }

    /// {@return the same with two loops}
    static Stream<Flavor> twoLoopsOverDescriptors() {
        return loopsOverDescriptors().map(flavor -> new Flavor(flavor.model, 2));
    }

    /// {@return those whose loop is told what is ready, with one loop}
    static Stream<Flavor> loopsOverReadiness() {
        return alone().filter(flavor -> !flavor.isBlocking())
                .filter(flavor -> flavor.model != IoModel.IO_URING && flavor.model != IoModel.NIO2);
    }

    private static boolean isBlocking(IoModel model) {
        return model.family().equals("blocking");
    }

    /// {@return whether it has no loops: whoever has a connection's turn calls its protocol, and
    /// whoever writes may send}
    public boolean isBlocking() {
        return isBlocking(model);
    }

    /// {@return how many connections of one door are served at once; the others wait}
    public int servesAtOnce() {
        return switch (model) {
            case BLOCKING -> 1;
            case BLOCKING_POOL -> threads;
            default -> Integer.MAX_VALUE;
        };
    }

    private static Stream<IoModel> available() {
        String only = System.getProperty("pollux.model", "");
        List<String> wanted = List.of(only.split(","));
        return Arrays.stream(IoModel.values())
                .filter(IoModel::isAvailable)
                .filter(model -> only.isEmpty() || wanted.contains(model.label()));
    }

    /// {@return whether it waits for the kernel's descriptors, not for the JDK's channels}
    public boolean hasDescriptors() {
        return model != IoModel.NIO && model != IoModel.NIO2;
    }

    /// {@return whether it can tell a peer that takes a little of what the kernel holds from one
    /// that takes nothing}
    boolean seesUptake() {
        return model != IoModel.NIO2 && model != IoModel.BLOCKING_VIRTUAL;
    }

    /// {@return whether the kernel tells it; otherwise it tries to send}
    boolean asksTheKernel() {
        return hasDescriptors() && model != IoModel.NONBLOCKING;
    }

    /// {@return whether a connection is reported once per change}
    public boolean reportsEdges() {
        return model == IoModel.EPOLL_ET || model == IoModel.SIGIO;
    }

    /// {@return whether it has Unix domain sockets}
    boolean hasUnixSockets() {
        return model != IoModel.NIO2;
    }

    /// {@return whether it can end a connection with a reset; otherwise it ends like any other}
    boolean resets() {
        return model != IoModel.NIO2;
    }

    /// {@return whether each send is a system call of its own, and counted as one}
    boolean countsSends() {
        return hasDescriptors() && model != IoModel.IO_URING && model != IoModel.BLOCKING_VIRTUAL;
    }

    @Override
    public String toString() {
        return model.label() + " x" + threads + (tiny ? ", a tiny ring" : "");
    }
}
