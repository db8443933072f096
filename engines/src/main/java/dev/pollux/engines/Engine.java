package dev.pollux.engines;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Supplier;

/// Runs [Protocol]s on one I/O model: it listens, accepts, receives, sends and keeps the limits.
///
/// ```java
/// try (Engine engine = IoModel.EPOLL.open(Limits.DEFAULT)) {
///     Listener door = engine.listen(new InetSocketAddress("127.0.0.1", 9999), EchoProtocol::new);
///     engine.awaitStop();
/// }
/// ```
///
/// All methods may be called from any thread. The engine's threads are not daemons: a process lives
/// until its engine has stopped.
///
/// **Failures.** Whatever a protocol or its supplier throws, errors and the want of memory
/// included, costs one connection; a newcomer that cannot be accepted costs itself; a door that
/// cannot accept tries again. What nobody can survive, as a loop that can wait no more, ends the
/// engine as a whole and at once: the doors close, all connections are reset
/// ([DisconnectedException.Reason#STOPPED]), the [EngineObserver] is told, and [#awaitStop()]
/// fails.
public interface Engine extends AutoCloseable {
    /// {@return the name of the model it runs on,
    /// [IoModel#label()][dev.pollux.engines.models.IoModel#label()]}
    String name();

    /// Opens a door. On its TCP connections `SO_KEEPALIVE` is on: a peer that has vanished without
    /// a word is found out by the kernel, after 8 minutes of silence on the models over descriptors
    /// and after the time of `tcp_keepalive_time`, 2 hours as a rule, on those over the JDK's
    /// channels (`nio`, `nio2`, `blocking-virtual`).
    ///
    /// @param address an IPv4 or IPv6 address (port 0: the kernel chooses), or a
    ///   [java.net.UnixDomainSocketAddress], whose file is removed when the door closes, if it is
    ///   still its own
    /// @param protocols makes the protocol of each accepted connection; called on the engine's
    ///   threads
    /// @return the open door
    /// @throws IOException when the address cannot be had, with the errno and the call where the
    ///   model is not over the JDK's channels, or the system gives no thread or memory that it
    ///   needs
    /// @throws IllegalStateException when the engine stops or has stopped
    /// @throws UnsupportedOperationException for a Unix domain socket on a model that has none
    ///   (`nio2`)
    Listener listen(SocketAddress address, Supplier<? extends Protocol> protocols)
            throws IOException;

    /// Runs a protocol on a descriptor that is already open: the terminal, a pipe, a redirected
    /// file. Its blocking flag, which it may share with other processes, stays as it is. The engine
    /// does not close it.
    ///
    /// Nobody waits for it: it is read when the mechanism reports it ready, and written as far as
    /// there is room. (Where several processes read one pipe, or write to one, a faster one may
    /// come in between; then the engine waits for the next byte, or the next room.)
    ///
    /// A terminal is opened once more, with a flag of the engine's own. As long as a shell runs
    /// this process in the background it is not read, and the process is not stopped for wanting
    /// to. Its end of input, Ctrl-D, is not final: after [Protocol#eof()] has returned true, what
    /// is typed next is received.
    ///
    /// @param fd the descriptor, 0 for standard input
    /// @param protocol what is told of its input
    /// @throws IOException when the descriptor is closed (EBADF), or the system gives no thread or
    ///   descriptor that it needs
    /// @throws IllegalStateException when the engine stops or has stopped
    /// @throws UnsupportedOperationException on a model that cannot wait for a bare descriptor
    ///   (`nio`, `nio2`)
    void adopt(int fd, Protocol protocol) throws IOException;

    /// {@return a new, empty group of this engine's transports}
    Group group();

    /// {@return what has been done so far}
    EngineStatistics statistics();

    /// Stops: closes the doors, tells every protocol ([Protocol#stopping()]), flushes what is
    /// queued, resets what has not finished at the deadline, and closes every descriptor. Returns
    /// when the engine's threads have ended, also when the engine has failed; called on one of them
    /// it only begins. Idempotent.
    ///
    /// @param deadline how long connections may take to finish; what 64 bits of nanoseconds do not
    ///   hold, as `ChronoUnit.FOREVER`, is no end
    void stop(Duration deadline);

    /// Waits until the engine has stopped.
    ///
    /// @throws IOException when nobody has stopped it, but it has failed; its cause is what failed
    /// @throws InterruptedException when the waiting thread is interrupted
    void awaitStop() throws IOException, InterruptedException;

    /// Stops with the deadline of [Limits#stopTimeout()].
    @Override
    void close();
}
