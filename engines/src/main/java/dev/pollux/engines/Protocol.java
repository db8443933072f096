package dev.pollux.engines;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The code of one connection: it is told what happened, and answers through its [Transport].
///
/// A protocol never does I/O and never blocks, so the same protocol runs on every
/// [IoModel][dev.pollux.engines.models.IoModel]. One object serves one connection. All its methods
/// are called by one thread at a time: the connection's loop; or, in the blocking models, its own
/// thread for what comes in and the engine's errand thread for what else happens, never both at
/// once. So a protocol needs no lock for its own state.
///
/// The order of calls is always: [#connected] once; any number of [#received], [#writable], [#eof]
/// (at most once, and nothing is received after it; but again and again at an adopted terminal, see
/// [Engine#adopt]), [#stopping] (at most once); then [#disconnected] exactly once, and nothing
/// after it.
///
/// A method that throws ends its own connection with a reset; the engine's [EngineObserver] is
/// told, and no other connection notices.
///
/// The threads belong to the engine: nobody ends them by an interrupt. An interrupt status that a
/// method leaves behind is cleared, so that it reaches no other connection's protocol.
public interface Protocol {
    /// The connection is open. The transport is valid until [#disconnected], for this protocol
    /// alone.
    ///
    /// @param transport what this protocol talks through
    void connected(Transport transport);

    /// Bytes have arrived. What the protocol leaves unread is kept and offered again in front of
    /// what follows; [Limits#inputBytesMax()] bounds it.
    ///
    /// What lies behind the position when this returns is what it leaves; the limit must be what it
    /// was. A protocol that has moved the limit (by `clear`, `flip` or `compact`, say) has failed,
    /// as if it had thrown.
    ///
    /// The buffer is a window on memory of the engine's that all connections share, so it is valid
    /// during this call only. Behind it the buffer is made empty; but what was made of it (a slice,
    /// a duplicate, a `MemorySegment`) sees other connections' input from then on, and once the
    /// engine has given the memory back any access to it may end the JVM. What is to be kept is
    /// copied.
    ///
    /// @param bytes the bytes in order, never empty, from position 0 to the limit; a direct buffer,
    ///   big-endian
    void received(ByteBuffer bytes);

    /// The peer has finished sending (it closed, or half-closed). What was left unread is lost
    /// after this call.
    ///
    /// @return true to keep the sending half open (the protocol closes it later), false (the
    ///   default) to close after what is queued has been sent
    default boolean eof() {
        return false;
    }

    /// The outbound queue fell below the low mark after it had been above the high mark.
    default void writable() {}

    /// The engine is stopping: no more connections are accepted, and this one is to come to an end.
    ///
    /// @return true when the protocol closes the transport by itself before the deadline, false
    ///   (the default) to close after what is queued has been sent
    default boolean stopping() {
        return false;
    }

    /// The connection is over; the transport does nothing any more.
    ///
    /// @param cause null when it ended in order (either side closed), else why: an
    ///   [dev.pollux.libc.ErrnoException] of the failing call, or a [DisconnectedException] with
    ///   the engine's reason
    default void disconnected(@Nullable IOException cause) {}
}
