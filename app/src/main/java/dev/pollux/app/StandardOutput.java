package dev.pollux.app;

import dev.pollux.libc.Memory;
import dev.pollux.libc.Platform;
import dev.pollux.libc.PollCalls;

/// Standard output, as far as a stream of the JDK does not tell.
final class StandardOutput {
    private static final int STANDARD_OUTPUT = 1;

    private StandardOutput() {}

    /// {@return whether nobody reads it any more, as after `| head`: who has seen enough makes
    /// nothing fail}
    static boolean isUnread() {
        if (Platform.detect().isEmpty()) {
            return false;
        }
        long pollfd = Memory.allocate(PollCalls.POLLFD_BYTES);
        try {
            PollCalls.put(pollfd, 0, STANDARD_OUTPUT, 0);
            int told = PollCalls.poll(pollfd, 1, 0) > 0 ? PollCalls.revents(pollfd, 0) : 0;
            return (told & (PollCalls.POLLERR | PollCalls.POLLHUP)) != 0;
        } finally {
            Memory.free(pollfd);
        }
    }
}
