package dev.pollux.app;

import dev.pollux.libc.Descriptors;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;
import dev.pollux.libc.Sockets;
import dev.pollux.selectors.MaybeFile;
import dev.pollux.selectors.Selector;
import java.io.IOException;
import java.util.function.Consumer;

/// A terminal and a socket in one selector: what is typed goes to the peer, what the peer says is
/// shown, and neither waits for the other. The end of standard input is passed on as the end of
/// what we send; the peer's end is ours.
///
/// A terminal is opened once more where that is possible, with a flag of our own, so that it never
/// waits; the flag of the open file that we were given is shared with the shell.
final class Conversation {
    private static final int STANDARD_INPUT = 0;
    private static final int STANDARD_OUTPUT = 1;

    private final Selector<Void> selector;
    private final int socket;
    private final boolean raw;
    private final Consumer<String> note;
    private final int input = openOnceMore(STANDARD_INPUT, Descriptors.O_RDONLY);
    private final int output = openOnceMore(STANDARD_OUTPUT, Descriptors.O_WRONLY);
    private boolean finished;

    /// Begins one.
    ///
    /// @param socket connected, and non-blocking
    /// @param raw whether a terminal is to obey what the peer says
    /// @param note is told of what is neither an end of ours nor a failure
    Conversation(Selector<Void> selector, int socket, boolean raw, Consumer<String> note) {
        this.selector = selector;
        this.socket = socket;
        this.raw = raw;
        this.note = note;
    }

    /// {@return a descriptor of our own for a terminal, else the same}
    private static int openOnceMore(int fd, int access) {
        int flags = access | Descriptors.O_NONBLOCK | Descriptors.O_NOCTTY;
        int opened = Descriptors.isatty(fd) ? Descriptors.reopen(fd, flags) : -Errno.ENOTTY;
        return opened < 0 ? fd : opened;
    }

    private Relay toScreen() {
        boolean obeys = raw || !Descriptors.isatty(STANDARD_OUTPUT);
        var notation = obeys ? null : new CaretNotation();
        return new Relay(socket, output, output == STANDARD_OUTPUT, notation);
    }

    /// Goes on until the peer has finished, or nobody reads what is shown.
    ///
    /// @throws IOException when the peer is cut off, or standard output is
    void run() throws IOException {
        try (var up = new Relay(input, socket);
                var down = toScreen()) {
            if (!TypedLines.isOpen()) {
                up.abandon();
            }
            while (!down.isDone()) {
                finish(up);
                watch(up, down);
                turn(up, down);
            }
            if (!up.isDone()) {
                note.accept("the peer closed the connection");
            }
        } catch (ErrnoException e) {
            if (e.fd() != output || e.errno() != Errno.EPIPE) {
                throw e;
            }
            // Who reads what is shown has seen enough.
        } finally {
            closeUnless(input, STANDARD_INPUT);
            closeUnless(output, STANDARD_OUTPUT);
        }
    }

    private static void closeUnless(int fd, int given) {
        if (fd != given) {
            Descriptors.close(fd);
        }
    }

    /// Says that nothing more will be sent, once that is so.
    private void finish(Relay up) throws IOException {
        if (up.isDone() && !finished) {
            finished = true;
            Sockets.shutdown(socket, Sockets.SHUT_WR);
        }
    }

    private void watch(Relay up, Relay down) throws ErrnoException {
        watch(input, up.wantsInput() ? Selector.READ : 0);
        watch(output, down.hasOutput() ? Selector.WRITE : 0);
        int reads = down.wantsInput() ? Selector.READ : 0;
        watch(socket, reads | (up.hasOutput() ? Selector.WRITE : 0));
    }

    private void watch(int fd, int events) throws ErrnoException {
        boolean registered = selector.keys().containsKey(fd);
        if (events == 0) {
            if (registered) {
                selector.unregister(fd);
            }
        } else if (registered) {
            selector.modify(fd, events);
        } else {
            selector.register(new MaybeFile(fd), events);
        }
    }

    private void turn(Relay up, Relay down) throws IOException {
        for (var ready : selector.select()) {
            int fd = ready.key().fd();
            boolean readable = (ready.events() & Selector.READ) != 0;
            if (fd == input) {
                send(up, readable);
            } else if (fd == output) {
                down.give();
            } else {
                if (readable) {
                    receive(down);
                }
                if ((ready.events() & Selector.WRITE) != 0) {
                    send(up, false);
                }
            }
        }
    }

    /// A peer that takes nothing more may still have something to say.
    private void send(Relay up, boolean take) throws IOException {
        try {
            if (take) {
                up.take();
            } else {
                up.give();
            }
        } catch (ErrnoException e) {
            if (e.fd() != socket) {
                throw e;
            }
            up.abandon();
        }
    }

    private void receive(Relay down) throws IOException {
        try {
            down.take();
        } catch (ErrnoException e) {
            if (e.fd() == socket && e.errno() == Errno.ECONNRESET) {
                throw new IOException("the peer reset the connection", e);
            }
            throw e;
        }
    }
}
