package dev.pollux.engines.blocking;

import dev.pollux.engines.DisconnectedException;
import dev.pollux.engines.Limits;
import dev.pollux.engines.io.BlockingWire;
import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;

/// The receiving half of one connection of a blocking engine: its thread sleeps until bytes come,
/// offers them to the protocol, and keeps what the protocol leaves unread.
///
/// Belongs to the connection's own thread, but for [#offerUnread()].
final class BlockingReceiver {
    private final BlockingConnection connection;
    private final BlockingWire wire;
    private final Lifecycle lifecycle;
    private final Strand strand;
    private final Limits limits;
    private final Reception reception;

    /// How many bytes of what is unread are counted. Others read it as a hint only.
    private int counted;

    BlockingReceiver(
            BlockingConnection connection,
            BlockingWire wire,
            Lifecycle lifecycle,
            Strand strand,
            Limits limits) {
        this.connection = connection;
        this.wire = wire;
        this.lifecycle = lifecycle;
        this.strand = strand;
        this.limits = limits;
        this.reception = new Reception(limits.receiveBufferBytes(), connection);
    }

    /// Receives until there is nothing more to come, or nothing that matters.
    void run() {
        while (lifecycle.awaitInput()) {
            if (lifecycle.is(Lifecycle.OFFER_DUE)) {
                strand.run(this::offerUnread);
            } else if (lifecycle.is(Lifecycle.END_KEPT)) {
                strand.run(this::peerEnded);
            } else {
                receive();
            }
        }
    }

    private void receive() {
        int room = reception.room();
        if (room == 0) {
            strand.run(this::makeRoom);
            return;
        }
        int received = wire.receiveSleeping(reception.address(), room);
        connection.inputCame(Math.max(received, 0));
        if (received > 0) {
            strand.take();
            try {
                take(received);
            } finally {
                strand.giveBack();
            }
        } else if (received == 0) {
            strand.run(this::peerEnded);
        } else if (received != -Errno.EINTR) {
            connection.fail(new ErrnoException(-received, "recv", wire.fd()));
        }
    }

    /// Another thread is just offering what takes it, or nobody will take it any more.
    private void makeRoom() {
        if (!lifecycle.isOpen()) {
            forget();
        }
    }

    private void forget() {
        reception.forget();
        count();
    }

    /// {@return how many bytes are kept for the protocol}
    int unread() {
        return counted;
    }

    /// Counts what is unread now.
    private void count() {
        int more = reception.unread() - counted;
        if (more != 0) {
            counted += more;
            connection.engine().holdings().count(more);
        }
    }

    private void take(int received) {
        if (!lifecycle.isOpen()) {
            forget();
            return;
        }
        if (lifecycle.is(Lifecycle.PAUSED)) {
            reception.keep(received);
            count();
        } else {
            offer(received);
        }
    }

    /// Reading was resumed: offers what was left unread. The caller has the turn.
    void offerUnread() {
        if (!lifecycle.isOpen()) {
            lifecycle.drop(Lifecycle.OFFER_DUE);
        } else if (lifecycle.is(Lifecycle.OFFER_DUE) && !lifecycle.is(Lifecycle.PAUSED)) {
            offer(0);
        }
    }

    /// A paused protocol may leave a whole buffer; one that wants more must take what there is.
    private void offer(int received) {
        lifecycle.drop(Lifecycle.OFFER_DUE);
        if (reception.unread() + received == 0) {
            return;
        }
        int left = reception.offer(received);
        count();
        if (left > limits.inputBytesMax() && !lifecycle.is(Lifecycle.PAUSED)) {
            connection.fail(
                    new DisconnectedException(DisconnectedException.Reason.INPUT_TOO_LARGE));
        }
    }

    private void peerEnded() {
        if (lifecycle.isOpen() && lifecycle.is(Lifecycle.PAUSED)) {
            lifecycle.note(Lifecycle.END_KEPT);
            return;
        }
        forget();
        if (wire.isEndFinal() || !lifecycle.isOpen()) {
            lifecycle.note(Lifecycle.ENDED);
        }
        if (lifecycle.isOpen()) {
            connection.tellEof();
        }
        connection.flush(); // It may have been closed, and have nothing to send, for long.
    }

    /// Gives the memory back.
    void free() {
        reception.free();
        count();
    }
}
