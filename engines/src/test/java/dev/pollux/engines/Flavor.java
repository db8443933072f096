package dev.pollux.engines;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;

/// What the contract is run for: a model of this machine, how many loops, and whether everything in
/// its ring is as small as can be.
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
        return Stream.of(new Flavor(IoModel.IO_URING, 1, true)).filter(_ -> hasRings());
    }

    private static boolean hasRings() {
        return IoModel.IO_URING.isAvailable();
    }

    /// {@return how many bytes one receive gives at most}
    ///
    /// @param limit [Limits#receiveBufferBytes()]
    int receiveBytes(int limit) {
        return tiny ? Math.min(limit, TINY.bufferBytes()) : limit;
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
        return Arrays.stream(IoModel.values()).filter(IoModel::isAvailable);
    }

    /// {@return whether it waits for the kernel's descriptors, not for the JDK's channels}
    boolean hasDescriptors() {
        return !model.label().equals("nio");
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
