package dev.pollux.engines.blocking;

import dev.pollux.engines.io.BlockingWire;
import dev.pollux.engines.shared.Stage;
import dev.pollux.engines.shared.Uninterrupted;
import dev.pollux.libc.Errno;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The [Stage] of a [BlockingConnection]'s life, and whether its thread is to receive: where it is
/// not, that thread waits here.
///
/// The monitor of this object guards it, and the wire's end: nobody wakes, resets or shuts a wire
/// that is closed already. Anyone may ask.
final class Lifecycle {
    /// The protocol has been told that the engine stops.
    static final int STOPPING = 1 << 5;

    /// The peer has finished sending.
    static final int ENDED = 1 << 6;

    /// The protocol wants no input.
    static final int PAUSED = 1 << 7;

    /// It wants input again, first of all what it left unread.
    static final int OFFER_DUE = 1 << 8;

    /// The end of input has come while none was wanted.
    static final int END_KEPT = 1 << 9;

    private final BlockingWire wire;

    /// Of [Stage], and those above. Changed under the monitor.
    private volatile int flags;

    /// Why it failed; null for an orderly end.
    private @Nullable IOException cause;

    Lifecycle(BlockingWire wire) {
        this.wire = wire;
    }

    boolean is(int flag) {
        return (flags & flag) != 0;
    }

    boolean isOpen() {
        return Stage.isOpen(flags);
    }

    /// {@return whether it has been closed, and the sending half is still to be shut}
    boolean isToBeShut() {
        return (flags & (Stage.CLOSING | Stage.LINGERING | Stage.FAILING | Stage.OVER))
                == Stage.CLOSING;
    }

    synchronized @Nullable IOException cause() {
        return cause;
    }

    /// Takes note of something.
    ///
    /// @return false when it was known already
    synchronized boolean note(int flag) {
        boolean isNews = !is(flag);
        flags |= flag;
        notifyAll();
        return isNews;
    }

    /// Takes a note back.
    ///
    /// @return false when there was none
    synchronized boolean drop(int flag) {
        boolean was = is(flag);
        flags &= ~flag;
        return was;
    }

    /// {@return whether it was open until now}
    synchronized boolean close() {
        return isOpen() && note(Stage.CLOSING);
    }

    /// {@return whether it was paused until now}
    synchronized boolean resume() {
        return drop(PAUSED) && note(OFFER_DUE);
    }

    /// Everything was sent: shuts the sending half.
    ///
    /// @return whether the peer's end is to be waited for
    synchronized boolean shut() {
        if (is(Stage.FAILING | Stage.OVER)) {
            return false;
        }
        if (is(ENDED | END_KEPT) || !wire.shutdownOutput()) {
            fail(null);
            return false;
        }
        drop(PAUSED | OFFER_DUE);
        note(Stage.LINGERING);
        return true;
    }

    /// Marks it for its end, and wakes the threads that sleep in its wire. The first reason counts,
    /// and none does once the protocol was told.
    ///
    /// @param reason why the peer gets a reset; null for an end that is none
    /// @return false when it was marked before
    synchronized boolean fail(@Nullable IOException reason) {
        if (is(Stage.FAILING | Stage.OVER)) {
            return false;
        }
        note(Stage.FAILING);
        if (reason == null || is(Stage.TOLD)) {
            wire.wake();
        } else {
            cause = reason;
            wire.reset();
        }
        return true;
    }

    /// {@return how much of what was sent the peer has not taken yet; or `-errno` when that is not
    /// known}
    synchronized int untaken() {
        return is(Stage.OVER) ? -Errno.EBADF : wire.untaken();
    }

    /// {@return whether the wire has room by now}
    synchronized boolean hasRoom() {
        return !is(Stage.OVER) && wire.hasRoom();
    }

    /// Closes the wire.
    synchronized void end() {
        note(Stage.OVER);
        wire.close();
    }

    /// Waits until the own thread has something to do about input.
    ///
    /// @return false when there is none to come, or none that matters: it is to end
    synchronized boolean awaitInput() {
        if (!isWanted() && !isDone()) { // Rare, so that as a rule nothing is allocated.
            Uninterrupted.await(this::awaitNews);
        }
        return !isDone();
    }

    private synchronized void awaitNews() throws InterruptedException {
        while (!isWanted() && !isDone()) {
            wait();
        }
    }

    private boolean isDone() {
        return is(Stage.FAILING) || (is(ENDED) && is(Stage.LINGERING));
    }

    private boolean isWanted() {
        return !is(ENDED) && (is(Stage.LINGERING) || !is(PAUSED));
    }
}
