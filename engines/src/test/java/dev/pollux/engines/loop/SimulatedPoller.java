package dev.pollux.engines.loop;

import dev.pollux.libc.Errno;
import dev.pollux.selectors.Poller;
import dev.pollux.selectors.Selector;
import dev.pollux.selectors.Trigger;
import java.util.ArrayList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a loop waits with in the simulated kernel: level- and edge-triggered, as `epoll(7)` is.
final class SimulatedPoller implements Poller {
    private static final int WAKE_FD = Integer.MAX_VALUE;
    private static final int ALWAYS = Selector.HANGUP | Selector.ERROR;

    /// How often the same may be told in one report.
    private static final int REPEATS = 70;

    /// What can be watched.
    public interface Watched {
        /// {@return what it is ready for now}
        int ready();

        /// Is told of a watch that wants to hear of changes; null: of none any more.
        void watchedBy(@Nullable Watch watch);
    }

    /// One registration.
    static final class Watch {
        final int fd;
        final Watched file;
        int events;
        int generation;
        final boolean edge;

        /// Something has changed that was not told.
        boolean changed = true;

        Watch(int fd, Watched file, boolean edge) {
            this.fd = fd;
            this.file = file;
            this.edge = edge;
        }

        void changed() {
            changed = true;
        }

        int ready() {
            return edge && !changed ? 0 : file.ready() & (events | ALWAYS);
        }
    }

    /// One event of a report.
    private record Event(int fd, int events, int generation) {}

    private final Simulation world;
    private final String name;
    private final ArrayList<Watch> watches = new ArrayList<>();
    private final ArrayList<Event> report = new ArrayList<>();
    private boolean woken;

    SimulatedPoller(Simulation world, String name) {
        this.world = world;
        this.name = name;
        world.loopOpened();
    }

    private @Nullable Watch find(int fd) {
        for (Watch watch : watches) {
            if (watch.fd == fd) {
                return watch;
            }
        }
        return null;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<String> whyNot(int events, Trigger trigger) {
        return Optional.empty();
    }

    @Override
    public int add(int fd, int events, Trigger trigger, int generation) {
        world.require(find(fd) == null, "a descriptor is watched twice");
        Watched file = (Watched) world.descriptors().get(fd);
        if (world.chance().strikes(Fault.REFUSED_WATCH)) {
            if (file instanceof SimulatedDoor) {
                world.doorFailed();
            }
            return world.chance().oneIn(2) ? -Errno.ENOMEM : -Errno.ENOSPC;
        }
        Watch watch = new Watch(fd, file, trigger == Trigger.EDGE);
        watch.events = events;
        watch.generation = generation;
        watches.add(watch);
        file.watchedBy(watch);
        world.note(file, "watch", events);
        return 0;
    }

    @Override
    public int modify(int fd, int events, Trigger trigger, int generation) {
        Watch watch = find(fd);
        if (watch == null) {
            return -Errno.ENOENT;
        }
        if (world.chance().strikes(Fault.REFUSED_WATCH)) {
            return -Errno.ENOMEM;
        }
        watch.events = events;
        watch.generation = generation;
        watch.changed = true;
        world.note(watch.file, "rewatch", events);
        return 0;
    }

    @Override
    public int remove(int fd) {
        Watch watch = find(fd);
        if (watch == null) {
            return -Errno.ENOENT;
        }
        watches.remove(watch);
        watch.file.watchedBy(null);
        return 0;
    }

    private boolean hasNews() {
        if (woken) {
            return true;
        }
        for (int i = 0; i < watches.size(); i++) {
            if (watches.get(i).ready() != 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int await(long timeoutNanos) {
        Baton baton = world.baton();
        if (timeoutNanos == 0) {
            baton.pass();
        } else {
            long forever = Baton.NEVER;
            baton.await(
                    this::hasNews, timeoutNanos < 0 ? forever : baton.nanoTime() + timeoutNanos);
        }
        report.clear();
        if (world.chance().strikes(Fault.INTERRUPTED)) {
            return -Errno.EINTR;
        }
        collect();
        world.note(name, "wait", report.size());
        return report.size();
    }

    private void collect() {
        Chance chance = world.chance();
        int size = watches.size();
        int begin = size == 0 ? 0 : chance.below(size);
        for (int i = 0; i < size; i++) {
            Watch watch = watches.get((begin + i) % size);
            int ready = watch.ready();
            if (ready != 0 && !chance.strikes(Fault.LATE)) {
                report(watch, ready);
            }
        }
        if (woken) {
            int place = report.isEmpty() ? 0 : chance.below(report.size() + 1);
            report.add(place, new Event(WAKE_FD, Selector.READ, 0));
        }
    }

    private void report(Watch watch, int ready) {
        watch.changed = false;
        Event event = new Event(watch.fd, ready, watch.generation);
        report.add(event);
        if (world.chance().strikes(Fault.REPEATED)) {
            for (int i = 0; i < REPEATS; i++) {
                report.add(world.chance().below(report.size()), event);
            }
        }
    }

    @Override
    public long nanoTime() {
        return world.baton().nanoTime();
    }

    @Override
    public int readyFd(int index) {
        return report.get(index).fd();
    }

    @Override
    public int readyEvents(int index) {
        return report.get(index).events();
    }

    @Override
    public int readyGeneration(int index) {
        return report.get(index).generation();
    }

    @Override
    public int wakeFd() {
        return WAKE_FD;
    }

    @Override
    public int wake() {
        woken = true;
        return 0;
    }

    @Override
    public void drainWake() {
        woken = false;
    }

    @Override
    public boolean watchesDescriptors() {
        return false;
    }

    /// The loop is at its end: its thread needs nothing of the simulation any more.
    @Override
    public void close() {
        world.require(watches.isEmpty(), "something is watched to the end");
        world.loopClosed();
        world.baton().leave();
    }
}
