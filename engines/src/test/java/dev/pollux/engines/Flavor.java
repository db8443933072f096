package dev.pollux.engines;

import java.util.Arrays;
import java.util.stream.Stream;

/// What the contract is run for: a model of this machine, and how many loops.
record Flavor(IoModel model, int threads) {
    /// {@return every model this machine offers, with one loop and with two}
    static Stream<Flavor> all() {
        return Stream.concat(alone(), available().map(model -> new Flavor(model, 2)));
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
        return model.label() + " x" + threads;
    }
}
