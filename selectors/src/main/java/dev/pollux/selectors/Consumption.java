package dev.pollux.selectors;

import static dev.pollux.libc.SocketOptions.SOL_SOCKET;
import static dev.pollux.libc.SocketOptions.SO_ACCEPTCONN;
import static dev.pollux.libc.SocketOptions.SO_TYPE;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.PollCalls;
import dev.pollux.libc.Sockets;
import dev.pollux.libc.SystemCalls;

/// Looks, from outside, whether anybody consumes what a descriptor is ready for: one look before
/// its event is handed out, one before the next wait.
///
/// Only what cannot be a busy descriptor counts. It is still ready, and one of these holds:
/// - the waiting thread has made no system call of [dev.pollux.libc] in between, so that nobody has
///   even tried;
/// - it is a stream with something to read, and there are as many bytes as ever before (0 at the
///   end of input): over many looks, a reader and a writer do not keep the balance to the byte;
/// - it is a listener, and there is no descriptor left for a connection.
final class Consumption {
    private static final int UNKNOWN = -1;

    private int fd;
    private int kinds;

    /// The bytes to be read at the first look, or [#UNKNOWN] where their number proves nothing.
    private int bytes;

    private boolean steady;
    private long calls;

    /// Begins with a descriptor.
    void begin(int suspect, int events) {
        fd = suspect;
        kinds = events;
        bytes = isStream() && (kinds & ~Selector.WRITE) != 0 ? readable() : UNKNOWN;
    }

    private boolean isStream() {
        int type = Sockets.getOption(fd, SOL_SOCKET, SO_TYPE);
        return type == Sockets.SOCK_STREAM || type == -Errno.ENOTSOCK;
    }

    private int readable() {
        int available = Descriptors.available(fd);
        return available < 0 ? UNKNOWN : available;
    }

    /// Looks before the event is handed out.
    void before() {
        steady = bytes != UNKNOWN && readable() == bytes;
        calls = SystemCalls.current().total();
    }

    /// Looks when the consumer is back.
    void between() {
        steady = steady && readable() == bytes;
    }

    /// Looks before the next wait.
    ///
    /// @return whether nobody can have consumed anything since [#before]
    boolean isNone() {
        boolean untried = SystemCalls.current().total() == calls;
        return isStillReady() && (untried || (steady && readable() == bytes) || cannotAccept());
    }

    private boolean isStillReady() {
        return PollCalls.pollOne(fd, PollBits.of(kinds)) > 0;
    }

    private boolean cannotAccept() {
        if (Sockets.getOption(fd, SOL_SOCKET, SO_ACCEPTCONN) != 1) {
            return false;
        }
        int spare = Descriptors.dup(fd);
        if (spare >= 0) {
            int _ = Descriptors.close(spare);
        }
        return spare == -Errno.EMFILE;
    }
}
