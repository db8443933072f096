package dev.pollux.selectors;

import dev.pollux.libc.PollCalls;
import java.util.ArrayList;
import java.util.List;

/// An open file of the simulated kernel: what it is ready for, and who is told when that changes.
final class SimulatedFile {
    static final int IN = PollCalls.POLLIN;
    static final int OUT = PollCalls.POLLOUT;
    static final int PRI = PollCalls.POLLPRI;
    static final int RDHUP = PollCalls.POLLRDHUP;
    static final int HUP = PollCalls.POLLHUP;
    static final int ERR = PollCalls.POLLERR;

    /// What kind of file.
    enum Kind {
        SOCKET,
        LISTENER,
        REGULAR,
        EVENTFD,
        QUEUE
    }

    /// Who is told of changes.
    interface Watcher {
        /// Something has happened, be it for the first time or once more.
        void happened(int bits);

        /// The file is closed.
        void closed();
    }

    final Kind kind;
    private final List<Watcher> watchers = new ArrayList<>();
    private int bits;

    /// What it was ready for at any time since [#forget].
    private int recent;

    /// How often something has happened, and when it did last of each sort.
    private int changes;

    private int lastIn;
    private int lastOut;
    private int lastPri;

    /// The counter of an eventfd.
    long count;

    /// The flags of fcntl(2), and to whom it sends which signal.
    int flags;

    int signal;
    int owner;

    SimulatedFile(Kind kind, int bits) {
        this.kind = kind;
        this.bits = bits;
        this.recent = bits;
    }

    int bits() {
        return bits;
    }

    int recent() {
        return recent;
    }

    int changes() {
        return changes;
    }

    /// {@return for which of these it is ready, and has become so after some change}
    int changed(int wanted, int after) {
        int since = lastIn > after ? IN : 0;
        since |= lastOut > after ? OUT : 0;
        since |= lastPri > after ? PRI : 0;
        return bits & wanted & since;
    }

    /// All that was ready from now on counts.
    void forget() {
        recent = bits;
    }

    void watch(Watcher watcher) {
        watchers.add(watcher);
    }

    void unwatch(Watcher watcher) {
        watchers.remove(watcher);
    }

    /// It becomes ready for something, or for more of it.
    void happen(int what) {
        bits |= what;
        recent |= what;
        changes++;
        lastIn = (what & IN) != 0 ? changes : lastIn;
        lastOut = (what & OUT) != 0 ? changes : lastOut;
        lastPri = (what & PRI) != 0 ? changes : lastPri;
        for (int i = 0; i < watchers.size(); i++) {
            watchers.get(i).happened(what);
        }
    }

    /// It is no longer ready for something, unless it is so for ever.
    void clear(int what) {
        if (kind == Kind.REGULAR) {
            return;
        }
        int kept = (bits & (RDHUP | HUP | ERR)) != 0 ? IN : 0;
        kept |= (bits & (HUP | ERR)) != 0 ? OUT : 0;
        bits &= ~what | kept;
    }

    void close() {
        for (Watcher watcher : List.copyOf(watchers)) {
            watcher.closed();
        }
        watchers.clear();
    }
}
