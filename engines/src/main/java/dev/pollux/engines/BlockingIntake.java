package dev.pollux.engines;

import dev.pollux.libc.Errno;
import dev.pollux.libc.ErrnoException;

/// The receiving half of one connection of a blocking engine: its thread sleeps until bytes come,
/// offers them to the protocol, and keeps what the protocol leaves unread.
///
/// Belongs to the connection's own thread, but for [#offerUnread()].
final class BlockingIntake {
    private final BlockingConnection connection;
    private final BlockingWire wire;
    private final Life life;
    private final Turn turn;
    private final Limits limits;
    private final Reception reception;

    /// How many bytes of what is unread are counted. Others read it as a hint only.
    private int counted;

    BlockingIntake(
            BlockingConnection connection, BlockingWire wire, Life life, Turn turn, Limits limits) {
        this.connection = connection;
        this.wire = wire;
        this.life = life;
        this.turn = turn;
        this.limits = limits;
        this.reception = new Reception(limits.receiveBufferBytes(), connection);
    }

    /// Receives until there is nothing more to come, or nothing that matters.
    void run() {
        while (life.awaitInput()) {
            if (life.is(Life.OFFER_DUE)) {
                turn.run(this::offerUnread);
            } else if (life.is(Life.END_KEPT)) {
                turn.run(this::peerEnded);
            } else {
                receive();
            }
        }
    }

    private void receive() {
        int room = reception.room();
        if (room == 0) {
            turn.run(this::makeRoom);
            return;
        }
        int received = wire.receive(reception.address(), room);
        connection.inputCame(Math.max(received, 0));
        if (received > 0) {
            turn.take();
            try {
                take(received);
            } finally {
                turn.giveBack();
            }
        } else if (received == 0) {
            turn.run(this::peerEnded);
        } else if (received != -Errno.EINTR) {
            connection.fail(new ErrnoException(-received, "recv", wire.fd()));
        }
    }

    /// Another thread is just offering what takes it, or nobody will take it any more.
    private void makeRoom() {
        if (!life.isOpen()) {
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
        if (!life.isOpen()) {
            forget();
            return;
        }
        if (life.is(Life.PAUSED)) {
            reception.keep(received);
            count();
        } else {
            offer(received);
        }
    }

    /// Reading was resumed: offers what was left unread. The caller has the turn.
    void offerUnread() {
        if (!life.isOpen()) {
            life.drop(Life.OFFER_DUE);
        } else if (life.is(Life.OFFER_DUE) && !life.is(Life.PAUSED)) {
            offer(0);
        }
    }

    /// A paused protocol may leave a whole buffer; one that wants more must take what there is.
    private void offer(int received) {
        life.drop(Life.OFFER_DUE);
        if (reception.unread() + received == 0) {
            return;
        }
        int left = reception.offer(received);
        count();
        if (left > limits.inputBytesMax() && !life.is(Life.PAUSED)) {
            connection.fail(
                    new DisconnectedException(DisconnectedException.Reason.INPUT_TOO_LARGE));
        }
    }

    private void peerEnded() {
        if (life.isOpen() && life.is(Life.PAUSED)) {
            life.note(Life.END_KEPT);
            return;
        }
        forget();
        if (wire.isEndFinal() || !life.isOpen()) {
            life.note(Life.ENDED);
        }
        if (life.isOpen()) {
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
