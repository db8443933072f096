package dev.pollux.engines;

import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What one thread of a blocking engine has written while it is in a callback: it leaves when the
/// callback has returned, so that all that was written to one connection goes with one system call.
///
/// Belongs to its thread.
final class Gathering {
    private static final ThreadLocal<@Nullable Gathering> CURRENT = new ThreadLocal<>();

    /// Whose thread it is.
    private final Crew crew;

    /// Connections that were written to in this callback.
    private final ArrayList<BlockingConnection> touched = new ArrayList<>();

    /// In whose turn the callback is, or was until all has left; null between.
    private @Nullable Turn owner;

    /// The callback has returned.
    private boolean leaving;

    private Gathering(Crew crew) {
        this.crew = crew;
    }

    /// Makes the calling thread one of the crew.
    static void enlist(Crew crew) {
        CURRENT.set(new Gathering(crew));
    }

    /// {@return whether the calling thread is one of this crew}
    static boolean isOf(Crew crew) {
        Gathering mine = CURRENT.get();
        return mine != null && mine.crew == crew;
    }

    /// {@return the calling thread's, null when it is no engine's}
    static @Nullable Gathering current() {
        return CURRENT.get();
    }

    /// {@return the calling thread's, which is an engine's}
    static Gathering mine() {
        return Objects.requireNonNull(CURRENT.get(), "not a thread of an engine's");
    }

    /// {@return whether what is written now waits for the end of a callback}
    boolean isOpen() {
        return owner != null && !leaving;
    }

    /// {@return whether the thread serves this turn now, and will see what is to be done}
    boolean serves(Turn turn) {
        return owner == turn;
    }

    /// A callback in this turn begins.
    void begin(Turn turn) {
        assert owner == null : "a callback within a callback";
        owner = turn;
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
