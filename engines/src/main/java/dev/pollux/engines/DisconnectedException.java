package dev.pollux.engines;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/// Why the engine itself ended a connection.
public final class DisconnectedException extends IOException {
    private static final long serialVersionUID = 1;

    /// The engine's reasons.
    public enum Reason {
        /// More bytes were waiting for the peer than [Limits#outboundBytesMax()].
        SLOW_RECEIVER("the peer does not read fast enough"),
        /// All connections of the engine held more than [Limits#memoryBytesMax()], and this one was
        /// one of those that held the most.
        OVER_BUDGET("all connections together hold too much, and this one holds the most"),
        /// The protocol left more unread than [Limits#inputBytesMax()].
        INPUT_TOO_LARGE("more input than the protocol can take"),
        /// Nothing was received for [Limits#idleTimeout()].
        IDLE("nothing received in time"),
        /// The peer took no byte of what is queued for [Limits#writeTimeout()].
        WRITE_STALLED("the peer took nothing in time"),
        /// The engine stopped and the connection did not finish before the deadline; or the engine
        /// has failed.
        STOPPED("the engine stopped"),
        /// [Transport#abort()] was called, or the protocol threw, or what the engine does for the
        /// connection failed.
        ABORTED("aborted");

        private final String text;

        Reason(String text) {
            this.text = text;
        }
    }

    /// Shared by those for whom there was no memory.
    private static final Map<Reason, DisconnectedException> SPARES = spares();

    /// Why.
    private final Reason reason;

    /// Creates the exception, without a stack trace: it says what happened, not where.
    ///
    /// @param reason why
    public DisconnectedException(Reason reason) {
        super(reason.text);
        this.reason = reason;
    }

    /// {@return one for a reason, also where there is no memory for one}
    ///
    /// @param reason why
    public static DisconnectedException of(Reason reason) {
        try {
            return new DisconnectedException(reason);
        } catch (OutOfMemoryError _) {
            return Objects.requireNonNull(SPARES.get(reason));
        }
    }

    private static Map<Reason, DisconnectedException> spares() {
        var spares = new EnumMap<Reason, DisconnectedException>(Reason.class);
        for (Reason reason : Reason.values()) {
            spares.put(reason, new DisconnectedException(reason));
        }
        return spares;
    }

    /// {@return why}
    public Reason reason() {
        return reason;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
