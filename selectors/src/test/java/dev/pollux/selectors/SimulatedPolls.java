package dev.pollux.selectors;

import dev.pollux.libc.Errno;
import dev.pollux.libc.Memory;
import dev.pollux.libc.PollCalls;
import dev.pollux.libc.SelectCalls;
import java.util.function.BooleanSupplier;

/// poll(2) and select(2) of the simulated kernel, which are told at each call what to wait for.
final class SimulatedPolls {
    private final SimulatedKernel kernel;

    SimulatedPolls(SimulatedKernel kernel) {
        this.kernel = kernel;
    }

    int ppoll(long pollfds, int count, long timeoutNanos) {
        kernel.beginWait();
        kernel.step();
        if (count > kernel.pollMax()) {
            return kernel.note("ppoll", count, -Errno.EINVAL);
        }
        return kernel.wait(
                () -> poll(pollfds, count) > 0, timeoutNanos, () -> poll(pollfds, count));
    }

    private int poll(long pollfds, int count) {
        int found = 0;
        for (int i = 0; i < count; i++) {
            int fd = Memory.getInt(pollfds + (long) i * PollCalls.POLLFD_BYTES);
            int bits = fd < 0 ? 0 : bits(fd, PollCalls.events(pollfds, i));
            Memory.putShort(pollfds + (long) i * PollCalls.POLLFD_BYTES + 6, (short) bits);
            found += bits != 0 ? 1 : 0;
        }
        return found;
    }

    private int bits(int fd, int asked) {
        SimulatedFile file = kernel.file(fd);
        return file == null
                ? PollCalls.POLLNVAL
                : bits(file) & (asked | SimulatedFile.HUP | SimulatedFile.ERR);
    }

    private int bits(SimulatedFile file) {
        boolean signalled = file.kind == SimulatedFile.Kind.QUEUE && !kernel.signals.isEmpty();
        return signalled ? SimulatedFile.IN : file.bits();
    }

    int pselect(int nfds, long read, long write, long except, long timeoutNanos) {
        kernel.beginWait();
        kernel.step();
        for (int fd = 0; fd < nfds; fd++) {
            boolean asked =
                    SelectCalls.isSet(read, fd)
                            || SelectCalls.isSet(write, fd)
                            || SelectCalls.isSet(except, fd);
            if (asked && fd < kernel.limit() && kernel.file(fd) == null) {
                return kernel.note("pselect", fd, -Errno.EBADF);
            }
        }
        BooleanSupplier ready = () -> select(nfds, read, write, except, false) > 0;
        return kernel.wait(
                ready,
                timeoutNanos,
                () -> {
                    int found = select(nfds, read, write, except, false);
                    if (found > 0) {
                        return select(nfds, read, write, except, true);
                    }
                    return found;
                });
    }

    /// Looks, and if asked to, leaves only the bits of what is ready.
    private int select(int nfds, long read, long write, long except, boolean leave) {
        int ends = SimulatedFile.HUP | SimulatedFile.ERR;
        int found = keep(nfds, read, SimulatedFile.IN | ends, leave);
        found += keep(nfds, write, SimulatedFile.OUT | SimulatedFile.ERR, leave);
        return found + keep(nfds, except, SimulatedFile.PRI, leave);
    }

    private int keep(int nfds, long bitmap, int wanted, boolean leave) {
        int found = 0;
        for (int fd = 0; fd < Math.min(nfds, kernel.limit()); fd++) {
            if (SelectCalls.isSet(bitmap, fd)) {
                SimulatedFile file = kernel.file(fd);
                if (file != null && (file.bits() & wanted) != 0) {
                    found++;
                } else if (leave) {
                    SelectCalls.clear(bitmap, fd);
                }
            }
        }
        return found;
    }
}
