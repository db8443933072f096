package dev.pollux.engines.loop;

import dev.pollux.libc.ErrnoException;
import java.io.IOException;

/// What drives a [Loop]: how it waits, and how its connections come by their input and get rid of
/// their output. `ReadinessDriver` is told what is ready and then receives and sends by itself; a
/// completion driver is told what has been received and sent.
///
/// Belongs to the loop's thread, but for [#wakeup()].
public interface Driver {
    /// Makes the drivers of an engine's loops.
    @FunctionalInterface
    interface Opening {
        /// {@return a new driver}
        ///
        /// @throws IOException when there is no descriptor or memory for it
        Driver open(Loop loop) throws IOException;
    }

    /// Begins, on the loop's thread, before the first turn.
    ///
    /// @throws ErrnoException when the loop cannot run
    void begin() throws ErrnoException;

    /// Waits until something has happened, and serves it: each event is first told to
    /// [Loop#eventCame()], then to its connection.
    ///
    /// @param timeoutNanos the longest wait; 0: only look, negative: without end
    /// @throws ErrnoException when the loop can wait no more
    void await(long timeoutNanos) throws ErrnoException;

    /// Ends the wait that is going on, or the next one; any thread, at any time.
    void wakeup();

    /// A connection of this loop begins.
    void opened(Connection connection);

    /// Changes what is wanted of a connection.
    ///
    /// @param connection which
    /// @param known what is wanted until now, 0 when the driver does not know it
    /// @param wanted what is wanted from now on: input as `Selector.READ`, to be told when output
    ///   is possible again as `Selector.WRITE`, or 0
    /// @throws ErrnoException when the kernel refuses
    /// @param edge whether it is served edge-triggered: everything is told, once
    void watch(Connection connection, int known, int wanted, boolean edge) throws ErrnoException;

    /// Forgets a connection that has been watched, and is about to be closed.
    void forget(Connection connection);

    /// Makes the kernel decide now about what was sent with `Wire.PENDING`, as far as it can.
    void sendPending();

    /// {@return how often events were lost, and everything was asked for instead; any thread}
    default long overflows() {
        return 0;
    }

    /// Gives everything back.
    void close();
}
