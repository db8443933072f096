package dev.pollux.selectors;

import static dev.pollux.selectors.DescriptorEnd.check;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Sends a signal to one thread: as signal-driven I/O, `F_SETOWN_EX` and `F_SETSIG` of fcntl(2).
final class ThreadSignal implements AutoCloseable {
    /// The JVM has a handler for it that does nothing, so that it just interrupts.
    static final int SIGPIPE = 13;

    private static final int F_SETSIG = 10;
    private static final int F_SETOWN_EX = 15;
    private static final int F_OWNER_TID = 0;

    private final DescriptorEnd[] pair = DescriptorEnd.socketPair();

    private ThreadSignal(int thread, int signal) {
        long owner = Memory.allocate(2 * Integer.BYTES);
        Memory.putInt(owner, F_OWNER_TID);
        Memory.putInt(owner + Integer.BYTES, thread);
        int fd = pair[0].fd();
        check(Descriptors.fcntl(fd, F_SETOWN_EX, owner));
        check(Descriptors.fcntl(fd, F_SETSIG, signal));
        int flags = Descriptors.O_ASYNC | Descriptors.O_NONBLOCK;
        check(Descriptors.fcntl(fd, Descriptors.F_SETFL, flags));
        Memory.free(owner);
    }

    static ThreadSignal toThisThread(int signal) throws IOException {
        Path self = Files.readSymbolicLink(Path.of("/proc/thread-self"));
        return new ThreadSignal(Integer.parseInt(self.getFileName().toString()), signal);
    }

    /// Sends it; any thread.
    void send() {
        pair[1].send("!");
        pair[0].receive();
    }

    @Override
    public void close() {
        pair[0].close();
        pair[1].close();
    }
}
