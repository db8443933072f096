package dev.pollux.engines.loop;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;

/// The loops of an engine: as many as were asked for, and more where a loop can be full, as those
/// of the `io_uring` model can, whose connections stand in a table of the loop's own.
///
/// Loops are only ever added, at the end, so a loop's number is its place for good. Any thread may
/// look; the array it gets is never changed.
public final class Loops {
    /// Makes a loop that does not run yet.
    @FunctionalInterface
    interface Opening {
        /// {@return a new loop}
        ///
        /// @param number its place
        /// @throws IOException when there is no descriptor or memory for it
        Loop open(int number) throws IOException;
    }

    private final Opening opening;

    /// Starts a thread, or throws what says that the system gives none.
    private final Consumer<Thread> starter;

    /// Replaced when a loop is added, under the lock of this object.
    private volatile Loop[] all;

    /// No more are added. Guarded by this object.
    private boolean complete;

    /// Opens loops, which do not run yet: all, or none.
    ///
    /// @param count how many, 1 or more
    /// @param opening makes each
    /// @param starter starts the thread of each, or throws what says that the system gives none
    /// @throws IOException when there is no descriptor or memory for one
    Loops(int count, Opening opening, Consumer<Thread> starter) throws IOException {
        this.opening = opening;
        this.starter = starter;
        Loop[] loops = new Loop[count];
        int opened = 0;
        try {
            for (; opened < count; opened++) {
                loops[opened] = opening.open(opened);
            }
        } finally {
            if (opened < count) {
                release(loops, 0, opened);
            }
        }
        this.all = loops;
    }

    private static void release(Loop[] loops, int from, int to) {
        for (int i = from; i < to; i++) {
            loops[i].release();
        }
    }

    /// Starts the threads of the loops there are from the beginning. Those that get none are
    /// released; the caller ends the others.
    void start() {
        Loop[] loops = all;
        int started = 0;
        try {
            for (; started < loops.length; started++) {
                starter.accept(loops[started].thread());
            }
        } finally {
            release(loops, started, loops.length);
        }
    }

    /// {@return all loops there are now}
    public Loop[] all() {
        return all;
    }

    /// {@return the loop that exists from the beginning to the end}
    public Loop first() {
        return all[0];
    }

    int count() {
        return all.length;
    }

    /// Adds a loop, unless somebody else just has.
    ///
    /// @param known how many the caller knows of
    /// @return whether there are now more than those
    /// @throws IOException when there is no descriptor, memory or thread for it
    synchronized boolean grow(int known) throws IOException {
        Loop[] now = all;
        if (complete || now.length > known) {
            return now.length > known;
        }
        try {
            Loop[] more = Arrays.copyOf(now, now.length + 1);
            more[now.length] = opened(now.length);
            all = more;
        } catch (OutOfMemoryError e) {
            throw new IOException(e.getMessage(), e);
        }
        return true;
    }

    /// {@return one more loop, which runs}
    private Loop opened(int number) throws IOException {
        Loop loop = opening.open(number);
        boolean started = false;
        try {
            starter.accept(loop.thread());
            started = true;
        } finally {
            if (!started) {
                loop.release();
            }
        }
        return loop;
    }

    /// From here on none is added.
    synchronized void complete() {
        complete = true;
    }

    /// {@return whether another loop has so much waiting that this one should produce no more}
    boolean isCongested(Loop except) {
        Loop[] loops = all;
        if (loops.length == 1) {
            return false;
        }
        for (Loop loop : loops) {
            if (loop != except && loop.holdings().tasks().isCongested()) {
                return true;
            }
        }
        return false;
    }

    /// {@return whether this is the thread of one of them}
    public boolean isCurrent() {
        for (Loop loop : all) {
            if (loop.isCurrent()) {
                return true;
            }
        }
        return false;
    }

    /// Waits until all have ended.
    ///
    /// @throws InterruptedException when interrupted while waiting
    void join() throws InterruptedException {
        // A loop that could add one has not ended.
        for (int i = 0; i < all.length; i++) {
            all[i].join();
        }
    }
}
