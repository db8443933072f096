package dev.pollux.engines.io;

import dev.pollux.libc.Memory;
import dev.pollux.libc.PollCalls;

/// Asks the kernel whether a descriptor has room, while somebody may be asleep for it.
public final class Writability {
    private Writability() {}

    /// {@return whether a thread that sleeps in a send to it is, or is about to be, woken}
    ///
    /// @param fd an open descriptor
    public static boolean of(int fd) {
        long pollfd = Memory.allocate(PollCalls.POLLFD_BYTES);
        try {
            PollCalls.put(pollfd, 0, fd, PollCalls.POLLOUT);
            return PollCalls.poll(pollfd, 1, 0) > 0;
        } finally {
            Memory.free(pollfd);
        }
    }
}
