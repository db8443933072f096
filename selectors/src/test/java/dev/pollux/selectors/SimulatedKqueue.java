package dev.pollux.selectors;

import static dev.pollux.libc.Kevent.EVFILT_EXCEPT;
import static dev.pollux.libc.Kevent.EVFILT_READ;
import static dev.pollux.libc.Kevent.EVFILT_USER;
import static dev.pollux.libc.Kevent.EV_CLEAR;
import static dev.pollux.libc.Kevent.EV_DELETE;
import static dev.pollux.libc.Kevent.EV_EOF;
import static dev.pollux.libc.Kevent.EV_ONESHOT;
import static dev.pollux.libc.Kevent.NOTE_TRIGGER;

import dev.pollux.libc.Errno;
import dev.pollux.libc.Kevent;
import dev.pollux.libc.KqueueCalls;
import java.util.ArrayList;
import java.util.List;

/// kqueue(2) of the simulated kernel. As documented: adding what is there changes its user data but
/// not its flags, deleting what is not there is `ENOENT`, a one-shot entry is deleted as it is
/// reported, entries of a closed file vanish, a regular file counts as read to its end.
final class SimulatedKqueue implements KqueueCalls {
    private static final int ENDS = SimulatedFile.RDHUP | SimulatedFile.HUP | SimulatedFile.ERR;

    private final SimulatedKernel kernel;
    private SimulatedSet set;

    SimulatedKqueue(SimulatedKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public int kqueue() {
        kernel.step();
        int fd = kernel.open(SimulatedFile.Kind.QUEUE, 0);
        if (fd >= 0) {
            set = kernel.newSet();
        }
        return kernel.note("kqueue", 0, fd);
    }

    @Override
    public int kevent(
            int kqueue,
            long changes,
            int changeCount,
            long events,
            int eventsMax,
            long timeoutNanos) {
        if (eventsMax > 0) {
            kernel.beginWait();
        }
        kernel.step();
        for (int i = 0; i < changeCount; i++) {
            int result = change(changes, i);
            kernel.note("change " + Kevent.filter(changes, i), Kevent.fd(changes, i), result);
            if (result < 0) {
                return result;
            }
        }
        return eventsMax == 0
                ? 0
                : kernel.wait(
                        set::isReady,
                        timeoutNanos,
                        () -> {
                            List<SimulatedSet.Entry> fired = new ArrayList<>();
                            int[] next = {0};
                            int count =
                                    set.collect(
                                            eventsMax,
                                            (entry, bits) -> {
                                                put(events, next[0]++, entry, bits);
                                                kernel.note(
                                                        "event " + entry.filter, entry.fd, bits);
                                                if (entry.oneShot) {
                                                    fired.add(entry);
                                                }
                                            });
                            fired.forEach(set::remove);
                            return count;
                        });
    }

    private int change(long changes, int index) {
        int fd = Kevent.fd(changes, index);
        int filter = Kevent.filter(changes, index);
        int flags = Kevent.flags(changes, index);
        SimulatedFile file = kernel.file(fd);
        SimulatedSet.Entry entry = set.find(fd, filter);
        if ((flags & EV_DELETE) != 0) {
            if (entry == null) {
                return file == null ? -Errno.EBADF : -Errno.ENOENT;
            }
            set.remove(entry);
            return 0;
        }
        if (file == null && filter != EVFILT_USER) {
            return -Errno.EBADF;
        }
        int refused = kernel.refusedChange();
        if (refused < 0) {
            return refused;
        }
        if (entry == null) {
            SimulatedFile watched =
                    filter == EVFILT_USER || file.kind == SimulatedFile.Kind.REGULAR
                            ? new SimulatedFile(SimulatedFile.Kind.EVENTFD, 0)
                            : file;
            entry = set.add(fd, filter, watched);
            entry.mask = mask(filter);
            entry.edge = (flags & EV_CLEAR) != 0;
            entry.oneShot = (flags & EV_ONESHOT) != 0;
        }
        entry.data = Kevent.udata(changes, index);
        if (filter == EVFILT_USER && (Kevent.fflags(changes, index) & NOTE_TRIGGER) != 0) {
            entry.file.happen(SimulatedFile.IN);
        } else {
            entry.look();
        }
        return 0;
    }

    private static int mask(int filter) {
        return switch (filter) {
            case EVFILT_READ -> SimulatedFile.IN | ENDS;
            case EVFILT_USER -> SimulatedFile.IN;
            case EVFILT_EXCEPT -> SimulatedFile.PRI;
            default -> SimulatedFile.OUT | SimulatedFile.HUP | SimulatedFile.ERR;
        };
    }

    private static void put(long events, int index, SimulatedSet.Entry entry, int bits) {
        boolean ended = (bits & ENDS) != 0;
        int error = (bits & SimulatedFile.ERR) != 0 ? Errno.ECONNRESET : 0;
        Kevent.put(events, index, entry.fd, entry.filter, ended ? EV_EOF : 0, error, entry.data);
    }

    @Override
    public int close(int kqueue) {
        set.close();
        return kernel.close(kqueue);
    }
}
