package dev.pollux.engines;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;

/// What the contract is run for: a model of this machine, how many loops, and whether everything in
/// its ring is as small as can be. With `-Dpollux.model=NAME` it is run for this model alone.
record Flavor(IoModel model, int threads, boolean tiny) {
    /// Full all the time: queues that overflow, buffers that run out and hold less than a line.
    static final RingSizes TINY = new RingSizes(2, 4, 2, 48, 4096);

    Flavor(IoModel model, int threads) {
        this(model, threads, false);
    }

    /// {@return every model this machine offers, with one loop and with two}
    static Stream<Flavor> all() {
        Stream<Flavor> one = Stream.concat(alone(), tinyRings());
        return Stream.concat(one, available().map(model -> new Flavor(model, 2)));
    }

    private static Stream<Flavor> tinyRings() {
        return available()
                .filter(model -> model == IoModel.IO_URING)
                .map(model -> new Flavor(model, 1, true));
    }

    /// {@return how many bytes one receive gives at most}
    ///
    /// @param limit [Limits#receiveBufferBytes()]
    int receiveBytes(int limit) {
        int most = tiny ? TINY.bufferBytes() : limit;
        return Math.min(limit, model == IoModel.NIO2 ? Nio2Input.SMALL_BYTES : most);
    }

    /// {@return a running engine of this flavor}
    Engine open(Limits limits, EngineObserver observer) throws IOException {
        return tiny
                ? new MultiplexedEngine(
                        model, limits, threads, loop -> new UringDriver(loop, TINY), observer)
                : model.open(limits, threads, observer);
    }

    /// {@return every model this machine offers, with one loop}
    static Stream<Flavor> alone() {
        return available().map(model -> new Flavor(model, 1));
    }

    /// {@return those that stand on descriptors}
    static Stream<Flavor> overDescriptors() {
        return all().filter(Flavor::hasDescriptors);
    }

    /// {@return those that stand on descriptors, with one loop}
    static Stream<Flavor> overDescriptorsAlone() {
        return alone().filter(Flavor::hasDescriptors);
    }

    private static Stream<IoModel> available() {
        String only = System.getProperty("pollux.model");
        return Arrays.stream(IoModel.values())
                .filter(model -> only == null || only.equals(model.label()))
                .filter(IoModel::isAvailable);
    }

    /// {@return whether it waits for the kernel's descriptors, not for the JDK's channels}
    boolean hasDescriptors() {
        return model != IoModel.NIO && model != IoModel.NIO2;
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
        return hasDescriptors() && model != IoModel.IO_URING;
    }

    @Override
    public String toString() {
        return model.label() + " x" + threads + (tiny ? ", a tiny ring" : "");
    }
}
