package dev.pollux.selectors;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An interest set that the simulated kernel keeps, as Linux does it for epoll(7): a change lists
/// an entry, a wait looks at those that are listed, and what is level-triggered stays listed.
final class SimulatedSet {
    /// An entry. What is silent stays, but is never listed.
    static final class Entry implements SimulatedFile.Watcher {
        final SimulatedSet set;
        final int fd;
        final int filter;
        final SimulatedFile file;
        int mask;
        long data;
        boolean edge;
        boolean oneShot;
        boolean silent;

        Entry(SimulatedSet set, int fd, int filter, SimulatedFile file) {
            this.set = set;
            this.fd = fd;
            this.filter = filter;
            this.file = file;
        }

        int ready() {
            return silent ? 0 : file.bits() & mask;
        }

        /// What is ready now counts as a change.
        void look() {
            if (ready() != 0 && !set.listed.contains(this)) {
                set.listed.add(this);
            }
        }

        @Override
        public void happened(int bits) {
            if ((bits & mask) != 0) {
                look();
            }
        }

        @Override
        public void closed() {
            set.remove(this);
        }
    }

    /// Takes an event.
    interface Report {
        void event(Entry entry, int bits);
    }

    private final Chance chance;
    private final Map<Long, Entry> entries = new LinkedHashMap<>();
    private final List<Entry> listed = new ArrayList<>();

    SimulatedSet(Chance chance) {
        this.chance = chance;
    }

    private static long key(int fd, int filter) {
        return (long) filter << 32 | fd;
    }

    /// {@return the entry of a descriptor and a filter, null if there is none}
    Entry find(int fd, int filter) {
        return entries.get(key(fd, filter));
    }

    Entry add(int fd, int filter, SimulatedFile file) {
        var entry = new Entry(this, fd, filter, file);
        entries.put(key(fd, filter), entry);
        file.watch(entry);
        return entry;
    }

    void remove(Entry entry) {
        entries.remove(key(entry.fd, entry.filter));
        listed.remove(entry);
        entry.file.unwatch(entry);
    }

    boolean isReady() {
        for (Entry entry : listed) {
            if (entry.ready() != 0) {
                return true;
            }
        }
        return false;
    }

    /// Reports what is listed and ready, in any order; now and then not all of it.
    ///
    /// @return how many events
    int collect(int max, Report report) {
        var candidates = new ArrayList<>(listed);
        int count = 0;
        while (!candidates.isEmpty() && count < max) {
            Entry entry = candidates.remove(chance.below(candidates.size()));
            int bits = entry.ready();
            if (bits == 0) {
                listed.remove(entry);
            } else if (count == 0 || !chance.strikes(Chance.Fault.PARTIAL_REPORT)) {
                count++;
                if (entry.edge || entry.oneShot) {
                    listed.remove(entry);
                }
                entry.silent = entry.oneShot;
                report.event(entry, bits);
            }
        }
        return count;
    }

    void close() {
        for (Entry entry : List.copyOf(entries.values())) {
            remove(entry);
        }
    }
}
