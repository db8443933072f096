package dev.pollux.selectors;

import dev.pollux.libc.EpollCalls;
import dev.pollux.libc.Errno;
import dev.pollux.libc.Memory;
import java.util.Map;
import java.util.TreeMap;

/// epoll(7) of the simulated kernel.
final class SimulatedEpoll {
    private final SimulatedKernel kernel;
    private final Map<Integer, SimulatedSet> sets = new TreeMap<>();

    SimulatedEpoll(SimulatedKernel kernel) {
        this.kernel = kernel;
    }

    int create() {
        kernel.step();
        int fd = kernel.open(SimulatedFile.Kind.QUEUE, 0);
        if (fd >= 0) {
            sets.put(fd, kernel.newSet());
        }
        return kernel.note("epoll_create1", 0, fd);
    }

    int ctl(int epoll, int operation, int fd, long event) {
        kernel.step();
        int result = control(epoll, operation, fd, event);
        kernel.note("epoll_ctl " + operation, fd, result);
        kernel.step();
        return result;
    }

    private int control(int epoll, int operation, int fd, long event) {
        SimulatedSet set = sets.get(epoll);
        SimulatedFile file = kernel.file(fd);
        if (set == null || file == null) {
            return -Errno.EBADF;
        }
        if (file.kind == SimulatedFile.Kind.REGULAR) {
            return -Errno.EPERM;
        }
        SimulatedSet.Entry entry = set.find(fd, 0);
        if (operation == EpollCalls.EPOLL_CTL_DEL) {
            if (entry == null) {
                return -Errno.ENOENT;
            }
            set.remove(entry);
            return 0;
        }
        if ((operation == EpollCalls.EPOLL_CTL_ADD) == (entry != null)) {
            return entry == null ? -Errno.ENOENT : -Errno.EEXIST;
        }
        int refused = kernel.refusedChange();
        if (refused < 0) {
            return refused;
        }
        int events = EpollCalls.events(event, 0);
        SimulatedSet.Entry changed = entry == null ? set.add(fd, 0, file) : entry;
        changed.mask = events & 0xffff | SimulatedFile.HUP | SimulatedFile.ERR;
        changed.edge = (events & EpollCalls.EPOLLET) != 0;
        changed.oneShot = (events & EpollCalls.EPOLLONESHOT) != 0;
        changed.silent = false;
        changed.data = EpollCalls.data(event, 0);
        changed.look();
        return 0;
    }

    int await(int epoll, long events, int max, long timeoutNanos) {
        kernel.beginWait();
        kernel.step();
        SimulatedSet set = sets.get(epoll);
        if (set == null) {
            return -Errno.EBADF;
        }
        int offset = EpollCalls.EVENT_BYTES - Long.BYTES;
        return kernel.wait(
                set::isReady,
                timeoutNanos,
                () -> {
                    long[] at = {events};
                    return set.collect(
                            max,
                            (entry, bits) -> {
                                Memory.putInt(at[0], bits);
                                Memory.putLong(at[0] + offset, entry.data);
                                at[0] += EpollCalls.EVENT_BYTES;
                            });
                });
    }

    /// A descriptor is closed, be it one of these or not.
    void close(int fd) {
        SimulatedSet set = sets.remove(fd);
        if (set != null) {
            set.close();
        }
    }
}
