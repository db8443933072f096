package dev.pollux.selectors;

import dev.pollux.descriptors.Descriptor;
import dev.pollux.libc.ErrnoException;
import java.nio.channels.ClosedSelectorException;
import java.util.ArrayList;
import java.util.NoSuchElementException;

/// A thread of a [Simulation] that does to its selector, by lot, whatever any thread may, and keeps
/// book of what the selector should know by that.
final class SelectorUser {
    /// One of the calls about a descriptor.
    private interface Change {
        void make() throws ErrnoException;
    }

    private final Simulation simulation;
    private final Chance chance;
    private final Baton baton;

    SelectorUser(Simulation simulation) {
        this.simulation = simulation;
        this.chance = simulation.chance;
        this.baton = simulation.baton;
    }

    void run() {
        for (int i = chance.between(1, 40); i > 0 && !simulation.closing; i--) {
            act();
            if (chance.oneIn(3)) {
                long until = baton.nanoTime() + chance.oneOf(1_000, 100_000, 2_000_000);
                baton.await(() -> false, until);
            }
        }
    }

    /// Does one thing.
    void act() {
        boolean foreign = simulation.belongsToOneThread() && !baton.who().equals("waiter");
        switch (foreign ? 12 : chance.below(16)) {
            case 0 -> simulation.open();
            case 1 -> closeOne();
            case 2, 3, 4, 5 -> register();
            case 6, 7, 8, 9 -> modify();
            case 10, 11 -> unregister();
            case 15 -> {
                if (chance.oneIn(10)) {
                    closeSelector();
                }
            }
            default -> wakeup();
        }
    }

    private int anyFd() {
        var fds = new ArrayList<>(simulation.fds);
        fds.addAll(simulation.keys.keySet());
        return fds.isEmpty() ? -1 : fds.get(chance.below(fds.size()));
    }

    private void closeOne() {
        int fd = anyFd();
        boolean registered = simulation.keys.containsKey(fd);
        if (!simulation.fds.contains(fd) || simulation.inCalls.contains(fd)) {
            return;
        }
        if (!registered || chance.strikes(Chance.Fault.CLOSED_EARLY)) {
            simulation.close(fd);
        }
    }

    private Interest anyInterest() {
        int events =
                chance.oneOf(
                        Selector.READ,
                        Selector.READ,
                        Selector.WRITE,
                        Selector.READ | Selector.WRITE,
                        Selector.PRIORITY,
                        Selector.READ | Selector.PRIORITY,
                        Selector.READ | Selector.READ_CLOSED);
        Trigger trigger =
                chance.oneOf(Trigger.LEVEL, Trigger.LEVEL, Trigger.EDGE, Trigger.ONE_SHOT);
        if (simulation.poller.whyNot(events, trigger).isPresent()) {
            return Interest.level(events & 3 | Selector.READ);
        }
        return new Interest(events, trigger);
    }

    private void register() {
        baton.pass(true);
        int fd = anyFd();
        SimulatedFile file = simulation.kernel.file(fd);
        if (file == null) {
            return;
        }
        var key =
                new Expected(
                        fd,
                        file,
                        anyInterest(),
                        simulation.kernel.lastWait(),
                        simulation.kernel.lastTold());
        Integer id = simulation.all.size();
        simulation.all.add(key);
        boolean knew = simulation.keys.containsKey(fd);
        Descriptor object = chance.oneIn(3) ? new MaybeFile(fd) : null;
        boolean alone =
                call(
                        "add " + key.interest,
                        fd,
                        () -> {
                            if (object == null) {
                                simulation.selector.register(fd, key.interest, id);
                            } else {
                                simulation.selector.register(object, key.interest, id);
                            }
                            baton.settle();
                            Expected before = simulation.keys.put(fd, key);
                            simulation.check(before == null, "registered twice: fd " + fd);
                            key.state = Expected.State.THERE;
                        });
        if (key.state == Expected.State.COMING) {
            key.go(simulation.kernel.lastWait());
        }
        simulation.check(
                !alone || !knew || key.state == Expected.State.GONE, "registered twice: fd " + fd);
    }

    private void modify() {
        baton.pass(true);
        int fd = anyFd();
        Expected key = simulation.keys.get(fd);
        Interest next = anyInterest();
        if (key == null || next.trigger() == Trigger.EXCLUSIVE) {
            return;
        }
        key.begin();
        Integer id = simulation.all.indexOf(key);
        boolean[] changed = {false};
        boolean _ =
                call(
                        "mod " + next,
                        fd,
                        () -> {
                            changed[0] = true;
                            simulation.selector.modify(fd, next, id);
                            baton.settle();
                            Expected known = simulation.keys.get(fd);
                            boolean same =
                                    next.equals(key.interest) && next.trigger() != Trigger.ONE_SHOT;
                            if (known == key && !same) {
                                key.arm(next, simulation.kernel.lastWait());
                            } else if (known != key) {
                                simulation.all.set(
                                        id, known); // Another one by now, which has this data.
                                known.arm(next, simulation.kernel.lastWait());
                            }
                            changed[0] = false;
                        });
        if (changed[0] && !simulation.closing && simulation.keys.get(fd) == key) {
            dropIfGone(key);
        }
        key.end();
    }

    /// A change that has failed drops the key, on both sides; one that was refused beforehand does
    /// not.
    private void dropIfGone(Expected key) {
        SelectorKey<Integer> now = simulation.selector.keys().get(key.fd);
        if (now == null || simulation.all.get(now.data()) != key) {
            simulation.keys.remove(key.fd);
            key.go(simulation.kernel.lastWait());
        }
    }

    private void unregister() {
        baton.pass(true);
        int fd = anyFd();
        Expected key = simulation.keys.get(fd);
        if (key == null) {
            return;
        }
        key.begin();
        boolean _ =
                call(
                        "unregister",
                        fd,
                        () -> {
                            SelectorKey<Integer> was = simulation.selector.unregister(fd);
                            baton.settle();
                            Expected removed = simulation.all.get(was.data());
                            simulation.check(
                                    simulation.keys.get(fd) == removed,
                                    "another key was unregistered: fd " + fd);
                            simulation.keys.remove(fd);
                            removed.go(simulation.kernel.lastWait());
                        });
        key.end();
    }

    /// Makes a call.
    ///
    /// @return whether nobody else has made one about the same descriptor meanwhile
    private boolean call(String name, int fd, Change change) {
        int before = simulation.calls.merge(fd, 1, Integer::sum);
        simulation.inCalls.add(fd);
        int result = 0;
        try {
            change.make();
        } catch (ErrnoException e) {
            result = -e.errno();
        } catch (OutOfMemoryError
                | IllegalStateException
                | IllegalArgumentException
                | UnsupportedOperationException
                | NoSuchElementException e) {
            result = -1000;
            if (e instanceof ClosedSelectorException) {
                baton.settle();
                simulation.check(simulation.closing, "closed by nobody");
            }
        }
        baton.settle();
        simulation.inCalls.remove((Integer) fd);
        simulation.trace.note(baton.who(), name, fd, result, baton.nanoTime());
        boolean alone = simulation.calls.get(fd) == before;
        simulation.calls.merge(fd, 1, Integer::sum);
        return alone;
    }

    void wakeup() {
        baton.pass(true);
        simulation.wakeup = true;
        simulation.selector.wakeup();
        baton.settle();
        simulation.trace.note(baton.who(), "wakeup", 0, 0, baton.nanoTime());
    }

    void closeSelector() {
        if (simulation.belongsToOneThread() && !baton.who().equals("waiter")) {
            return;
        }
        baton.pass(true);
        simulation.closing = true;
        simulation.trace.note(baton.who(), "closing", 0, 0, baton.nanoTime());
        simulation.selector.close();
        baton.settle();
        simulation.trace.note(baton.who(), "closed", 0, 0, baton.nanoTime());
    }
}
