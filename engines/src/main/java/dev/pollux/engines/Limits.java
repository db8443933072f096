package dev.pollux.engines;

import java.time.Duration;

/// Everything an engine bounds. One immutable value, defaults in one place; change a part with the
/// `with` methods. A time that 64 bits of nanoseconds do not hold, as `ChronoUnit.FOREVER`, has no
/// end.
///
/// @param connectionsMax accepted connections; at the limit accepting stops until one ends. Default
///   1,000,000: in effect the process's descriptor limit, see
///   [IoModel#connectionsMost()][dev.pollux.engines.models.IoModel#connectionsMost()]
/// @param backlog connections that wait in the kernel to be accepted
/// @param receiveBufferBytes the most that one receive takes, at most 512 MiB. One such buffer per
///   loop, none per connection; but in the blocking models two for each connection, which take
///   memory as far as they have been used, and in `nio2` one of 2 KiB for each connection, and
///   another of up to 64 KiB while its reads fill what they are given; all beside `memoryBytesMax`
/// @param inputBytesMax the most a protocol may leave unread; never more than `receiveBufferBytes`
/// @param outboundLowMark queued bytes below which [Protocol#writable()] is called
/// @param outboundHighMark queued bytes above which a polite producer waits
/// @param outboundBytesMax what queued bytes may cost, above which a connection is cut off: the
///   bytes, and 128 for each piece of memory they wait in (of 8 KiB, or shared with other
///   connections). The peer is asked before it is judged; but in `blocking-virtual`, where the JDK
///   hides the socket, one that has just taken everything may be cut off before its thread has
///   woken, and so is whoever is written more at once
/// @param memoryBytesMax what all connections of an engine may hold together: what is queued for
///   their peers, in the memory it takes, and input left unread. Above it those that hold the most
///   are cut off until an eighth is free. Default: a quarter of the largest heap, which by default
///   is a quarter of the machine or its container. Nearly all of it lies outside the heap, so this
///   much comes on top of the heap; what objects go with it, and what protocols collect themselves,
///   finds room in the rest
/// @param idleTimeout a connection that receives nothing for so long is cut off, never early and at
///   most 4 % (and 10 ms) late; zero: never
/// @param writeTimeout a peer that takes nothing of what waits for it, neither of the queue nor of
///   what the kernel holds, for so long is cut off, never early and at most a quarter late; zero:
///   never. In `nio2` and `blocking-virtual`, where the JDK hides the socket, only what the kernel
///   takes from the queue is seen
/// @param lingerTimeout how long a closed connection waits for the peer's end before it is cut
/// @param stopTimeout how long [Engine#close()] lets connections finish
public record Limits(
        int connectionsMax,
        int backlog,
        int receiveBufferBytes,
        int inputBytesMax,
        int outboundLowMark,
        int outboundHighMark,
        int outboundBytesMax,
        long memoryBytesMax,
        Duration idleTimeout,
        Duration writeTimeout,
        Duration lingerTimeout,
        Duration stopTimeout) {

    /// What servers get unless told otherwise.
    public static final Limits DEFAULT =
            new Limits(
                    1_000_000,
                    4096,
                    64 * 1024,
                    32 * 1024,
                    32 * 1024,
                    128 * 1024,
                    4 * 1024 * 1024,
                    Runtime.getRuntime().maxMemory() / 4,
                    Duration.ZERO,
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(5));

    /// Two of them fit into one buffer.
    private static final int RECEIVE_BYTES_MOST = 1 << 29;

    /// What an `int` still holds together with what one write adds.
    private static final int OUTBOUND_BYTES_MOST = 1 << 30;

    /// Checks that the parts fit together.
    ///
    /// @throws IllegalArgumentException when they do not, naming the part
    public Limits {
        require(connectionsMax > 0, "connectionsMax must be positive");
        require(backlog > 0, "backlog must be positive");
        require(receiveBufferBytes >= 1024, "receiveBufferBytes must be at least 1024");
        require(
                receiveBufferBytes <= RECEIVE_BYTES_MOST,
                "receiveBufferBytes must be at most 512 MiB");
        require(
                inputBytesMax > 0 && inputBytesMax < receiveBufferBytes,
                "inputBytesMax must be positive and below receiveBufferBytes");
        require(
                outboundLowMark > 0
                        && outboundLowMark <= outboundHighMark
                        && outboundHighMark <= outboundBytesMax,
                "outbound marks must be positive and rise: low <= high <= max");
        require(outboundBytesMax <= OUTBOUND_BYTES_MOST, "outboundBytesMax must be at most 1 GiB");
        require(memoryBytesMax > 0, "memoryBytesMax must be positive");
        require(
                !idleTimeout.isNegative()
                        && !writeTimeout.isNegative()
                        && !lingerTimeout.isNegative()
                        && !stopTimeout.isNegative(),
                "timeouts must not be negative");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /// {@return these limits with another `connectionsMax`}
    ///
    /// @param connectionsMax the new value
    public Limits withConnectionsMax(int connectionsMax) {
        return new Limits(
                connectionsMax,
                backlog,
                receiveBufferBytes,
                inputBytesMax,
                outboundLowMark,
                outboundHighMark,
                outboundBytesMax,
                memoryBytesMax,
                idleTimeout,
                writeTimeout,
                lingerTimeout,
                stopTimeout);
    }

    /// {@return these limits with other bounds on queued output, in bytes}
    ///
    /// @param low the low mark
    /// @param high the high mark
    /// @param max the hard limit
    public Limits withOutbound(int low, int high, int max) {
        return new Limits(
                connectionsMax,
                backlog,
                receiveBufferBytes,
                inputBytesMax,
                low,
                high,
                max,
                memoryBytesMax,
                idleTimeout,
                writeTimeout,
                lingerTimeout,
                stopTimeout);
    }

    /// {@return these limits with another `memoryBytesMax`}
    ///
    /// @param memoryBytesMax the new value, in bytes
    public Limits withMemory(long memoryBytesMax) {
        return new Limits(
                connectionsMax,
                backlog,
                receiveBufferBytes,
                inputBytesMax,
                outboundLowMark,
                outboundHighMark,
                outboundBytesMax,
                memoryBytesMax,
                idleTimeout,
                writeTimeout,
                lingerTimeout,
                stopTimeout);
    }

    /// {@return these limits with other bounds on input, in bytes}
    ///
    /// @param receiveBufferBytes the new receive buffer size
    /// @param inputBytesMax the most a protocol may leave unread
    public Limits withInput(int receiveBufferBytes, int inputBytesMax) {
        return new Limits(
                connectionsMax,
                backlog,
                receiveBufferBytes,
                inputBytesMax,
                outboundLowMark,
                outboundHighMark,
                outboundBytesMax,
                memoryBytesMax,
                idleTimeout,
                writeTimeout,
                lingerTimeout,
                stopTimeout);
    }

    /// {@return these limits with other timeouts}
    ///
    /// @param idle the idle timeout, zero for none
    /// @param write the write timeout, zero for none
    /// @param linger the linger timeout
    /// @param stop the stop timeout
    public Limits withTimeouts(Duration idle, Duration write, Duration linger, Duration stop) {
        return new Limits(
                connectionsMax,
                backlog,
                receiveBufferBytes,
                inputBytesMax,
                outboundLowMark,
                outboundHighMark,
                outboundBytesMax,
                memoryBytesMax,
                idle,
                write,
                linger,
                stop);
    }
}
