package dev.pollux.engines.blocking;

import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What one thread of a blocking engine has written while it is in a callback: it leaves when the
/// callback has returned, so that all that was written to one connection goes with one system call.
///
/// Belongs to its thread.
final class Cork {
    private static final ThreadLocal<@Nullable Cork> CURRENT = new ThreadLocal<>();

    /// Whose thread it is.
    private final Threads threads;

    /// Connections that were written to in this callback.
    private final ArrayList<BlockingConnection> touched = new ArrayList<>();

    /// In whose turn the callback is, or was until all has left; null between.
    private @Nullable Strand owner;

    /// The callback has returned.
    private boolean leaving;

    private Cork(Threads threads) {
        this.threads = threads;
    }

    /// Makes the calling thread one of the threads.
    static void enlist(Threads threads) {
        CURRENT.set(new Cork(threads));
    }

    /// {@return whether the calling thread is one of this threads}
    static boolean isOf(Threads threads) {
        Cork mine = CURRENT.get();
        return mine != null && mine.threads == threads;
    }

    /// {@return the calling thread's, null when it is no engine's}
    static @Nullable Cork current() {
        return CURRENT.get();
    }

    /// {@return the calling thread's, which is an engine's}
    static Cork mine() {
        return Objects.requireNonNull(CURRENT.get(), "not a thread of an engine's");
    }

    /// {@return whether what is written now waits for the end of a callback}
    boolean isOpen() {
        return owner != null && !leaving;
    }

    /// {@return whether the thread serves this turn now, and will see what is to be done}
    boolean serves(Strand strand) {
        return owner == strand;
    }

    /// A callback in this turn begins.
    void begin(Strand strand) {
        assert owner == null : "a callback within a callback";
        owner = strand;
    }

    /// Notes a connection that was written to.
    void add(BlockingConnection connection) {
        touched.add(connection);
    }

    /// The callback has returned: sends what was written.
    void flush() {
        leaving = true;
        try {
            for (int i = 0; i < touched.size(); i++) {
                touched.get(i).flushListed();
            }
        } finally {
            touched.clear();
            leaving = false;
            owner = null;
        }
    }
}
