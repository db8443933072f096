package dev.pollux.app;

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
final class Conversation {
    private static final int STANDARD_INPUT = 0;
    private static final int STANDARD_OUTPUT = 1;

    private final Selector<Void> selector;
    private final int socket;
    private final Consumer<String> note;
    private boolean finished;

    Conversation(Selector<Void> selector, int socket, Consumer<String> note) {
        this.selector = selector;
        this.socket = socket;
        this.note = note;
    }

    /// Goes on until the peer has finished.
    ///
    /// @throws IOException when the peer is cut off, or standard output is
    void run() throws IOException {
        try (var up = new Relay(STANDARD_INPUT, socket);
                var down = new Relay(socket, STANDARD_OUTPUT)) {
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
        watch(STANDARD_INPUT, up.wantsInput() ? Selector.READ : 0);
        watch(STANDARD_OUTPUT, down.hasOutput() ? Selector.WRITE : 0);
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
            if (fd == STANDARD_INPUT) {
                send(up, readable);
            } else if (fd == STANDARD_OUTPUT) {
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
