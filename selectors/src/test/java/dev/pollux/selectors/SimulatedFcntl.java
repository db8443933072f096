package dev.pollux.selectors;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.Memory;

/// What the simulated kernel tells of a descriptor, and the flags by which it sends signals:
/// fcntl(2) and the like.
final class SimulatedFcntl {
    private static final int F_SETSIG = 10;
    private static final int F_SETOWN_EX = 15;
    private static final int F_GETOWN_EX = 16;

    private final SimulatedKernel kernel;

    SimulatedFcntl(SimulatedKernel kernel) {
        this.kernel = kernel;
    }

    int fcntl(int fd, int command, long argument) {
        kernel.step();
        return kernel.note("fcntl " + command, fd, control(fd, command, argument));
    }

    private int control(int fd, int command, long argument) {
        SimulatedFile file = kernel.file(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        switch (command) {
            case Descriptors.F_GETFD -> {
                return Descriptors.FD_CLOEXEC;
            }
            case Descriptors.F_GETFL -> {
                return file.flags;
            }
            case Descriptors.F_SETFL -> {
                boolean raised = (file.flags & Descriptors.O_ASYNC) != 0;
                boolean sends = file.kind != SimulatedFile.Kind.REGULAR;
                file.flags = (int) argument & (sends ? -1 : ~Descriptors.O_ASYNC);
                if (!raised && (file.flags & Descriptors.O_ASYNC) != 0) {
                    kernel.signals.attach(file, fd);
                }
            }
            case F_SETSIG -> file.signal = (int) argument;
            case F_SETOWN_EX -> file.owner = Memory.getInt(argument + 4);
            case F_GETOWN_EX -> {
                Memory.putInt(argument, 0);
                Memory.putInt(argument + 4, file.owner);
            }
            default -> {
                return -Errno.EINVAL;
            }
        }
        return 0;
    }

    /// Only whether a socket listens is ever asked for here.
    int getsockopt(int fd, long value) {
        kernel.step();
        SimulatedFile file = kernel.file(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        Memory.putInt(value, file.kind == SimulatedFile.Kind.LISTENER ? 1 : 0);
        return 0;
    }

    /// The type of a file in `st_mode`, where fstat(2) leaves it on x86-64.
    int fstat(int fd, long stat) {
        kernel.step();
        SimulatedFile file = kernel.file(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        Memory.putShort(stat + 24, (short) (file.kind == SimulatedFile.Kind.REGULAR ? 0x8000 : 0));
        return 0;
    }

    int getrlimit(long limits) {
        kernel.step();
        Memory.putLong(limits, Math.min(kernel.pollMax(), kernel.limit()));
        return 0;
    }
}
