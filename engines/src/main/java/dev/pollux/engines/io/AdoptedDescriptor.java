package dev.pollux.engines.io;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.Memory;
import dev.pollux.libc.PollCalls;
import dev.pollux.libc.SignalCalls;
import dev.pollux.libc.SocketOptions;
import dev.pollux.libc.Sockets;
import dev.pollux.libc.Terminals;

/// A descriptor that somebody else has opened and shares with us, such as the terminal: read and
/// written without sleeping, though its blocking flag is not ours to change.
///
/// A socket has calls that never sleep. A terminal is opened once more, with a flag of our own, as
/// its input may be taken by a shell between the report and the read, and it tells nobody how much
/// it has room for. Of everything else, and of a terminal that cannot be opened, `poll(2)` is asked
/// before each call, and no write is larger than what a pipe that is writable takes.
///
/// **A terminal in whose background we are is not read**, as the kernel would stop the process.
///
/// One thread reads; one at a time writes.
public final class AdoptedDescriptor {
    /// `PIPE_BUF`, `pipe(7)`.
    private static final int WRITE_BYTES = 4096;

    private final int fd;
    private final boolean terminal;

    /// Opened by ourselves.
    private final boolean own;

    private final boolean socket;

    /// Two `struct pollfd`: for the reader and for the writer.
    private final long reading = Memory.allocate(2L * PollCalls.POLLFD_BYTES);

    private final long writing = reading + PollCalls.POLLFD_BYTES;

    /// Whether the reader has seen to it that no read stops the process.
    private boolean guarded;

    /// Whether the terminal's other side has gone.
    private boolean hungUp;

    public AdoptedDescriptor(int fd) {
        terminal = Descriptors.isatty(fd);
        int opened = terminal ? openOnceMore(fd) : -Errno.ENOTTY;
        own = opened >= 0;
        socket = Sockets.getOption(fd, SocketOptions.SOL_SOCKET, SocketOptions.SO_TYPE) >= 0;
        this.fd = own ? opened : fd;
    }

    private static int openOnceMore(int fd) {
        int access = Descriptors.fcntl(fd, Descriptors.F_GETFL, 0) & Descriptors.O_ACCMODE;
        return Descriptors.reopen(fd, access | Descriptors.O_NONBLOCK | Descriptors.O_NOCTTY);
    }

    /// {@return what is to be watched}
    public int fd() {
        return fd;
    }

    /// Reads what is there.
    ///
    /// @return how many bytes, 0 at the end, [Wire#LATER], or `-errno`
    public int receive(long address, int size) {
        if (socket) {
            return Sockets.recv(fd, address, size);
        }
        if (isInBackground()) {
            return Wire.LATER;
        }
        if (!own && !isReady(reading, PollCalls.POLLIN)) {
            return -Errno.EAGAIN;
        }
        int received = Descriptors.read(fd, address, size);
        if (received != -Errno.EIO) {
            return received;
        }
        if (isInBackground()) {
            return Wire.LATER; // Only just.
        }
        hungUp = true; // A terminal whose other side has gone: that is its end of input.
        return 0;
    }

    /// {@return whether another group of processes is to read the terminal} The kernel's own answer
    /// to a read, which may come in between, is made an error that stops nobody.
    private boolean isInBackground() {
        if (!terminal) {
            return false;
        }
        if (!guarded) {
            guarded = true;
            SignalCalls.block(SignalCalls.SIGTTIN);
        }
        int foreground = Terminals.foreground(fd);
        return foreground >= 0 && foreground != Terminals.group();
    }

    private boolean isReady(long pollfd, int event) {
        PollCalls.put(pollfd, 0, fd, event);
        return PollCalls.poll(pollfd, 1, 0) > 0;
    }

    /// {@return whether an end of input is the last one} At a terminal it is a key, Ctrl-D.
    public boolean isEndFinal() {
        return !terminal || hungUp || isReady(reading, 0); // Hang-ups are always reported.
    }

    /// Writes what there is room for.
    ///
    /// @return how many bytes were taken, or `-errno`
    public int send(long address, int size) {
        if (socket) {
            return Sockets.send(fd, address, size);
        }
        if (own) {
            return Descriptors.write(fd, address, size);
        }
        int taken = 0;
        while (taken < size) {
            int result = sendLittle(address + taken, size - taken);
            if (result <= 0) {
                return taken > 0 ? taken : result;
            }
            taken += result;
        }
        return taken;
    }

    private int sendLittle(long address, int size) {
        return isReady(writing, PollCalls.POLLOUT)
                ? Descriptors.write(fd, address, Math.min(size, WRITE_BYTES))
                : -Errno.EAGAIN;
    }

    /// Writes what there is room for, from several places.
    ///
    /// @param iov an array of `struct iovec`
    /// @param count how many of them
    /// @return how many bytes were taken, or `-errno`
    public int sendGathered(long iov, int count) {
        int taken = 0;
        for (int i = 0; i < count; i++) {
            long entry = iov + (long) i * Descriptors.IOVEC_BYTES;
            int size = (int) Memory.getLong(entry + Long.BYTES);
            int result = send(Memory.getLong(entry), size);
            if (result < 0) {
                return taken > 0 ? taken : result;
            }
            taken += result;
            if (result < size) {
                return taken;
            }
        }
        return taken;
    }

    /// Closes what is ours; the descriptor belongs to whoever opened it.
    public void close() {
        if (own) {
            Descriptors.close(fd);
        }
        Memory.free(reading);
    }
}
