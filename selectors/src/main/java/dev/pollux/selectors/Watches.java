package dev.pollux.selectors;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What each descriptor is watched for, where the kernel cannot be asked: by descriptor, in plain
/// arrays.
final class Watches {
    private static final int DESCRIPTORS_MIN = 64;

    private int[] kinds = new int[DESCRIPTORS_MIN];
    private int[] generations = new int[DESCRIPTORS_MIN];

    /// Null for what is not watched.
    private @Nullable Trigger[] triggers;

    private int count;

    Watches() {
        triggers = new @Nullable Trigger[DESCRIPTORS_MIN];
    }

    /// Makes room for a descriptor, so that putting it there cannot fail any more.
    ///
    /// @throws OutOfMemoryError if there is no memory; nothing has changed then
    void ensure(int fd) {
        if (fd >= triggers.length) {
            int length = 2 * Integer.highestOneBit(fd);
            kinds = Arrays.copyOf(kinds, length);
            generations = Arrays.copyOf(generations, length);
            // The last, as its length is what all of them have.
            triggers = Arrays.copyOf(triggers, length);
        }
    }

    /// Sets what a descriptor is watched for.
    void put(int fd, int kinds, Trigger trigger, int generation) {
        ensure(fd);
        if (triggers[fd] == null) {
            count++;
        }
        this.kinds[fd] = kinds;
        generations[fd] = generation;
        triggers[fd] = trigger;
    }

    /// Changes the kinds of a descriptor that is watched.
    void setKinds(int fd, int kinds) {
        this.kinds[fd] = kinds;
    }

    /// Forgets a descriptor that is watched.
    void remove(int fd) {
        triggers[fd] = null;
        count--;
    }

    /// {@return how many descriptors are watched}
    int count() {
        return count;
    }

    /// {@return a number above every descriptor that is watched}
    int bound() {
        return triggers.length;
    }

    /// {@return when to report a descriptor, null if it is not watched; any number will do}
    @Nullable Trigger trigger(int fd) {
        return fd < triggers.length ? triggers[fd] : null;
    }

    /// {@return what a descriptor is watched for, if it is}
    int kinds(int fd) {
        return kinds[fd];
    }

    /// {@return the generation of a descriptor, if it is watched}
    int generation(int fd) {
        return generations[fd];
    }
}
