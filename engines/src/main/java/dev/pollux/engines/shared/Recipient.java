package dev.pollux.engines.shared;

import static java.util.Objects.requireNonNull;

import dev.pollux.engines.Protocol;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Whose protocol is called: a connection, of whatever model. What the protocol throws costs that
/// connection, and nobody else notices.
///
/// What is offered lies in memory that other connections' input will lie in, so what the protocol
/// does to the buffer is judged as soon as it returns, here and nowhere else.
public interface Recipient {
    Protocol protocol();

    /// Ends the connection, as something has failed, and tells of it. Throws nothing.
    ///
    /// @param what what has failed
    /// @param e what was thrown
    void failed(String what, Throwable e);

    /// {@return the protocol of a new connection}
    static Protocol of(Supplier<? extends Protocol> protocols) {
        try {
            return requireNonNull(protocols.get(), "the supplier gave null");
        } finally {
            Thread.interrupted();
        }
    }

    /// Runs what calls the protocol.
    static void call(Recipient to, Runnable callback) {
        try {
            callback.run();
        } catch (Throwable e) {
            protocolThrew(to, e);
        }
        Thread.interrupted();
    }

    /// Tells the protocol of the end, which may come for want of memory: it takes none.
    static void tellDisconnected(Recipient to, @Nullable IOException cause) {
        try {
            to.protocol().disconnected(cause);
        } catch (Throwable e) {
            protocolThrew(to, e);
        }
        Thread.interrupted();
    }

    private static void protocolThrew(Recipient to, Throwable e) {
        to.failed("a protocol failed, its connection is reset", e);
    }

    /// Offers bytes to the protocol. Behind this the buffer is empty, so that a protocol which has
    /// kept it finds nothing there.
    ///
    /// @param bytes what to offer, from position 0 to its limit
    /// @return how many of them, the last ones, the protocol has left unread; 0 when it has failed
    static int offer(Recipient to, ByteBuffer bytes) {
        int size = bytes.limit();
        int left = 0;
        bytes.order(ByteOrder.BIG_ENDIAN); // As it is new to this protocol.
        try {
            to.protocol().received(bytes);
            requireWithin(size, bytes);
            left = bytes.remaining();
        } catch (Throwable e) {
            protocolThrew(to, e);
        }
        Thread.interrupted();
        bytes.limit(0);
        return left;
    }

    /// A position is never below 0 nor behind the limit: the limit alone can be wrong.
    private static void requireWithin(int size, ByteBuffer bytes) {
        if (bytes.limit() != size) {
            throw new IllegalStateException(
                    "received() was offered "
                            + size
                            + " bytes, and left position "
                            + bytes.position()
                            + " and limit "
                            + bytes.limit()
                            + ": what is left unread begins at the position, and the limit stays");
        }
    }
}
